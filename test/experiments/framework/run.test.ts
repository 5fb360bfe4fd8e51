/** How an experiment of numbers is run: its rows, those that decide on others, what they share, and what is kept. */
import { expect, test } from 'vitest';
import type {
  AnyExperiment,
  Experiment,
  SeededConfig,
} from '../../../src/experiments/framework/experiment.ts';
import { Findings, partName, type PartOf } from '../../../src/experiments/framework/parts.ts';
import {
  allParts,
  firstParts,
  inProcess,
  runExperiment,
  settingOf,
} from '../../../src/experiments/framework/run.ts';
import { memoryCache, resultFor, tinyModels } from '../tiny.ts';

interface Rows {
  /** How many roots there are, by model. */
  count: number;
  root: number;
}
interface Config extends SeededConfig {
  readonly models: readonly string[];
}

/** Of each model one row that decides how many others there are. */
const counted = (made: string[] = []): Experiment<Config, Rows> => ({
  id: 'E98',
  claim: 'Numbers have roots.',
  criterion: { text: 'All do.', because: 'They are positive.', holds: () => true },
  models: ['a', 'b'],
  full: { seeds: [1, 2], models: ['a', 'b'] },
  quick: { seeds: [1], models: ['a'] },
  parts: ({ models, seeds }, { here }, found) =>
    models
      .filter((name) => here.has(name))
      .flatMap((name): PartOf<Rows>[] => [
        {
          kind: 'count',
          at: [name],
          models: [name],
          given: {},
          seconds: 1,
          decides: { parts: 3, seconds: 6 },
          compute: async () => name.charCodeAt(0) - 95,
        },
        ...(found.has('count', name)
          ? Array.from({ length: found.get('count', name) }, (_, i) => i).flatMap((i) =>
              seeds.map((seed): PartOf<Rows> => ({
                kind: 'root',
                at: [name, seed, i],
                models: [name],
                given: { power: 0.5 },
                seconds: 2,
                compute: async ({ once }) =>
                  (await once('seven', () => {
                    made.push(name);
                    return Promise.resolve(7);
                  })) * Math.sqrt(seed + i),
              })),
            )
          : []),
      ]),
  outcome: (found, { models, seeds }, { here, missing }) => ({
    headline: models
      .filter((name) => here.has(name))
      .map((name) => seeds.map((seed) => found.get('root', name, seed, 0).toFixed(2)).join())
      .join(' '),
    estimates: [],
    controls: [],
    series: [],
    notes: missing.map((name) => `${name} is missing`),
  }),
});

test('rows that decide on others come first, in a run and for each of its models', async () => {
  const setting = await settingOf(
    counted(),
    { seeds: [1], models: ['a', 'b'] } as SeededConfig,
    tinyModels(),
  );
  expect(firstParts(setting).map(partName)).toEqual(['count/a', 'count/b']);
  const cache = memoryCache();
  const all = await allParts(setting, cache, inProcess(tinyModels(), cache));
  expect(cache.made).toEqual(['count/a', 'count/b']);
  expect(all.map(partName)).toEqual([
    ...['count/a', 'root/a/1/0', 'root/a/1/1'],
    ...['count/b', 'root/b/1/0', 'root/b/1/1', 'root/b/1/2'],
  ]);
});

test('what a group shares is made once for it, and for another anew; what is kept is not computed again', async () => {
  const made: string[] = [];
  const cache = memoryCache();
  const first = await resultFor(counted(made), counted().full, tinyModels(), cache);
  expect(first.headline).toBe('7.00,9.90 7.00,9.90');
  expect(made).toEqual(['a', 'b']);
  const rows = cache.made.length;
  expect(await resultFor(counted(made), counted().full, tinyModels(), cache)).toEqual(first);
  expect([made.length, cache.made.length]).toEqual([2, rows]);
  // One seed more: the rows of the others are the same ones.
  const more = { seeds: [1, 2, 3], models: ['a'] } as SeededConfig;
  await resultFor(counted(), more, tinyModels(), cache);
  expect(cache.made.slice(rows)).toEqual(['root/a/3/0', 'root/a/3/1']);
});

test('models that are not there are left out, and told', async () => {
  const result = await resultFor(counted(), counted().full, tinyModels(['b']));
  expect(result.headline).toBe('7.00,9.90');
  expect(result.notes).toEqual(['b is missing']);
});

test('a row that fails ends the run, and is computed when it is run again', async () => {
  let fails = true;
  const failing: AnyExperiment = {
    ...counted(),
    parts: () => [
      {
        kind: 'root',
        at: ['a'],
        models: [],
        given: {},
        seconds: 1,
        compute: async ({ once }) =>
          once('it', async () => {
            if (fails) throw new Error('lost');
            return 3;
          }),
      },
    ],
    outcome: () => ({ headline: 'It was.', estimates: [], controls: [], series: [] }),
  };
  const cache = memoryCache();
  const setting = await settingOf(failing, { seeds: [] }, tinyModels());
  const run = () => runExperiment(setting, cache, inProcess(tinyModels(), cache));
  await expect(run().next()).rejects.toThrow('lost');
  fails = false;
  expect((await run().next()).value).toEqual({ done: 1, says: 'root/a' });
});

test('a row is found by its kind and key, and one that was not computed is an error', () => {
  const found = new Findings<Rows>();
  found.add({ kind: 'root', at: ['a', 1] }, 2);
  found.add({ kind: 'root', at: ['a', '1'] }, 3);
  expect(found.get('root', 'a', 1)).toBe(2);
  expect(found.has('root', 'a')).toBe(false);
  expect(() => found.get('count', 'a')).toThrow(RangeError);
});
