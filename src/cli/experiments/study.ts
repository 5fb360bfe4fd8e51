/** An experiment as the command line runs it: its settings, its models, its code, and where its rows are kept. */
import { join } from 'node:path';
import type { AnyExperiment } from '../../experiments/framework/experiment.ts';
import { settingOf, type Setting } from '../../experiments/framework/run.ts';
import { ROOT, type ModelFlags } from '../model.ts';
import { FolderCache } from './cache.ts';
import { FolderModels } from './models.ts';

export interface StudyFlags extends ModelFlags {
  quick: boolean;
  /** Seed of the first repetition; the others count on from it. */
  seed: number;
  /** All of the seeds, where they are named. */
  seeds?: readonly number[];
}

export interface Study {
  setting: Setting;
  models: FolderModels;
  cache: FolderCache;
}

/** Folder of an experiment's rows. */
const rowsOf = (id: string): string => join(ROOT, 'runs/experiments/rows', id);

/** The file that says how an experiment's rows are computed, below src: what it imports decides what they are. */
const measureOf = (id: string): string => `experiments/${id}/measure.ts`;

export async function studyOf(
  experiment: AnyExperiment,
  { quick, seed, seeds, model, backend }: StudyFlags,
  rows = rowsOf(experiment.id),
): Promise<Study> {
  const { codeHash } = await import('../imports.ts'); // a compiler, which takes a while to load
  const config = quick ? experiment.quick : experiment.full;
  const seeded = { ...config, seeds: seeds ?? config.seeds.map((_, i) => seed + i) };
  const models = new FolderModels(model, backend);
  const setting = await settingOf(experiment, seeded, models);
  const idOf = (name: string) => models.id(name);
  const cache = new FolderCache(rows, { code: codeHash(measureOf(experiment.id)), backend, idOf });
  return { setting, models, cache };
}
