import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Weights } from '../model/parameters.ts';
import { pretrain, type PretrainConfig, type PretrainState } from '../train/pretrain.ts';
import { DEFAULT_WORLD } from '../world/knobs.ts';
import { InputError } from './output.ts';

/** What a run keeps in its folder to go on after a kill. */
interface Saved {
  config: PretrainConfig;
  state: PretrainState;
  losses: Losses;
  seconds: number;
}

/** Mean loss of the steps since the point before. */
export type Losses = [step: number, loss: number][];

export interface Pretrained {
  weights: Weights;
  losses: Losses;
  /** Seconds of work, those before a kill included. */
  seconds: number;
}

/** Told after every LOG_EVERY steps. */
export interface PretrainingProgress {
  step: number;
  steps: number;
  loss: number;
}

export interface PretrainingOptions {
  /** Steps at which `moment` is given the weights. */
  moments?: readonly number[];
  moment?: (step: number, weights: Weights) => void;
  /** Told once, where a run goes on that was stopped at `step`. */
  resumed?: (step: number) => void;
  progress?: (at: PretrainingProgress) => void;
}

/** Steps between two saves, and between two points of the loss curve. */
const SAVE_EVERY = 250;
const LOG_EVERY = 50;

/** Where a folder's run keeps its state. */
const stateFile = (folder: string) => join(folder, 'state.bin');

/**
 * Trains a model to the end of its schedule and keeps its state in `folder`, so that a run that was killed at any
 * moment goes on from there and makes the same model. The backend has been chosen before. Throws InputError when
 * the folder holds another run or a damaged one, or the schedule has no steps.
 */
export async function pretrainIn(
  folder: string,
  config: PretrainConfig,
  { moments = [], moment, resumed, progress }: PretrainingOptions = {},
): Promise<Pretrained> {
  const saved = resume(folder, config);
  if (saved) resumed?.(saved.state.optimizer.step);
  const losses = saved?.losses ?? [];
  const started = Date.now() - 1000 * (saved?.seconds ?? 0);
  const seconds = () => (Date.now() - started) / 1000;
  let [sum, terms] = [0, 0];
  let state: PretrainState | undefined = saved?.state;
  for await (const report of pretrain(config, saved?.state)) {
    const { step, steps } = report;
    sum += report.loss;
    terms += 1;
    const ends = step === steps;
    if (step % LOG_EVERY === 0 || ends) {
      losses.push([step, Number((sum / terms).toFixed(4))]);
      progress?.({ step, steps, loss: sum / terms });
      [sum, terms] = [0, 0];
    }
    if (moments.includes(step)) moment?.(step, (await report.state()).weights);
    if (step % SAVE_EVERY === 0 || ends) {
      state = await report.state();
      save(folder, { config, state, losses, seconds: seconds() });
    }
  }
  if (!state) throw new InputError('the schedule has no steps');
  return { weights: state.weights, losses, seconds: seconds() };
}

/** A saved run, or none. */
function resume(folder: string, config: PretrainConfig): Saved | undefined {
  const file = stateFile(folder);
  if (!existsSync(file)) return undefined;
  let saved: Saved;
  try {
    saved = deserialize(readFileSync(file)) as Saved;
  } catch {
    throw new InputError(`${file} is damaged; delete it to start anew`);
  }
  // A knob that the world did not have yet was off.
  const was = { ...saved.config, world: { ...DEFAULT_WORLD, ...saved.config.world } };
  if (JSON.stringify(was) !== JSON.stringify(config))
    throw new InputError(`${file} is of a run with other settings; choose another folder`);
  return saved;
}

/** Written beside and renamed, so that a kill at any moment leaves a whole file. */
function save(folder: string, saved: Saved): void {
  const file = stateFile(folder);
  writeFileSync(`${file}.part`, serialize(saved));
  renameSync(`${file}.part`, file);
}
