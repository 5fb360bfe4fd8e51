import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  attendCached,
  block,
  blockCached,
  chooseBackend,
  KeyValueCache,
  sample,
} from '../../src/kernels/index.ts';
import { expectClose, randomNumbers } from './compare.ts';
import { guardAllocations } from './guards.ts';
import * as oracle from './oracle.ts';

describe.each(['wasm', 'cpu'] as const)('decoding on %s', (backend) => {
  let checkGuards = () => {};
  beforeAll(async () => {
    await chooseBackend(backend);
    if (backend === 'wasm') checkGuards = guardAllocations();
  });
  afterEach(() => checkGuards());

  test.each([
    { B: 3, P: 7, H: 3, d: 5, from: 0 },
    { B: 2, P: 5, H: 2, d: 8, from: 0 },
    { B: 1, P: 11, H: 1, d: 1, from: 0 },
    { B: 2, P: 7, H: 3, d: 13, from: 2 },
    { B: 2, P: 9, H: 1, d: 16, from: 5 },
    { B: 3, P: 7, H: 4, d: 8, from: 0 },
    { B: 2, P: 6, H: 9, d: 8, from: 1 },
  ])(
    'cached attention is attention: $B rows, $P positions, $H heads of $d, from $from',
    ({ B, P, H, d, from }) => {
      const before = tf.memory().numTensors;
      const D = H * d;
      const all = randomNumbers(1, B * P * 3 * D);
      const qkv = tf.tensor3d(Float32Array.from(all), [B, P, 3 * D]);
      const newest = (t: number) =>
        tf.reshape<tf.Rank.R2>(tf.slice(qkv, [0, t, 0], [B, 1, 3 * D]), [B, 3 * D]);
      const expected = oracle.attention(all, Array<number>(B).fill(from || P), P, H);
      const cache = new KeyValueCache(B, P, D);
      const start = from + 1; // the positions before it are filled in at once; the gist itself still reads all of them
      const prompt = tf.slice(qkv, [0, 0, 0], [B, start, 3 * D]);
      cache.write(prompt, 0);
      for (let t = start; t < P; t++) {
        const actual = tf.tidy(() => attendCached(newest(t), cache, t, H, from).dataSync());
        for (let b = 0; b < B; b++) {
          const at = (b * P + t) * D;
          expectClose(`row ${b}`, actual.slice(b * D, (b + 1) * D), expected.subarray(at, at + D), 5e-6);
        }
      }
      expectClose(
        'keys',
        cache.keys.dataSync(),
        all.filter((_, i) => Math.floor((i % (3 * D)) / D) === 1),
      );
      cache.dispose();
      tf.dispose([qkv, prompt]);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test('a cache refuses positions that it does not hold, and attention an empty range', () => {
    const cache = new KeyValueCache(2, 3, 4);
    const qkv = tf.zeros<tf.Rank.R2>([2, 12]);
    expect(() => cache.write(qkv, 3)).toThrow(RangeError);
    expect(() => cache.write(qkv, -1)).toThrow(RangeError);
    expect(() => attendCached(qkv, cache, 1, 2, 2)).toThrow(RangeError);
    expect(() => attendCached(qkv, cache, 1, 3)).toThrow(RangeError);
    tf.dispose(qkv);
    cache.dispose();
  });

  test('rows that are chosen keep what they hold, in the order asked for', () => {
    const before = tf.memory().numTensors;
    const [B, P, D] = [3, 5, 7];
    const cache = new KeyValueCache(B, P, D);
    const qkv = tf.tensor3d(Float32Array.from(randomNumbers(1, B * 3 * 3 * D)), [B, 3, 3 * D]);
    cache.write(qkv, 0);
    const chosen = cache.select([2, 0, 2, 1], 3);
    const held = ({ keys, values }: KeyValueCache) =>
      [keys, values].map((all) => tf.tidy(() => tf.slice(all, [0, 0, 0], [-1, 3, D]).arraySync()));
    const [keys, values] = held(cache);
    expect(held(chosen)).toEqual([keys, values].map((all) => [2, 0, 2, 1].map((row) => all[row])));
    expect(() => cache.select([3], 1)).toThrow(RangeError);
    expect(() => cache.select([-1], 1)).toThrow(RangeError);
    expect(() => cache.select([0], 6)).toThrow(RangeError);
    const zeros = tf.zeros<tf.Rank.R3>([4, 3, 3 * D]);
    chosen.write(zeros, 0); // is its own: the first stays as it was
    expect(held(cache)).toEqual([keys, values]);
    chosen.dispose();
    cache.dispose();
    tf.dispose([qkv, zeros]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    { B: 3, P: 5, H: 3, d: 7 },
    { B: 67, P: 3, H: 4, d: 8 }, // more texts than a group of rows
    { B: 1, P: 2, H: 1, d: 1 },
  ])('a cached block is the block at its last position: $B texts, $H heads of $d', ({ B, P, H, d }) => {
    const before = tf.memory().numTensors;
    const D = H * d;
    tf.tidy(() => {
      const numbers = (seed: number, ...shape: number[]) =>
        tf.tensor(Float32Array.from(randomNumbers(seed, tf.util.sizeFromShape(shape), 0.5)), shape);
      const one = (seed: number, size: number) => numbers(seed, size) as tf.Tensor1D;
      const affine = (seed: number, I: number, O: number) => ({
        weight: numbers(seed, I, O) as tf.Tensor2D,
        bias: one(seed + 1, O),
      });
      const weights = {
        norm1: { gain: one(1, D), bias: one(2, D) },
        qkv: affine(3, D, 3 * D),
        projection: affine(5, D, D),
        norm2: { gain: one(7, D), bias: one(8, D) },
        up: affine(9, D, 4 * D),
        down: affine(11, 4 * D, D),
      };
      const x = numbers(20, B, P, D) as tf.Tensor3D;
      const whole = block(x, tf.fill<tf.Rank.R1>([B], P, 'int32'), H, weights);
      const cache = new KeyValueCache(B, P, D);
      const at = (all: tf.Tensor3D, t: number) =>
        tf.reshape<tf.Rank.R2>(tf.slice(all, [0, t, 0], [B, 1, D]), [B, D]);
      for (let t = 0; t < P; t++) {
        const y = blockCached(at(x, t), cache, t, H, weights);
        expectClose(`position ${t}`, y.dataSync(), at(whole, t).dataSync(), 1e-5);
      }
      expect(() => blockCached(at(x, 0), cache, P, H, weights)).toThrow(RangeError);
      expect(() => blockCached(tf.zeros([B, D + 1]), cache, 0, H, weights)).toThrow(RangeError);
      cache.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([1, 0.5, 2])('samples invert the cumulative distribution at temperature %d', (temperature) => {
    const [B, V] = [211, 13];
    const values = randomNumbers(2, B * V, 2);
    const uniforms = Float32Array.from({ length: B }, (_, b) => b / B);
    const logits = tf.tensor2d(Float32Array.from(values), [B, V]);
    const drawn = tf.tidy(() => sample(logits, tf.tensor1d(uniforms), temperature).dataSync());
    logits.dispose();
    let compared = 0;
    for (let b = 0; b < B; b++) {
      const p = oracle.softmax([...values.subarray(b * V, (b + 1) * V)].map((logit) => logit / temperature));
      let cumulative = 0;
      const sums = p.map((x) => (cumulative += x));
      if (sums.some((x) => Math.abs(x - uniforms[b]) < 1e-5)) continue; // float32 may fall on either side
      expect(drawn[b], `row ${b}`).toBe(sums.findIndex((x) => x > uniforms[b]));
      compared++;
    }
    expect(compared).toBeGreaterThan(200);
  });

  test('samples at the ends: impossible tokens are never drawn, temperature 0 takes the likeliest', () => {
    const draw = (rows: number[][], uniforms: number[], temperature: number) =>
      tf.tidy(() => [...sample(tf.tensor2d(rows), tf.tensor1d(uniforms), temperature).dataSync()]);
    const almostOne = 1 - 2 ** -24;
    expect(draw([[-1e4, 0, 0, -1e4, -1e4]], [0], 1)).toEqual([1]);
    expect(draw([[-1e4, 0, 0, -1e4, -1e4]], [almostOne], 1)).toEqual([2]);
    expect(draw([[-Infinity, -Infinity, 3]], [0], 1)).toEqual([2]);
    expect(draw([[1e4, 0, 1e4 - 1, 0, 0]], [0.9], 1)).toEqual([2]);
    expect(draw([[7]], [almostOne], 1)).toEqual([0]);
    expect(draw([[1, 3, 2], [5, 0, 5]], [0.99, 0.99], 0)).toEqual([1, 0]); // prettier-ignore
  });
});
