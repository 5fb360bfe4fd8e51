import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, test } from 'vitest';
import * as kernels from '../../src/kernels/index.ts';
import { expectLikeOracle, randomIntegers, randomNumbers } from './compare.ts';
import { guardAllocations } from './guards.ts';
import * as oracle from './oracle.ts';

const fused = {
  embedding: kernels.embedding,
  layerNorm: kernels.layerNorm,
  linear: kernels.linear,
  attention: kernels.attention,
  unembed: kernels.unembed,
  crossEntropy: kernels.crossEntropy,
  tokenLogProb: kernels.tokenLogProb,
};
const composed = {
  embedding: kernels.composedEmbedding,
  layerNorm: kernels.composedLayerNorm,
  linear: kernels.composedLinear,
  attention: kernels.composedAttention,
  unembed: kernels.composedUnembed,
  crossEntropy: kernels.composedCrossEntropy,
  tokenLogProb: kernels.composedTokenLogProb,
};

describe.each([
  { name: 'kernels on wasm', backend: 'wasm', ops: fused },
  { name: 'composed on wasm', backend: 'wasm', ops: composed },
  { name: 'composed on cpu', backend: 'cpu', ops: fused },
] as const)('$name', ({ backend, ops }) => {
  let checkGuards = () => {};
  beforeAll(async () => {
    await kernels.chooseBackend(backend);
    if (backend === 'wasm') checkGuards = guardAllocations();
  });
  afterEach(() => checkGuards());

  const input = (seed: number, shape: number[], scale = 1) => ({
    shape,
    values: randomNumbers(
      seed,
      shape.reduce((a, b) => a * b, 1),
      scale,
    ),
  });
  const int = (values: ArrayLike<number>) => tf.tensor1d(Int32Array.from(values), 'int32');

  test.each([
    { B: 2, T: 3, D: 5, V: 7, P: 11, offsets: [0, 8] },
    { B: 3, T: 1, D: 8, V: 2, P: 1, offsets: [0, 0, 0] },
    { B: 2, T: 5, D: 13, V: 7, P: 5, offsets: [0, 3] }, // runs out of positions
  ])('embedding of $B × $T tokens, width $D', ({ B, T, D, V, P, offsets }) => {
    const tokens = randomIntegers(1, B * T, V);
    expectLikeOracle({
      inputs: [input(2, [V, D]), input(3, [P, D])],
      operation: (wte, wpe) =>
        ops.embedding(
          tf.tensor2d(tokens, [B, T], 'int32'),
          int(offsets),
          wte as tf.Tensor2D,
          wpe as tf.Tensor2D,
        ),
      oracle: (wte, wpe) => oracle.embedding(tokens, offsets, wte, wpe, D),
    });
  });

  test.each([
    { shape: [3, 7] },
    { shape: [2, 5, 13] },
    { shape: [5, 8] },
    { shape: [1, 1] },
    { shape: [7, 3] },
    { shape: [3, 5], scale: 1e4 },
    { shape: [3, 5], scale: 1e-4 },
  ])('layer norm of $shape at scale $scale', ({ shape, scale }) => {
    const D = shape[shape.length - 1];
    expectLikeOracle({
      inputs: [input(1, shape, scale), input(2, [D]), input(3, [D])],
      operation: (x, gain, bias) => ops.layerNorm(x, gain as tf.Tensor1D, bias as tf.Tensor1D),
      oracle: (x, gain, bias) => oracle.layerNorm(x, gain, bias),
      tolerance: 2e-5,
    });
  });

  test.each([
    { shape: [5, 7], O: 11, activation: 'none' },
    { shape: [5, 7], O: 11, activation: 'gelu' },
    { shape: [2, 3, 13], O: 8, activation: 'gelu' },
    { shape: [1, 1], O: 1, activation: 'gelu' },
    { shape: [3, 1], O: 2, activation: 'none' },
    { shape: [4, 8], O: 3, activation: 'none' },
    { shape: [2, 5], O: 23, activation: 'gelu', scale: 8 },
  ] as const)('linear of $shape to $O, $activation', (config) => {
    const { shape, O, activation } = config;
    const I = shape[shape.length - 1];
    expectLikeOracle({
      inputs: [input(1, [...shape], 'scale' in config ? config.scale : 1), input(2, [I, O]), input(3, [O])],
      operation: (x, weight, bias) =>
        ops.linear(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D, activation),
      oracle: (x, weight, bias) => oracle.linear(x, weight, bias, activation === 'gelu'),
      tolerance: 5e-6,
    });
  });

  test.each([
    { T: 5, H: 3, d: 7, gists: [0, 4, 2] },
    { T: 7, H: 2, d: 8, gists: [3, 7, 99] },
    { T: 11, H: 3, d: 1, gists: [6] },
    { T: 1, H: 2, d: 3, gists: [0, 1] },
    { T: 5, H: 1, d: 13, gists: [1, -1] },
    { T: 6, H: 2, d: 16, gists: [5, 3] },
    { T: 3, H: 1, d: 19, gists: [2] },
    { T: 9, H: 1, d: 8, gists: [4], scale: 40 },
  ])('attention over $T positions, $H heads of $d, gists at $gists', ({ T, H, d, gists, scale }) => {
    expectLikeOracle({
      inputs: [input(1, [gists.length, T, 3 * H * d], scale)],
      operation: (qkv) => ops.attention(qkv as tf.Tensor3D, int(gists), H),
      oracle: (qkv) => oracle.attention(qkv, gists, T, H),
      tolerance: scale ? 1e-3 : 5e-6, // scores in the thousands: their last bits are what the weights hang on
    });
  });

  test.each([
    { N: 5, D: 3, V: 7 },
    { N: 1, D: 1, V: 1 },
    { N: 3, D: 8, V: 13 },
    { N: 7, D: 5, V: 16 },
  ])('unembed of $N rows of $D to $V', ({ N, D, V }) => {
    expectLikeOracle({
      inputs: [input(1, [N, D]), input(2, [V, D])],
      operation: (x, wte) => ops.unembed(x as tf.Tensor2D, wte as tf.Tensor2D),
      oracle: (x, wte) => oracle.unembed(x, wte, D),
    });
  });

  test.each([
    { N: 5, V: 7, weights: [1, 0, 0.5, 2, 0] },
    { N: 3, V: 1, weights: [1, 1, 1] },
    { N: 3, V: 13, weights: [0, 0, 0] },
    { N: 1, V: 8, weights: [0.25] },
  ])('cross-entropy of $N × $V, weights $weights', ({ N, V, weights }) => {
    const targets = randomIntegers(5, N, V);
    expectLikeOracle({
      inputs: [input(1, [N, V], 3)],
      operation: (logits) => ops.crossEntropy(logits as tf.Tensor2D, int(targets), tf.tensor1d(weights)),
      oracle: (logits) => oracle.crossEntropy(logits, targets, weights),
    });
  });

  test.each([
    { N: 5, V: 7 },
    { N: 2, V: 1 },
    { N: 3, V: 17 },
  ])('log-likelihoods of $N × $V', ({ N, V }) => {
    const targets = randomIntegers(6, N, V);
    expectLikeOracle({
      inputs: [input(1, [N, V], 3)],
      operation: (logits) => ops.tokenLogProb(logits as tf.Tensor2D, int(targets)),
      oracle: (logits) => oracle.tokenLogProb(logits, targets),
    });
  });

  test.each([1e4, -1e4])('losses of logits of %d', (extreme) => {
    const values = randomNumbers(7, 3 * 5);
    values[2] = values[6] = values[13] = extreme;
    const targets = [2, 0, 3];
    expectLikeOracle({
      inputs: [{ shape: [3, 5], values }],
      operation: (logits) => ops.crossEntropy(logits as tf.Tensor2D, int(targets), tf.tensor1d([1, 2, 3])),
      oracle: (logits) => oracle.crossEntropy(logits, targets, [1, 2, 3]),
    });
    expectLikeOracle({
      inputs: [{ shape: [3, 5], values }],
      operation: (logits) => ops.tokenLogProb(logits as tf.Tensor2D, int(targets)),
      oracle: (logits) => oracle.tokenLogProb(logits, targets),
    });
  });
});
