/** Models of random weights as experiments take them, and what every experiment's result must be. */
import * as v from 'valibot';
import { expect } from 'vitest';
import type { AnyExperiment, SeededConfig } from '../../src/experiments/framework/experiment.ts';
import type { ModelSource } from '../../src/experiments/framework/models.ts';
import { partName, type Part } from '../../src/experiments/framework/parts.ts';
import { RESULT, resultOf, type Result } from '../../src/experiments/framework/result.ts';
import {
  inProcess,
  runExperiment,
  settingOf,
  type ResultCache,
} from '../../src/experiments/framework/run.ts';
import { smallModel } from '../values/small.ts';

/** A source of small models; each name has weights of its own. `missing` ones are not there. */
export function tinyModels(missing: readonly string[] = []): ModelSource & { loaded: string[] } {
  const loaded: string[] = [];
  return {
    loaded,
    has: async (name) => !missing.includes(name),
    load: async (name) => {
      loaded.push(name);
      return smallModel([...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0));
    },
    record: async () => ({ seed: 4, moments: [10, 40] }),
    id: async (name) => name,
  };
}

/** Rows in memory, as JSON, with the names of what was made. */
export function memoryCache(): ResultCache & { made: string[] } {
  const kept = new Map<string, string>();
  const made: string[] = [];
  const keyOf = ({ kind, at, given, models }: Part) => JSON.stringify([kind, at, given, models]);
  return {
    made,
    has: async (part) => kept.has(keyOf(part)),
    async getOrCompute(part, compute) {
      if (!kept.has(keyOf(part))) {
        made.push(partName(part));
        kept.set(keyOf(part), JSON.stringify(await compute()));
      }
      return JSON.parse(kept.get(keyOf(part))!) as unknown;
    },
  };
}

/** Runs an experiment to its result, which must be one that can be kept; its progress must rise to 1. */
export async function resultFor(
  experiment: AnyExperiment,
  config: SeededConfig,
  models: ModelSource,
  cache: ResultCache = memoryCache(),
): Promise<Result> {
  const setting = await settingOf(experiment, config, models);
  const run = runExperiment(setting, cache, inProcess(models, cache));
  let next = await run.next();
  let done = 0;
  while (!next.done) {
    expect(next.value.done).toBeGreaterThan(done);
    done = next.value.done;
    next = await run.next();
  }
  expect(done).toBeCloseTo(1, 9);
  const result = resultOf(experiment, config, next.value, {
    model: {},
    commit: null,
    backend: 'wasm',
    seconds: 1,
  });
  return v.parse(RESULT, JSON.parse(JSON.stringify(result)));
}
