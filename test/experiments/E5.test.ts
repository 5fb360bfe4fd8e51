/** E5 on models that know nothing, and what it makes of runs that are known. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { outcomeOf, type NamedRun } from '../../src/experiments/E5/outcome.ts';
import { CRITERION, E5 } from '../../src/experiments/E5/claim.ts';
import { named } from '../../src/experiments/framework/experiment.ts';
import { ofMeans, ratioOfPaired, sumsBySituation } from '../../src/experiments/framework/pooled.ts';
import { SWEEP } from '../../src/experiments/sweep.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { memoryCache, resultFor, tinyModels } from './tiny.ts';

const CONFIG = {
  ...E5.quick,
  seeds: [5],
  situations: 4,
  each: 3,
  prediction: { count: 3, each: 40 },
  kl: 0.02,
  steps: 1,
};

test('is deterministic, goes on from kept parts, and leaves no tensor', async () => {
  await chooseBackend('wasm');
  const before = tf.memory().numTensors;
  const cache = memoryCache();
  const models = tinyModels(['mixed-8-0']);
  const config = { ...CONFIG, names: ['mixed-64-0', 'mixed-8-0'] };
  const first = await resultFor(E5, config, models, cache);
  expect(tf.memory().numTensors).toBe(before);
  expect(await resultFor(E5, config, models, cache)).toEqual(first);
  expect(models.loaded).toEqual(['mixed-64-0']);
  expect(first.holds).toBe(false);
  expect(first.notes.join()).toContain('Models that were not there: mixed-8-0');
}, 120_000);

test('takes every width, quality and seed of the sweep, and no special world', () => {
  expect(E5.full.names).toHaveLength(5 * 3 * 2);
  for (const name of E5.full.names)
    expect(SWEEP.find((model) => model.name === name)?.world).toMatch(/mixed|noisy|kind/);
});

const around = (value: number, n: number) =>
  Array.from({ length: n }, (_, i) => value + (i % 2 ? 0.3 : -0.3));

/** A run that gained `gain` where the gist allowed `any` of a truth of 2. */
const run = (width: number, gain: number, any: number): NamedRun => ({
  name: `mixed-${width}-0`,
  quality: 'mixed',
  width,
  realised: { step: 20, kl: 0.5, klError: 0.02, gains: around(gain, 200), wellFormed: 0.95, length: 10 },
  spread: 2,
  ceilings: {
    judge: around(0.9 * any, 64),
    linear: around(0.95 * any, 64),
    any: around(any, 64),
    truth: around(2, 64),
  },
});

const outcome = (...runs: NamedRun[]) => outcomeOf(runs, []);
const holds = (...runs: NamedRun[]) => {
  const { estimates, controls } = outcome(...runs);
  return CRITERION.holds([...estimates, ...controls]);
};

test('shares of runs that are known', () => {
  const { estimates } = outcome(run(16, 0.5, 1), run(64, 1.5, 1.8));
  const at = (name: string) => named(estimates, name).value;
  expect(at('width 16: realised over gist')).toBeCloseTo(0.5, 9);
  expect(at('width 64: gist over truth')).toBeCloseTo(0.9, 9);
  expect(at('mixed: gist over truth')).toBeCloseTo(0.7, 9);
  expect(at('mixed-64-0: gain')).toBeCloseTo(0.75, 9);
  expect(at('runs above any readout')).toBe(0);
});

test('the criterion is met where the ceiling rises and nobody passes it, and else not', () => {
  expect(holds(run(16, 0.5, 1), run(64, 1.5, 1.8))).toBe(true);
  expect(holds(run(16, 0.5, 1.8), run(64, 1.5, 1.8))).toBe(false); // the ceiling does not rise
  expect(holds(run(16, 0.5, 1), run(64, 2.2, 1.8))).toBe(false); // truth is passed
  expect(holds(run(16, 1.2, 1), run(64, 1.5, 1.8))).toBe(false); // a readout is passed, in one run of two
  expect(holds(run(64, 1.5, 1.8))).toBe(false); // nothing to compare with
});

test('a share of what was measured in the same situations is as sure as it is alike in all of them', () => {
  const values = around(2, 64).map((x, i) => x + Math.sin(i));
  const alike = ratioOfPaired(
    values.map((x) => 0.9 * x),
    values,
    createRandom('alike'),
  );
  for (const end of Object.values(alike)) expect(end).toBeCloseTo(0.9, 9);
  const other = ratioOfPaired(around(1, 64), values, createRandom('other'));
  expect(other.high - other.low).toBeGreaterThan(0.02);
  expect(sumsBySituation([[1, 2, 3], [10, 20, 30]])).toEqual([11, 22, 33]); // prettier-ignore
});

test('of a ceiling of next to nothing there is no share', () => {
  const names = outcome(run(16, 0.5, 0.05)).estimates.map(({ name }) => name);
  expect(names).toContain('width 16: gist over truth');
  expect(names).not.toContain('width 16: realised over gist');
});

test('the interval of a ratio of means is over both lists', () => {
  const ratio = (a: number, b: number) => a / b;
  const random = () => createRandom('ratio');
  const both = ofMeans(around(1, 200), around(2, 64), ratio, random());
  const one = ofMeans(
    around(1, 200),
    around(2, 64).map(() => 2),
    ratio,
    random(),
  );
  expect(both.value).toBeCloseTo(0.5, 9);
  expect(both.low).toBeLessThan(both.value);
  expect(both.high).toBeGreaterThan(both.value);
  expect(both.high - both.low).toBeGreaterThan(1.1 * (one.high - one.low));
});
