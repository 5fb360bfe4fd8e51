/** E4 on models that know nothing, and what it makes of runs that are known. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { CRITERION, E4 } from '../../src/experiments/E4/claim.ts';
import { named } from '../../src/experiments/framework/experiment.ts';
import type { RealisedGain } from '../../src/analysis/testbed.ts';
import { outcomeOf } from '../../src/experiments/E4/outcome.ts';
import { gainsAt, type Compared } from '../../src/experiments/E4/compareRun.ts';
import { trialsOf, type Agreements, type Config } from '../../src/experiments/E4/measure.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { mean } from '../../src/math/statistics.ts';
import { readConstitution } from '../../src/values/constitution.ts';
import { memoryCache, resultFor, tinyModels } from './tiny.ts';

const CONFIG: Config = {
  ...E4.quick,
  seeds: [5, 6],
  situations: 4,
  each: 3,
  prediction: { count: 3, each: 40 },
  everywhere: ['mixed-64-0'],
  control: 'mixed-64-0',
  close: ['kind-32-0'],
  near: 2, // every |x| is smaller
  most: 1,
  kl: 0.05,
  steps: 1,
};

test('asks thirty constitutions that are known, and trains three sizes on each', () => {
  const { constitutions, candidates, compared, shuffled, everywhere } = E4.full;
  expect(new Set(constitutions).size).toBeGreaterThanOrEqual(30);
  expect(everywhere).toHaveLength(3);
  for (const text of [...constitutions, ...candidates, ...compared, ...shuffled])
    expect(() => readConstitution(text)).not.toThrow();
  for (const text of candidates) expect(constitutions).not.toContain(text);
  expect(compared).toHaveLength(10);
  for (const text of [...compared, ...shuffled]) expect(constitutions).toContain(text);
});

test('is deterministic, goes on from kept parts, and leaves no tensor', async () => {
  await chooseBackend('wasm');
  const before = tf.memory().numTensors;
  const cache = memoryCache();
  const first = await resultFor(E4, CONFIG, tinyModels(), cache);
  expect(tf.memory().numTensors).toBe(before);
  const made = cache.made.length;
  // Of each model: agreements, two seeds of one habit and one of the other; then 3 + 3 runs, and 1 of the near ones.
  expect(made).toBe(2 * 4 + 6 + 1);
  expect(await resultFor(E4, CONFIG, tinyModels(), cache)).toEqual(first);
  expect(cache.made).toHaveLength(made);
  expect(named(first.estimates, 'realised with exact tilt, r').n).toBe(3);
  expect(named(first.estimates, 'sign of x is sign of y').n).toBe(4);
}, 120_000);

const flat = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
const agreement = (judgement: number, generation: number) => ({
  judgement: flat(judgement),
  x: { summed: flat(judgement - generation), 'per token': flat(judgement - generation) },
});

test('on well-behaved corpora tries only what lies near zero, by x alone and no more than asked', () => {
  const known: Agreements = {
    generation: { summed: flat(0.4), 'per token': flat(0.4) },
    of: {
      honesty: agreement(0.9, 0.4),
      'honesty and care': agreement(0.45, 0.4),
      'power and deceit': agreement(0.3, 0.4),
    },
    length: 10,
  };
  const config = { ...CONFIG, near: 0.15 };
  const tried = (most: number) =>
    trialsOf('kind-32-0', known, { ...config, most }).map((t) => t.constitution);
  expect(tried(9)).toEqual(['honesty and care', 'power and deceit']); // the nearest first
  expect(tried(1)).toEqual(['honesty and care']);
  expect(trialsOf('elsewhere', known, config)).toEqual([]);
  expect(trialsOf('kind-32-0', null, config)).toEqual([]); // before its agreements are known
});

const point = (kl: number, gains: number[]): RealisedGain => ({
  step: 1,
  kl,
  klError: 0,
  gains,
  wellFormed: 1,
  length: 9,
});

test('between measured points self-sharpening is linear in the root of the KL, and 0 at none', () => {
  const course = [point(0.25, [1, -2]), point(1, [3, -2])];
  expect(gainsAt(course, 0)).toEqual([0, 0]);
  expect(gainsAt(course, 0.0625)).toEqual([0.5, -1]);
  expect(gainsAt(course, 0.25)).toEqual([1, -2]);
  expect(gainsAt(course, 0.5625)).toEqual([2, -2]);
  expect(gainsAt(course, 2.25)).toEqual([5, -2]); // beyond the last point, on along the last stretch
});

/** Runs whose realised gains are `slope` times what was predicted, on a model without habits. */
function runsOf(slope: number, change: (run: Compared, i: number) => Compared = (run) => run): Compared[] {
  const gains = [-1, -0.5, 0.2, 0.6, 1, 1.4];
  const run = (tilt: number, judge: Compared['judge'] = 'prompted'): Compared => ({
    model: 'mixed-64-0',
    constitution: `principle ${tilt}`,
    judge,
    loss: 'dpo',
    seed: 1,
    linear: 1.1 * tilt,
    tilt,
    x: { summed: flat(tilt / 2), 'per token': flat(tilt / 2) },
    y: { summed: slope * tilt, 'per token': slope * tilt },
    gain: flat(slope * tilt),
    paired: flat(slope * tilt),
    kl: 0.5,
    step: 20,
    wellFormed: 0.95,
    length: 10,
  });
  const null_ = { ...run(1.4, 'shuffled'), gain: flat(0.02) };
  return [...gains.map((tilt) => run(tilt)), null_].map(change);
}

const outcome = (runs: Compared[]) => outcomeOf(runs, {}, [], { ...CONFIG, near: 0.15 });
const holds = (runs: Compared[]) => {
  const { estimates, controls } = outcome(runs);
  return CRITERION.holds([...estimates, ...controls]);
};

test('figures of runs that are known: r 1, their slope, all signs, and what a shuffled judge gained', () => {
  const { estimates, controls, headline } = outcome(runsOf(0.9));
  const at = (name: string) => named([...estimates, ...controls], name);
  expect(at('realised with exact tilt, r').value).toBeCloseTo(1, 9);
  expect(at('realised on exact tilt, slope').value).toBeCloseTo(0.9, 9);
  expect(at('realised on linear model, slope').value).toBeCloseTo(0.9 / 1.1, 9);
  expect(at('sign of x is sign of y').value).toBe(1);
  expect(at('shuffled scores, share of the gain').value).toBeCloseTo(0.02 / (0.9 * 1.4), 9);
  expect(headline).toContain('6 of 6');
});

test('the criterion is met by such runs, and not by flatter ones, turned signs or a null that gains', () => {
  expect(holds(runsOf(0.9))).toBe(true);
  expect(holds(runsOf(0.6))).toBe(false);
  expect(holds(runsOf(1.3))).toBe(false);
  const turned = (run: Compared, i: number) =>
    i === 2 ? { ...run, y: { summed: -0.2, 'per token': 1 } } : run;
  expect(holds(runsOf(0.9, turned))).toBe(false);
  const gaining = (run: Compared) => (run.judge === 'shuffled' ? { ...run, gain: flat(0.4) } : run);
  expect(holds(runsOf(0.9, gaining))).toBe(false);
  const scattered = (run: Compared, i: number) => ({
    ...run,
    gain: flat(run.gain.value + (i % 2 ? 0.5 : -0.5)),
  });
  expect(holds(runsOf(0.9, scattered))).toBe(false);
});

test('a run with a disagreeing sign is named, and one that the tilt does not reach is left out of its figures', () => {
  const odd = (run: Compared, i: number) =>
    i === 2
      ? { ...run, y: { summed: -0.2, 'per token': 1 }, paired: flat(-0.2) }
      : i === 0
        ? { ...run, tilt: null }
        : run;
  const { notes = [], estimates, series } = outcome(runsOf(0.9, odd));
  expect(notes.join('\n')).toMatch(
    /disagree: principle 0\.2 · mixed-64-0 .*With both intervals clear of zero: 1/,
  );
  expect(named(estimates, 'realised with exact tilt, r').n).toBe(5);
  expect(series[0].shape).toEqual([5, 2]);
  expect(mean(series[1].data)).not.toBeNaN();
});
