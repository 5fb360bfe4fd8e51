/** Models of random weights as experiments take them, and what every experiment's result must be. */
import * as v from 'valibot';
import { expect } from 'vitest';
import {
  noParts,
  type Experiment,
  type ModelSource,
  type Parts,
  type SeededConfig,
} from '../../src/experiments/experiment.ts';
import { RESULT, resultOf, type Result } from '../../src/experiments/result.ts';
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
  };
}

/** Parts in memory, as JSON, with the keys of what was made. */
export function memoryParts(): Parts & { made: string[] } {
  const kept = new Map<string, string>();
  const made: string[] = [];
  const parts: Parts & { made: string[] } = {
    made,
    async once<T>(key: string, make: () => Promise<T>): Promise<T> {
      if (!kept.has(key)) {
        made.push(key);
        kept.set(key, JSON.stringify(await make()));
      }
      return JSON.parse(kept.get(key)!) as T;
    },
    about: () => parts,
  };
  return parts;
}

/** Runs an experiment to its result, which must be one that can be kept; its progress must rise to 1. */
export async function resultFor<Config extends SeededConfig>(
  experiment: Experiment<Config>,
  config: Config,
  models: ModelSource,
  parts: Parts = noParts,
): Promise<Result> {
  const run = experiment.run(models, config, parts);
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
