import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { configOf, gistSize } from '../../src/model/config.ts';
import { padRows } from '../../src/model/encode.ts';
import {
  createModel,
  disposeModel,
  initialWeights,
  parameterCount,
  parameterTable,
  readWeights,
} from '../../src/model/parameters.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';
import { livelyWeights, TINY } from './tiny.ts';

beforeAll(() => chooseBackend('wasm'));

test('the number of weights is that of GPT-2', () => {
  const { vocabulary: V, positions: P, width: D, layers: L } = TINY;
  expect(parameterCount(TINY)).toBe((V + P) * D + L * (12 * D * D + 13 * D) + 2 * D);
  expect(new Set(parameterTable(TINY).map(({ name }) => name)).size).toBe(2 + 12 * L + 2);
});

test('fresh weights have the spread of the table, each from a stream of its own', () => {
  const config = configOf(VOCABULARY.length, 32);
  const weights = initialWeights(config, createRandom(1));
  for (const { name, init } of parameterTable(config)) {
    const w = weights[name];
    if ('constant' in init) {
      expect(new Set(w), name).toEqual(new Set([init.constant]));
    } else {
      const square = w.reduce((sum, x) => sum + x * x, 0) / w.length;
      // The estimate's own spread is 1/√(2n) of it.
      expect(Math.abs(Math.sqrt(square) / init.normal - 1), name).toBeLessThan(5 / Math.sqrt(2 * w.length));
    }
  }
  expect(initialWeights(config, createRandom(1))).toEqual(weights);
  // One more block changes nothing in what the others are drawn from, but for the outputs' spread.
  const deeper = initialWeights(configOf(VOCABULARY.length, 32, 4), createRandom(1));
  const name = 'transformer.h.2.mlp.c_fc.weight';
  expect(deeper[name]).toEqual(weights[name]);
});

test('weights come back from the backend, and a model does not touch the ones it was made of', async () => {
  const before = tf.memory().numTensors;
  const weights = livelyWeights(TINY, 'parameters');
  const model = createModel(TINY, weights);
  expect(await readWeights(model)).toEqual(weights);
  tf.tidy(() => model.parameters['transformer.ln_f.bias'].assign(tf.zeros([TINY.width])));
  expect(weights).toEqual(livelyWeights(TINY, 'parameters'));
  disposeModel(model);
  expect(tf.memory().numTensors).toBe(before);
});

test('weights of another size and none at all are refused, and nothing is left behind', () => {
  const before = tf.memory().numTensors;
  const weights = livelyWeights(TINY, 'parameters');
  const name = 'transformer.h.1.mlp.c_fc.bias';
  expect(() => createModel(TINY, { ...weights, [name]: new Float32Array(83) })).toThrow(RangeError);
  expect(() => createModel(TINY, { ...weights, [name]: undefined as unknown as Float32Array })).toThrow(name);
  expect(tf.memory().numTensors).toBe(before);
});

test('a shape outside the knobs is refused', () => {
  expect(configOf(300, 64)).toEqual({ vocabulary: 300, positions: 64, width: 64, layers: 3, heads: 8 });
  for (const [width, layers] of [
    [0, 3],
    [12, 3],
    [136, 3],
    [NaN, 3],
    [64, 0],
    [64, 2.5],
    [64, 99],
  ])
    expect(() => configOf(300, width, layers), `${width}, ${layers}`).toThrow(RangeError);
  expect(gistSize(configOf(300, 64))).toBe(128);
});

test('rows are padded on the right, and their gists found', () => {
  const rows = padRows([[1, 3], [1, 5, 6], [1]]);
  expect(rows).toEqual({
    tokens: Int32Array.of(1, 3, 0, 1, 5, 6, 1, 0, 0),
    gists: Int32Array.of(1, 3, 3),
    B: 3,
    T: 3,
  });
  expect(padRows([[1]], 4).tokens).toHaveLength(4);
  expect(() => padRows([[1, 2, 3]], 2)).toThrow(RangeError);
});
