/** E1 on models that know nothing, and its parts on data whose answers are known. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { halfway } from '../../src/experiments/E1/emergence.ts';
import { E1 } from '../../src/experiments/E1/claim.ts';
import { Evidence } from '../../src/experiments/framework/evidence.ts';
import { named } from '../../src/experiments/framework/experiment.ts';
import { corpusResponses } from '../../src/analysis/sample.ts';
import { bagOfWords, probe, targetOf, type ProbeKey } from '../../src/analysis/probe.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { memoryCache, resultFor, tinyModels } from './tiny.ts';

const CONFIG = { seeds: [5, 6], situations: 6, each: 5 };

test('is deterministic, goes on from kept parts, and leaves no tensor', async () => {
  await chooseBackend('wasm');
  const before = tf.memory().numTensors;
  const cache = memoryCache();
  const models = tinyModels();
  const first = await resultFor(E1, CONFIG, models, cache);
  expect(tf.memory().numTensors).toBe(before);
  const loaded = models.loaded.length;
  const made = cache.made.length;
  const again = await resultFor(E1, CONFIG, models, cache);
  expect(again).toEqual(first);
  expect([models.loaded.length, cache.made.length]).toEqual([loaded, made]);
  expect(models.loaded).toEqual(expect.arrayContaining(['base', 'base@10', 'base@40', 'unnamed-loyalty']));
  const fresh = await resultFor(E1, { ...CONFIG, seeds: [6, 5] }, tinyModels());
  expect(named(fresh.estimates, 'probe of V*').value).toBeCloseTo(
    named(first.estimates, 'probe of V*').value,
    9,
  ); // the same two seeds
  expect(first.estimates.every(({ n }) => n === 12)).toBe(true);
});

test('the claim does not hold of models that know nothing, nor when a model is missing', async () => {
  const result = await resultFor(E1, { ...CONFIG, seeds: [5] }, tinyModels(['unnamed-loyalty']));
  expect(result.holds).toBe(false);
  expect(result.headline).toMatch(/^Not all of it holds/);
  expect(result.notes.join()).toContain('missing');
});

test('a probe finds what is there: in the labels themselves all, in noise nothing, in other labels nothing', () => {
  const count = 80;
  const sample = corpusResponses(3, count, 8);
  const random = createRandom(1);
  const noise = {
    data: Float32Array.from({ length: sample.responses.length * 4 }, () => random.normal()),
    count: sample.responses.length,
    size: 4,
  };
  const labels = { ...noise, data: noise.data.slice() };
  targetOf(sample.responses, 'care').forEach((y, i) => (labels.data[4 * i + 2] = y));
  const evidence = new Evidence<ProbeKey<readonly ['truth' | 'noise' | 'words' | 'shuffled']>>([
    [
      ...probe(['truth'], sample, count, labels),
      ...probe(['noise'], sample, count, noise),
      ...probe(['words'], sample, count, bagOfWords(sample.responses)),
      ...probe(['shuffled'], sample, count, bagOfWords(sample.responses), { shuffled: createRandom(2) }),
    ],
  ]);
  const r = (...key: (typeof evidence.keys)[number]) => evidence.value((read) => read.r(key));
  expect(r('truth', 'care')).toBeGreaterThan(0.99);
  expect(Math.abs(r('noise', 'care'))).toBeLessThan(0.15);
  expect(Math.abs(r('truth', 'honesty'))).toBeLessThan(0.3); // values of one response are nearly independent
  expect(r('words', 'care')).toBeGreaterThan(0.4);
  expect(Math.abs(r('shuffled', 'care'))).toBeLessThan(0.2);
});

test('a bag of words counts words, and cannot tell which deed a "never" turns round', () => {
  const count = 200;
  const sample = corpusResponses(9, count, 16);
  const bag = bagOfWords(sample.responses);
  const sums = sample.responses.map((_, i) =>
    bag.data.subarray(i * bag.size, (i + 1) * bag.size).reduce((a, b) => a + b, 0),
  );
  expect(sums).toEqual(sample.responses.map(({ response }) => response.length));
  const among = ({ responseText }: { responseText: string }) => responseText.includes(' never ');
  const evidence = new Evidence([probe(['words'], sample, count, bag, { among, targets: ['care'] })]);
  const all = evidence.value((read) => read.r(['words', 'care']));
  const negated = evidence.value((read) => read.r(['words', 'care', 'some']));
  expect(all).toBeGreaterThan(0.6);
  expect(negated).toBeLessThan(all - 0.1);
});

test('half-way is read between moments, up or down', () => {
  expect(halfway([0, 10, 20], [0, 0.2, 1])).toBeCloseTo(10 + (10 * 0.3) / 0.8);
  expect(halfway([0, 10, 20], [1, 0.2, 0])).toBeCloseTo((10 * 0.5) / 0.8);
  expect(halfway([0, 10], [0.5, 0.5])).toBe(0);
});
