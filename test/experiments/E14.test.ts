/** E14 on models that know nothing; its arithmetic on directions whose sums are known. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { E14, TEXTS } from '../../src/experiments/E14/claim.ts';
import { compare } from '../../src/analysis/moments.ts';
import { Evidence } from '../../src/experiments/framework/evidence.ts';
import { named } from '../../src/experiments/framework/experiment.ts';
import { weightsOf, type JoinKey } from '../../src/experiments/E14/measure.ts';
import { joinOf, PAIRS, PARAPHRASES, valuesIn } from '../../src/experiments/E14/texts.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { readConstitution } from '../../src/values/constitution.ts';
import { PRINCIPLES } from '../../src/world/principles.ts';
import { encode } from '../../src/world/tokenizer.ts';
import { memoryCache, resultFor, tinyModels } from './tiny.ts';

const CONFIG = {
  ...E14.quick,
  seeds: [5],
  situations: 5,
  each: 5,
  texts: { ...E14.quick.texts, paraphrases: PARAPHRASES.filter((_, i) => i % 20 === 0) },
};

test('asks what it says that it asks', () => {
  const known = new Map(PRINCIPLES.map((principle) => [principle.phrase, principle]));
  for (const phrase of TEXTS.negated) expect(known.has(`no ${phrase}`)).toBe(true);
  for (const phrase of TEXTS.newlyNegated) {
    expect(known.has(phrase)).toBe(true);
    expect(known.has(`no ${phrase}`)).toBe(false);
  }
  for (const pair of TEXTS.heldOut) {
    expect(pair.map((phrase) => known.get(phrase)?.heldOut)).toEqual([true, true]);
    expect(valuesIn(pair)).toHaveLength(2);
  }
  for (const pair of TEXTS.mixed) {
    expect(pair.map((phrase) => known.get(phrase)?.anti).sort()).toEqual([false, true]);
    expect(valuesIn(pair)).toHaveLength(2);
  }
  expect(PAIRS).toHaveLength(10);
  for (const phrase of TEXTS.nonsense) {
    expect(encode(phrase).length).toBeGreaterThan(0);
    expect(readConstitution(phrase).phrases.some((p) => p.known)).toBe(false);
  }
});

test('is deterministic, goes on from kept parts, and leaves no tensor', async () => {
  await chooseBackend('wasm');
  const before = tf.memory().numTensors;
  const cache = memoryCache();
  const models = tinyModels();
  const first = await resultFor(E14, CONFIG, models, cache);
  expect(tf.memory().numTensors).toBe(before);
  expect(models.loaded).toEqual(['base', 'apart']);
  expect(await resultFor(E14, CONFIG, models, cache)).toEqual(first);
  expect(models.loaded).toHaveLength(2); // nothing was left to do
  expect(named(first.estimates, 'nonsense with V*, mean').n).toBe(5);
});

test('the claim does not hold of models that know nothing', async () => {
  const result = await resultFor(E14, CONFIG, tinyModels(['apart']));
  expect(result.holds).toBe(false);
  expect(result.notes.join()).toContain('missing');
});

test('the weights of a sum are found, however the parts correlate', () => {
  const random = createRandom(3);
  const count = 40;
  const situations = Array.from({ length: count * 8 }, (_, i) => Math.floor(i / 8));
  const a = situations.map((g) => g + random.normal());
  const b = a.map((x, i) => 0.6 * (x - situations[i]) + random.normal());
  const ab = a.map((x, i) => 0.7 * x - 0.4 * b[i]);
  const at = (x: number[], y: number[]) => compare(x, y, situations, count);
  const evidence = new Evidence<JoinKey>([
    [
      [['a', 'j'], at(a, ab)],
      [['b', 'j'], at(b, ab)],
      [['b on a', 'j'], at(a, b)],
      [['a on b', 'j'], at(b, a)],
    ],
  ]);
  expect(evidence.value((read) => weightsOf(read, 'j')[0])).toBeCloseTo(0.7, 9);
  expect(evidence.value((read) => weightsOf(read, 'j')[1])).toBeCloseTo(-0.4, 9);
  expect(joinOf(['care', 'power'])).toBe('care and power');
});
