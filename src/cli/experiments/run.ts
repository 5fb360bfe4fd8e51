import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyExperiment } from '../../experiments/framework/experiment.ts';
import { resultOf, type Result } from '../../experiments/framework/result.ts';
import { allParts, inProcess, runExperiment, type Executor } from '../../experiments/framework/run.ts';
import type { ModelId } from '../../model/id.ts';
import { commitOf, ROOT } from '../model.ts';
import { progressLine } from '../output.ts';
import { studyOf, type Study, type StudyFlags } from './study.ts';
import { inWorkers } from './workers.ts';

export interface RunFlags extends StudyFlags {
  /** Processes that work at once. */
  workers: number;
}

/** Who computes the parts of a study: this process, or several of them. */
export function executorOf(study: Study, flags: RunFlags): Executor {
  const { setting, models, cache } = study;
  if (flags.workers === 1) return inProcess(models, cache);
  return inWorkers(study, flags.workers, ['experiments', setting.experiment.id, '--work', ...argsOf(flags)]);
}

/** The flags that say what is computed, as arguments. */
const argsOf = ({ quick, seed, seeds, model, backend }: StudyFlags): string[] => [
  ...(quick ? ['--quick'] : []),
  ...(seeds ? ['--seeds', seeds.join(',')] : ['--seed', `${seed}`]),
  ...['--model', model, '--backend', backend],
];

/** Runs an experiment, going on from rows that an earlier run left, and writes its result to a folder. */
export async function writeResult(experiment: AnyExperiment, flags: RunFlags, out: string): Promise<Result> {
  const study = await studyOf(experiment, flags);
  const { setting, models, cache } = study;
  const execute = executorOf(study, flags);
  const bar = progressLine(experiment.id);
  const run = runExperiment(setting, cache, execute);
  let next = await run.next();
  while (!next.done) {
    bar.update(next.value.done, `· ${next.value.says}`);
    next = await run.next();
  }
  bar.stop();

  const model: Record<string, ModelId> = {};
  for (const name of setting.available.here.keys()) model[name] = await models.id(name);
  let seconds = 0;
  for (const part of await allParts(setting, cache, execute)) seconds += (await cache.secondsOf(part)) ?? 0;
  const provenance = {
    model,
    commit: await codeOf(experiment),
    backend: flags.backend,
    seconds: Math.round(seconds),
  };
  const result = resultOf(experiment, setting.config, next.value, provenance);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${result.id}.json`), `${JSON.stringify(rounded(result), null, 1)}\n`);
  return result;
}

/** The commit of this code, with a "+" where what the experiment imports has changed since. */
async function codeOf({ id }: AnyExperiment): Promise<string | null> {
  const commit = commitOf();
  if (commit === null) return null;
  const { closureOf } = await import('../imports.ts');
  const files = closureOf(`experiments/${id}/claim.ts`).files.map((path) => `src/${path}`);
  const status = execFileSync('git', ['status', '--porcelain', '--', ...files], {
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
