/** E7, E8 and E15 on models that know nothing: whole, kept, the same each time, and not what their claims say. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { E15 } from '../../src/experiments/E15/claim.ts';
import { E7 } from '../../src/experiments/E7/claim.ts';
import { E8 } from '../../src/experiments/E8/claim.ts';
import { named } from '../../src/experiments/framework/experiment.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { memoryCache, resultFor, tinyModels } from './tiny.ts';

const { 'five values': five, politeness, likelihood } = E8.quick.teachers;
const teachers = { 'five values': five, politeness, likelihood };

const FAST = [
  { experiment: E7, config: { ...E7.quick, stories: 2, situations: 6, each: 4, steps: 1 } },
  { experiment: E8, config: { ...E8.quick, teachers, situations: 2, stories: 2, steps: 1 } },
  { experiment: E15, config: { ...E15.quick, situations: 8, each: 8, steps: 1, draws: 20 } },
] as const;

test.each(FAST)(
  '$experiment.id is deterministic, goes on from kept rows, and leaves no tensor',
  async (one) => {
    await chooseBackend('wasm');
    const before = tf.memory().numTensors;
    const cache = memoryCache();
    const models = tinyModels();
    const first = await resultFor(one.experiment, one.config, models, cache);
    expect(tf.memory().numTensors).toBe(before);
    const made = cache.made.length;
    expect(await resultFor(one.experiment, one.config, models, cache)).toEqual(first);
    expect(cache.made).toHaveLength(made); // nothing was left to do
    // Another run from nothing says the same.
    expect(await resultFor(one.experiment, one.config, tinyModels())).toEqual(first);
    expect(first.holds).toBe(false);
  },
);

test('every model and seed adds its own units to E7', async () => {
  const { experiment, config } = FAST[0];
  const two = await resultFor(experiment, { ...config, seeds: [1, 2] }, tinyModels());
  const one = await resultFor(experiment, config, tinyModels());
  const n = (result: typeof one, name: string) => named([...result.estimates, ...result.controls], name).n;
  expect(n(two, 'loss of stories, moved, less before')).toBe(
    2 * n(one, 'loss of stories, moved, less before'),
  );
  expect(n(one, 'loss of stories, moved, less before')).toBe(config.stories);
});
