import { Option, type Command } from 'commander';
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
export const seed = () => number('seed', { min: 0, max: 2 ** 32 - 1, whole: true });

/** Flags that every command with a model takes. */
export function withModel(command: Command): Command {
  return command
    .option('--model <dir>', 'checkpoint folder', SHIPPED)
    .addOption(new Option('--backend <name>', 'what runs the model').choices(['wasm', 'cpu']).default('wasm'))
    .option('--seed <n>', 'seed of everything that is drawn', seed(), 1)
    .option('--json', 'print one JSON object and nothing else');
}
