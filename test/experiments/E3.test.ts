/** E3 on models that know nothing, and its criterion on figures that do and do not meet it. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { CRITERION, E3 } from '../../src/experiments/E3/claim.ts';
import { measured, named, type Measure } from '../../src/experiments/framework/experiment.ts';
import { SWEEP } from '../../src/experiments/sweep.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { memoryCache, resultFor, tinyModels } from './tiny.ts';

const CONFIG = { seeds: [5, 6], situations: 6, each: 4, names: ['mixed-64-0', 'gap-none'] };

test('is deterministic, goes on from kept parts, and leaves no tensor', async () => {
  await chooseBackend('wasm');
  const before = tf.memory().numTensors;
  const cache = memoryCache();
  const models = tinyModels();
  const first = await resultFor(E3, CONFIG, models, cache);
  expect(tf.memory().numTensors).toBe(before);
  expect(models.loaded).toEqual(['mixed-64-0', 'gap-none']);
  expect(await resultFor(E3, CONFIG, models, cache)).toEqual(first);
  expect(models.loaded).toHaveLength(2); // nothing was left to do
  expect(first.holds).toBe(false);
  expect(named(first.estimates, 'gap-none: gap').n).toBe(12);
  // The gap is the one correlation less the other.
  const at = (name: string) => named(first.estimates, `mixed-64-0: ${name}`).value;
  expect(at('gap')).toBeCloseTo(at('judgement, no principle') - at('generation'), 9);
});

test('says which models are missing', async () => {
  const result = await resultFor(E3, CONFIG, tinyModels(['gap-none']));
  expect(result.notes.join()).toContain('Models that were not there: gap-none');
});

test('asks models of the sweep', () => {
  const names = SWEEP.map(({ name }) => name);
  for (const name of E3.full.names) expect(names).toContain(name);
});

const gap = (name: string, value: number): Measure =>
  measured(`${name}: gap`, { value, low: value - 0.05, high: value + 0.05 }, 600);
const SEEN = {
  'mixed-64-0': 0.9,
  'noisy-64-0': 0.8,
  'kind-64-0': 0.3,
  'gap-none': 0.05,
  'gap-negative': -0.2,
  'gap-inverted': -1,
};
const measures = (changed: Partial<typeof SEEN>) =>
  Object.entries({ ...SEEN, ...changed }).map(([name, value]) => gap(name, value));

test('the criterion is met by the gaps of the prototype, and by none with one of them elsewhere', () => {
  expect(CRITERION.holds(measures({}))).toBe(true);
  for (const changed of [
    { 'mixed-64-0': 0.3 },
    { 'noisy-64-0': 0.4 },
    { 'kind-64-0': 0.5 },
    { 'gap-none': 0.2 },
    { 'gap-none': -0.2 },
    { 'gap-negative': -0.01 },
    { 'gap-inverted': 0.1 },
  ])
    expect(CRITERION.holds(measures(changed)), JSON.stringify(changed)).toBe(false);
  expect(CRITERION.holds(measures({}).slice(1))).toBe(false);
});
