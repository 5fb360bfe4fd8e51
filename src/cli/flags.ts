import { Option, type Command } from 'commander';
import { TRUE_WEIGHTS, VALUE_NAMES, type TrueWeights, type Values } from '../world/values.ts';
import { InputError } from './output.ts';
import { SHIPPED } from './model.ts';

/** A number flag; out of range or not a number is bad input. */
export function number(name: string, { min = -Infinity, max = Infinity, whole = false } = {}) {
  return (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    const kind = whole ? 'a whole number' : 'a number';
    if (!Number.isFinite(value) || value < min || value > max || (whole && !Number.isInteger(value)))
      throw new InputError(`--${name} should be ${kind}${range(min, max)}, not "${text}"`);
    return value;
  };
}

function range(min: number, max: number): string {
  if (Number.isFinite(min) && Number.isFinite(max)) return ` from ${min} to ${max}`;
  return Number.isFinite(min) ? ` of at least ${min}` : '';
}

export const count = (name: string, min = 1, max = 1_000_000) => number(name, { min, max, whole: true });

const MOST_SEED = 2 ** 32 - 1;
export const seed = () => number('seed', { min: 0, max: MOST_SEED, whole: true });

/** Of a weight of w*. */
const MOST_WEIGHT = 100;

/** More would not fit into the name of a folder. */
const MOST_SEEDS = 20;

/** Seeds separated by commas. */
export function seeds(text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  const list = parts.map(Number);
  const wrong = parts.find((part, i) => !/^\d+$/.test(part) || list[i] > MOST_SEED);
  if (wrong !== undefined)
    throw new InputError(
      `--seeds should be whole numbers from 0 to ${MOST_SEED} separated by commas, such as 11,12,13; "${wrong}" is none`,
    );
  const twice = list.find((one, i) => list.indexOf(one) < i);
  if (twice !== undefined) throw new InputError(`--seeds has ${twice} more than once`);
  if (list.length > MOST_SEEDS)
    throw new InputError(`--seeds has ${list.length} seeds; ${MOST_SEEDS} at most`);
  return list;
}

/** By what a command judges: one of both must be given, which `askedBy` sees to. */
export function withConstitution(command: Command): Command {
  return command
    .option('--constitution <text>', 'principles joined by "and" or commas')
    .addOption(new Option('--none', 'no principle: just good or bad').conflicts(['constitution', 'weights']));
}

/** w* as a flag: a weight of each of the six values, in their order. */
function trueWeights(text: string): TrueWeights {
  const parts = text.split(',');
  const numbers = parts.map((part) => (part.trim() === '' ? NaN : Number(part)));
  const wrong = parts.find((_, i) => !(Math.abs(numbers[i]) <= MOST_WEIGHT));
  if (parts.length !== VALUE_NAMES.length || wrong !== undefined || numbers.every((weight) => weight === 0))
    throw new InputError(
      `--true-weights should be six numbers from -${MOST_WEIGHT} to ${MOST_WEIGHT} separated by commas, not all 0, for ` +
        `${VALUE_NAMES.join(', ')}, not "${text}"`,
    );
  return Object.fromEntries(VALUE_NAMES.map((name, i) => [name, numbers[i]])) as Values;
}

export interface TrueWeightsFlag {
  trueWeights: TrueWeights;
}

/** A flag for what counts as good. */
export function withTrueWeights(command: Command): Command {
  return command.addOption(
    new Option('--true-weights <list>', `what counts as good: weights of ${VALUE_NAMES.join(', ')}`)
      .argParser(trueWeights)
      .default(TRUE_WEIGHTS, Object.values(TRUE_WEIGHTS).join()),
  );
}

/** Flags that every command with a model takes. */
export function withModel(command: Command): Command {
  return command
    .option('--model <dir>', 'checkpoint folder, or the name or id of a shipped model', SHIPPED)
    .addOption(new Option('--backend <name>', 'what runs the model').choices(['wasm', 'cpu']).default('wasm'))
    .option('--seed <n>', 'seed of everything that is drawn', seed(), 1)
    .option('--json', 'print one JSON object and nothing else');
}

/** One of several machines that share a list of work. */
export interface Shard {
  /** 1 … of. */
  index: number;
  of: number;
}

/** A shard as "i/n". */
export function shard(text: string): Shard {
  const [index, of] = /^\d+\/\d+$/.test(text) ? text.split('/').map(Number) : [0, 0];
  if (!(index >= 1 && index <= of))
    throw new InputError(`--shard should be i/n with i from 1 to n, not "${text}"`);
  return { index, of };
}
