import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Command } from 'commander';
import { chooseBackend } from '../../kernels/index.ts';
import { roundWeights } from '../../model/checkpoint.ts';
import { configOf, MODEL_KNOBS } from '../../model/config.ts';
import { parameterCount } from '../../model/parameters.ts';
import { pretrain, type PretrainConfig, type PretrainState } from '../../train/pretrain.ts';
import { PRETRAINING, scaleSteps, totalSteps } from '../../train/schedule.ts';
import { WORLD_KNOBS, worldWith, type WorldKnobs } from '../../world/knobs.ts';
import { VOCABULARY } from '../../world/tokenizer.ts';
import { count, number, seed } from '../flags.ts';
import { commitOf, makeFolder, saveModel } from '../model.ts';
import { measureMoments, momentSteps, saveMoment } from '../moments.ts';
import { InputError, printJson, progressLine, say } from '../output.ts';

interface Flags extends Partial<WorldKnobs> {
  width: number;
  layers: number;
  seed: number;
  documents: number;
  steps?: number;
  out: string;
  moments?: boolean;
  json?: boolean;
}

/** What a run keeps in its folder to go on after a kill. */
interface Saved {
  config: PretrainConfig;
  state: PretrainState;
  losses: [step: number, loss: number][];
  seconds: number;
}

/** Steps between two saves, and between two points of the loss curve. */
const SAVE_EVERY = 250;
const LOG_EVERY = 50;

export function pretrainCommand(program: Command): void {
  const command = program
    .command('pretrain')
    .description('train a model on the small internet; goes on where it was stopped')
    .option('--width <n>', MODEL_KNOBS.width.says, count('width', 8, 128), MODEL_KNOBS.width.default)
    .option('--layers <n>', MODEL_KNOBS.layers.says, count('layers', 1, 6), MODEL_KNOBS.layers.default)
    .option('--seed <n>', 'seed of the initial weights', seed(), 0)
    .option('--documents <n>', 'seed of the documents', seed(), 2)
    .option('--steps <n>', 'updates, if not the whole schedule', count('steps'))
    .requiredOption('--out <dir>', 'folder of the checkpoint')
    .option('--moments', 'keep ten moments of the run, with what the model knows of values at each')
    .option('--json', 'print one JSON object and nothing else');
  for (const [name, knob] of Object.entries(WORLD_KNOBS))
    command.option(
      `--${dashed(name)} <x>`,
      `world: ${knob.says} (${knob.default})`,
      number(dashed(name), knob),
    );
  command.action(run);
}

const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

async function run(flags: Flags): Promise<void> {
  const config = configFrom(flags);
  const shape = configOf(VOCABULARY.length, config.width, config.layers);
  const file = join(flags.out, 'state.bin');
  makeFolder(flags.out);
  const saved = resume(file, config);
  if (saved) say(`going on from step ${saved.state.optimizer.step}`);
  const { name: backend } = await chooseBackend('wasm');
  const losses = saved?.losses ?? [];
  const bar = progressLine('pretraining');
  const started = Date.now() - 1000 * (saved?.seconds ?? 0);
  const seconds = () => (Date.now() - started) / 1000;
  let [sum, terms] = [0, 0];
  let state: PretrainState | undefined = saved?.state;
  for await (const report of pretrain(config, saved?.state)) {
    sum += report.loss;
    terms += 1;
    const ends = report.step === report.steps;
    if (report.step % LOG_EVERY === 0 || ends) {
      losses.push([report.step, Number((sum / terms).toFixed(4))]);
      bar.update(report.step / report.steps, `· loss ${(sum / terms).toFixed(3)}`);
      [sum, terms] = [0, 0];
    }
    if (flags.moments && momentSteps(report.steps).includes(report.step)) {
      const { weights } = await report.state();
      saveMoment(flags.out, report.step, shape, weights);
    }
    if (report.step % SAVE_EVERY === 0 || ends) {
      state = await report.state();
      save(file, { config, state, losses, seconds: seconds() });
    }
  }
  bar.stop();
  if (!state) throw new InputError('the schedule has no steps');
  const result = {
    command: commandOf(flags),
    ...config,
    parameters: parameterCount(shape),
    commit: commitOf(),
    backend,
    seconds: Math.round(seconds()),
    losses,
    ...(flags.moments
      ? { moments: await measureMoments(flags.out, shape, totalSteps(config.schedule)) }
      : {}),
  };
  // float16 is the model: it is rounded once, here, and everything is measured on what was rounded.
  saveModel(flags.out, shape, roundWeights(state.weights), result);
  if (flags.json) printJson({ out: flags.out, loss: losses.at(-1)?.[1], seconds: result.seconds });
  else say(`wrote ${flags.out}: loss ${losses.at(-1)?.[1]} after ${result.seconds} s`);
}

function configFrom(flags: Flags): PretrainConfig {
  const turned = Object.fromEntries(
    Object.keys(WORLD_KNOBS)
      .filter((name) => flags[name as keyof WorldKnobs] !== undefined)
      .map((name) => [name, flags[name as keyof WorldKnobs]]),
  );
  try {
    configOf(VOCABULARY.length, flags.width, flags.layers);
    const schedule = flags.steps ? scaleSteps(PRETRAINING, flags.steps) : PRETRAINING;
    const { width, layers, seed, documents } = flags;
    return { width, layers, seed, documents, schedule, world: worldWith(turned) };
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message);
    throw error;
  }
}

/** The command that makes this model again. */
function commandOf({ out: _out, json: _json, ...flags }: Flags): string {
  const words = Object.entries(flags).map(([name, value]) =>
    value === true ? `--${dashed(name)}` : `--${dashed(name)} ${value}`,
  );
  return ['npm run lab -- pretrain', ...words, '--out DIR'].join(' ');
}

/** A saved run, or none. Throws InputError when the folder holds another run or a damaged one. */
function resume(file: string, config: PretrainConfig): Saved | undefined {
  if (!existsSync(file)) return undefined;
  let saved: Saved;
  try {
    saved = deserialize(readFileSync(file)) as Saved;
  } catch {
    throw new InputError(`${file} is damaged; delete it to start anew`);
  }
  if (JSON.stringify(saved.config) !== JSON.stringify(config))
    throw new InputError(`${file} is of a run with other settings; choose another --out`);
  return saved;
}

/** Written beside and renamed, so that a kill at any moment leaves a whole file. */
function save(file: string, saved: Saved): void {
  writeFileSync(`${file}.part`, serialize(saved));
  renameSync(`${file}.part`, file);
}
