import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Experiment } from '../../experiments/experiment.ts';
import { resultOf, type Result } from '../../experiments/result.ts';
import type { ModelId } from '../../model/id.ts';
import { commitOf, type ModelFlags } from '../model.ts';
import { progressLine } from '../output.ts';
import { FolderModels } from './models.ts';
import { FolderParts, partsName, ROOMS } from './parts.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const WORK = join(ROOT, 'runs/experiments');

export interface RunFlags extends ModelFlags {
  quick: boolean;
  /** Seed of the first repetition; the others count on from it. */
  seed: number;
  /** All of the seeds, where they are named. */
  seeds?: readonly number[];
  /** Folder of the result. */
  out: string;
}

/** Runs an experiment, going on from parts that an earlier run left, and writes its result. */
export async function runExperiment(
  experiment: Experiment,
  { quick, seed, seeds, model, backend, out }: RunFlags,
): Promise<Result> {
  const started = Date.now();
  const config = quick ? experiment.quick : experiment.full;
  const seeded = { ...config, seeds: seeds ?? config.seeds.map((_, i) => seed + i) };
  const models = new FolderModels(model, backend);
  const ids: Record<string, ModelId> = {};
  for (const name of experiment.models) if (await models.has(name)) ids[name] = await models.id(name);
  const parts = new FolderParts(join(WORK, partsName(experiment.id, [seeded, backend])), ids);

  const bar = progressLine(experiment.id);
  const run = experiment.run(models, seeded, parts);
  let next = await run.next();
  while (!next.done) {
    bar.update(next.value.done, `· ${next.value.says}`);
    next = await run.next();
  }
  bar.stop();

  const provenance = {
    model: ids,
    commit: codeOf(),
    backend,
    seconds: Math.round((Date.now() - started) / 1000),
  };
  const result = resultOf(experiment, seeded, next.value, provenance);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${result.id}.json`), `${JSON.stringify(rounded(result), null, 1)}\n`);
  return result;
}

/** The commit of this code, with a "+" where the code that decides has changed since. */
function codeOf(): string | null {
  const commit = commitOf();
  if (commit === null) return null;
  const rooms = ROOMS.map((room) => `src/${room}`);
  const status = execFileSync('git', ['status', '--porcelain', '--', ...rooms], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status.trim() === '' ? commit : `${commit}+`;
}

/** Numbers with six digits: more would say nothing, and weigh on the page. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, x]) => [key, rounded(x)]));
}
