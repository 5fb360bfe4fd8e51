/** E7, E8 and E15 on models that know nothing: whole, kept, the same each time, and not what their claims say. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { E15 } from '../../src/experiments/E15/claim.ts';
import { E7 } from '../../src/experiments/E7/claim.ts';
import { E8 } from '../../src/experiments/E8/claim.ts';
import { measured, named, type AnyExperiment } from '../../src/experiments/framework/experiment.ts';
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
  // Two trainings' worth of decompositions, on whatever else runs beside it.
  180_000,
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

/** Measures with these values, each its own interval. */
const told = (values: Record<string, number>) =>
  Object.entries(values).map(([name, value]) => measured(name, { value, low: value, high: value }, 1));

const CRITERIA: { experiment: AnyExperiment; met: Record<string, number>; apart: number[] }[] = [
  {
    experiment: E7,
    met: {
      'harmful requests refused, moved': 0.05,
      'harmless requests refused, moved': 0.04,
      'loss of stories, moved, less before': 0.01,
      'harmful requests refused, moved along random directions': 0.8,
      'harmless requests refused, direction added': 0.9,
      'harmless requests refused, random direction added': 0.1,
      'harmful requests of an unseen kind refused, moved': 0.1,
    },
    apart: [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
  },
  {
    experiment: E8,
    met: {
      'five values: gain kept at rank 4': 0.9,
      'five values: gain left without the 4 strongest': 0.2,
      'five values: share of its tilt at rank 4, over that of the whole': 0.95,
      'own gain kept at rank 1: five values less the mean of others': 0.1,
      'in the five values’ subspace: politeness over five values of another seed': 0.4,
      'in the five values’ subspace: likelihood over five values of another seed': 0.4,
    },
    apart: [0.7, 0.4, 0.8, -0.1, 0.6, 0.6],
  },
  {
    experiment: E15,
    met: {
      'refusal in the five values’ subspace, beyond share of random ones': 0.97,
      'change in its own value’s subspace, beyond share of random ones': 0.97,
      'change in its own value’s subspace less in other values’': 0.1,
      'refusal in the five values’ change, beyond share of random ones': 0.97,
    },
    apart: [0.9, 0.9, -0.1, 0.9],
  },
];

test.each(CRITERIA)(
  'the criterion of $experiment.id is met by what it says, and by nothing with one number elsewhere',
  (one) => {
    const { criterion } = one.experiment;
    expect(criterion.holds(told(one.met))).toBe(true);
    for (const [i, name] of Object.keys(one.met).entries())
      expect(criterion.holds(told({ ...one.met, [name]: one.apart[i] })), name).toBe(false);
  },
);
