import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepModel } from '../experiments/sweep.ts';
import { roundWeights } from '../model/safetensors.ts';
import { configOf } from '../model/config.ts';
import { tokenizerFiles } from '../model/folder.ts';
import { parameterCount } from '../model/parameters.ts';
import type { PretrainConfig } from '../train/pretrain.ts';
import { DEFAULT_WORLD } from '../world/knobs.ts';
import { VOCABULARY } from '../world/tokenizer.ts';
import { commitOf, makeFolder, saveModel } from './model.ts';
import { pretrainIn, type PretrainingOptions } from './pretraining.ts';

/** Where a sweep puts its models, a folder a name, and where it works, a folder an address. */
export interface SweepFolders {
  out: string;
  work: string;
}

/** What responses counted in the loss before it was a setting. */
const FIRST_RESPONSE_WEIGHT = 1;

/**
 * Address of a run: a hash of its settings. A setting that came later counts only where it is turned, as the world's knobs
 * do, so that addresses stay as they are.
 */
export function addressOf({ responseWeight, ...config }: PretrainConfig): string {
  const turned = Object.entries(config.world)
    .filter(([name, value]) => value !== DEFAULT_WORLD[name as keyof typeof DEFAULT_WORLD])
    .sort();
  const later = responseWeight === FIRST_RESPONSE_WEIGHT ? {} : { responseWeight };
  const text = JSON.stringify({ ...config, world: Object.fromEntries(turned), ...later });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Whether a model of exactly these settings has been put into its folder. */
export function isDone({ name, config }: SweepModel, { out }: SweepFolders): boolean {
  const file = join(out, name, 'run.json');
  if (!existsSync(file)) return false;
  const run = JSON.parse(readFileSync(file, 'utf8')) as { address?: string };
  return run.address === addressOf(config);
}

/** Puts into a model's folder the files that are written today and were not when it was trained. */
export function complete({ name, config: { width, layers } }: SweepModel, { out }: SweepFolders): void {
  const shape = configOf(VOCABULARY.length, width, layers);
  for (const [file, bytes] of Object.entries(tokenizerFiles(shape)))
    if (!existsSync(join(out, name, file))) writeFileSync(join(out, name, file), bytes);
}

/**
 * Trains one model of the sweep, or goes on with it, and puts it into its folder as a whole: there is never part
 * of a model under its name. What an earlier table put there is replaced. The backend has been chosen before.
 */
export async function trainSweepModel(
  { name, world, config }: SweepModel,
  { out, work }: SweepFolders,
  options: Pick<PretrainingOptions, 'progress' | 'resumed'>,
): Promise<void> {
  const address = addressOf(config);
  const folder = join(work, address);
  makeFolder(folder);
  const { weights, losses, seconds } = await pretrainIn(folder, config, options);
  const shape = configOf(VOCABULARY.length, config.width, config.layers);
  const whole = join(out, `${name}.part`); // beside its place: a rename does not cross disks
  await saveModel(whole, shape, roundWeights(weights), {
    command: `npm run lab -- sweep --only ${name}`,
    name,
    quality: world,
    address,
    ...config,
    parameters: parameterCount(shape),
    commit: commitOf(),
    backend: 'wasm',
    seconds: Math.round(seconds),
    losses,
  });
  rmSync(join(out, name), { recursive: true, force: true });
  renameSync(whole, join(out, name));
}
