/** The kernels' operations on sizes that are prime and all different, each with its float64 oracle. */
import * as tf from '@tensorflow/tfjs-core';
import * as kernels from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import * as oracle from '../kernels/oracle.ts';

type Numbers = oracle.Numbers;

export interface Case {
  name: string;
  /** what gradients flow to; numbers that float32 holds exactly */
  inputs: { shape: number[]; values: Numbers }[];
  /** called in tf.tidy */
  operation: (...inputs: never[]) => tf.Tensor;
  oracle: (...inputs: Numbers[]) => Numbers;
  /** relative to the largest number */
  tolerance: number;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

export function numbers(seed: number, n: number, scale = 1): Numbers {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => Math.fround(scale * random.normal()));
}

const input = (seed: number, shape: number[], scale = 1) => ({
  shape,
  values: numbers(seed, sizeOf(shape), scale),
});

const integers = (seed: number, n: number, below: number) => {
  const random = createRandom(seed);
  return Int32Array.from({ length: n }, () => random.integer(below));
};

const int = (values: ArrayLike<number>) => tf.tensor1d(Int32Array.from(values), 'int32');

const embeddings = [
  { B: 2, T: 3, D: 5, V: 7, P: 11, offsets: [0, 8] },
  { B: 3, T: 1, D: 67, V: 2, P: 1, offsets: [0, 0, 0] },
  { B: 2, T: 5, D: 13, V: 7, P: 5, offsets: [0, 3] }, // runs out of positions
].map(({ B, T, D, V, P, offsets }): Case => {
  const tokens = integers(1, B * T, V);
  return {
    name: `embedding of ${B} × ${T} tokens, width ${D}`,
    inputs: [input(2, [V, D]), input(3, [P, D])],
    operation: (wte: tf.Tensor2D, wpe: tf.Tensor2D) =>
      kernels.embedding(tf.tensor2d(tokens, [B, T], 'int32'), int(offsets), wte, wpe),
    oracle: (wte, wpe) => oracle.embedding(tokens, offsets, wte, wpe, D),
    tolerance: 5e-6,
  };
});

const norms = [
  { shape: [3, 7], scale: 1 },
  { shape: [2, 5, 13], scale: 1 },
  { shape: [19, 3], scale: 1e4 },
  { shape: [1, 1], scale: 1 },
  { shape: [3, 5], scale: 1e-4 },
].map(({ shape, scale }): Case => {
  const D = shape[shape.length - 1];
  return {
    name: `layer norm of ${shape.join(' × ')} at scale ${scale}`,
    inputs: [input(1, shape, scale), input(2, [D]), input(3, [D])],
    operation: (x: tf.Tensor, gain: tf.Tensor1D, bias: tf.Tensor1D) => kernels.layerNorm(x, gain, bias),
    oracle: oracle.layerNorm,
    tolerance: 2e-5,
  };
});

const maps = [
  { shape: [5, 7], O: 11, activation: 'none' },
  { shape: [2, 3, 13], O: 37, activation: 'gelu' },
  { shape: [37, 3], O: 2, activation: 'gelu' },
  { shape: [1, 1], O: 1, activation: 'gelu' },
  { shape: [2, 5], O: 23, activation: 'gelu', scale: 1e4 },
] as const;
const linears = maps.map((config): Case => {
  const { shape, O, activation } = config;
  const I = shape[shape.length - 1];
  return {
    name: `linear of ${shape.join(' × ')} to ${O}, ${activation}`,
    inputs: [input(1, [...shape], 'scale' in config ? config.scale : 1), input(2, [I, O]), input(3, [O])],
    operation: (x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D) =>
      kernels.linear(x, weight, bias, activation),
    oracle: (x, weight, bias) => oracle.linear(x, weight, bias, activation === 'gelu'),
    tolerance: 5e-6,
  };
});
linears.push({
  name: 'linear with what goes past it',
  inputs: [input(1, [5, 7]), input(2, [7, 3]), input(3, [3]), input(4, [5, 3])],
  operation: (x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, past: tf.Tensor2D) =>
    kernels.linear(x, weight, bias, 'none', past),
  oracle: (x, weight, bias, past) => oracle.linear(x, weight, bias, false).map((y, i) => y + past[i]),
  tolerance: 5e-6,
});

const attentions = [
  { T: 5, H: 3, d: 7, gists: [0, 4, 2] },
  { T: 7, H: 2, d: 8, gists: [3, 7, 99] },
  { T: 11, H: 3, d: 1, gists: [6] },
  { T: 1, H: 2, d: 3, gists: [0, 1] },
  { T: 5, H: 1, d: 13, gists: [1, -1] },
  { T: 9, H: 1, d: 8, gists: [4], scale: 40 },
].map(({ T, H, d, gists, scale }): Case => {
  return {
    name: `attention over ${T} positions, ${H} heads of ${d}, gists at ${gists.join(', ')}`,
    inputs: [input(1, [gists.length, T, 3 * H * d], scale)],
    operation: (qkv: tf.Tensor3D) => kernels.attention(qkv, int(gists), H),
    oracle: (qkv) => oracle.attention(qkv, gists, T, H),
    tolerance: 5e-6,
  };
});

const heads = [
  { N: 5, D: 7, V: 11 },
  { N: 1, D: 1, V: 1 },
  { N: 37, D: 3, V: 41 },
].map(({ N, D, V }): Case => {
  return {
    name: `unembedding of ${N} rows, width ${D}, to ${V}`,
    inputs: [input(1, [N, D]), input(2, [V, D])],
    operation: (x: tf.Tensor2D, wte: tf.Tensor2D) => kernels.unembed(x, wte),
    oracle: (x, wte) => oracle.unembed(x, wte, D),
    tolerance: 5e-6,
  };
});

const losses = [
  { N: 5, V: 7, scale: 1 },
  { N: 11, V: 19, scale: 5 },
  { N: 1, V: 1, scale: 1 },
  { N: 7, V: 13, scale: 1e4 },
].flatMap(({ N, V, scale }): Case[] => {
  const targets = integers(3, N, V);
  const weights = Float32Array.from({ length: N }, (_, i) => (i + 1) % 3);
  const inputs = () => [input(1, [N, V], scale)];
  return [
    {
      name: `cross-entropy of ${N} rows of ${V} at scale ${scale}`,
      inputs: inputs(),
      operation: (x: tf.Tensor2D) => kernels.crossEntropy(x, int(targets), tf.tensor1d(weights)),
      oracle: (x) => oracle.crossEntropy(x, targets, weights),
      tolerance: 5e-6,
    },
    {
      name: `log-probabilities of ${N} rows of ${V} at scale ${scale}`,
      inputs: inputs(),
      operation: (x: tf.Tensor2D) => kernels.tokenLogProb(x, int(targets)),
      oracle: (x) => oracle.tokenLogProb(x, targets),
      tolerance: 5e-6,
    },
  ];
});
losses.push({
  name: 'cross-entropy where no row counts',
  inputs: [input(1, [3, 5])],
  operation: (x: tf.Tensor2D) => kernels.crossEntropy(x, int([0, 2, 4]), tf.zeros([3])),
  oracle: (x) => oracle.crossEntropy(x, [0, 2, 4], [0, 0, 0]),
  tolerance: 5e-6,
});

/** A block of width 6 and 2 heads, its weights in the order of `weightsOf`. */
const blockShapes = [[6], [6], [6, 18], [18], [6, 6], [6], [6], [6], [6, 24], [24], [24, 6], [6]];

export function weightsOf(parts: readonly tf.Tensor[]): kernels.BlockWeights {
  const norm = (i: number) => ({ gain: parts[i] as tf.Tensor1D, bias: parts[i + 1] as tf.Tensor1D });
  const map = (i: number) => ({ weight: parts[i] as tf.Tensor2D, bias: parts[i + 1] as tf.Tensor1D });
  return { norm1: norm(0), qkv: map(2), projection: map(4), norm2: norm(6), up: map(8), down: map(10) };
}

function blockOracle(gists: readonly number[], T: number) {
  return (x: Numbers, ...p: Numbers[]): Numbers => {
    const plus = (a: Numbers, b: Numbers) => a.map((value, i) => value + b[i]);
    const qkv = oracle.linear(oracle.layerNorm(x, p[0], p[1]), p[2], p[3], false);
    const middle = plus(x, oracle.linear(oracle.attention(qkv, gists, T, 2), p[4], p[5], false));
    const hidden = oracle.linear(oracle.layerNorm(middle, p[6], p[7]), p[8], p[9], true);
    return plus(middle, oracle.linear(hidden, p[10], p[11], false));
  };
}

const blocks: Case[] = [[2, 99, 0]].map((gists) => ({
  name: 'a whole block, 3 texts of 5 positions',
  inputs: [input(1, [3, 5, 6]), ...blockShapes.map((shape, i) => input(2 + i, shape, 0.7))],
  operation: (x: tf.Tensor3D, ...parts: tf.Tensor[]) => kernels.block(x, int(gists), 2, weightsOf(parts)),
  oracle: blockOracle(gists, 5),
  tolerance: 2e-5,
}));

export const CASES: readonly Case[] = [
  ...embeddings,
  ...norms,
  ...linears,
  ...attentions,
  ...heads,
  ...losses,
  ...blocks,
];
