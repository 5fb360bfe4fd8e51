import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointFigures, type CheckpointFigures } from '../analysis/checkpoints.ts';
import { readSafetensors, writeSafetensors } from '../model/safetensors.ts';
import type { ModelConfig } from '../model/config.ts';
import { createModel, disposeModel, type Weights } from '../model/parameters.ts';

/** Shares of a pretraining at which a moment is kept: dense early, where text and values come. */
const SHARES = [0.01, 0.03, 0.07, 0.12, 0.2, 0.3, 0.42, 0.58, 0.78, 1];
/** Seed of the responses that every moment is measured on. */
const SEED = 11;

export const momentSteps = (steps: number): number[] => [
  ...new Set(SHARES.map((share) => Math.max(1, Math.round(share * steps)))),
];

const fileOf = (folder: string, step: number) => join(folder, 'moments', `${step}.safetensors`);

export function saveMoment(folder: string, step: number, config: ModelConfig, weights: Weights): void {
  mkdirSync(join(folder, 'moments'), { recursive: true });
  writeFileSync(fileOf(folder, step), writeSafetensors(config, weights));
}

/** What the model knew of values at each kept moment. */
export async function measureMoments(
  folder: string,
  config: ModelConfig,
  steps: number,
): Promise<({ step: number } & CheckpointFigures)[]> {
  const rows = [];
  for (const step of momentSteps(steps)) {
    if (!existsSync(fileOf(folder, step))) continue; // passed before --moments was asked for
    const model = createModel(config, readSafetensors(config, readFileSync(fileOf(folder, step))));
    rows.push({ step, ...(await checkpointFigures(model, SEED)) });
    disposeModel(model);
  }
  return rows;
}
