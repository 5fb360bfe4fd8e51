import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  attendCached,
  block,
  blockCached,
  chooseBackend,
  KeyValueCache,
  placesOf,
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

  /** Row b of a cache of B + 1 rows is text b's, the other way round. */
  const rowOf = (b: number, B: number) => B - b;

  test.each([
    { B: 3, P: 7, H: 3, d: 5 },
    { B: 2, P: 5, H: 2, d: 8 },
    { B: 1, P: 11, H: 1, d: 1 },
    { B: 2, P: 7, H: 3, d: 13 },
    { B: 2, P: 9, H: 1, d: 16 },
    { B: 3, P: 7, H: 4, d: 8 },
    { B: 2, P: 6, H: 9, d: 8 },
  ])(
    'cached attention is attention, of texts at places of their own: $B texts, $P positions, $H heads of $d',
    ({ B, P, H, d }) => {
      const before = tf.memory().numTensors;
      const D = H * d;
      const all = randomNumbers(1, B * P * 3 * D);
      const expected = oracle.attention(all, Array<number>(B).fill(P), P, H);
      const cache = new KeyValueCache(B + 1, P, D);
      const row = (from: ArrayLike<number>, b: number, t: number, size: number) =>
        Array.prototype.slice.call(from, (b * P + t) * size, (b * P + t + 1) * size) as number[];
      // A text starts a step after the one before it, and is left out when its positions are full.
      for (let step = 0; step < P + B - 1; step++) {
        const texts = [...Array(B).keys()].filter((b) => step - b >= 0 && step - b < P);
        const qkv = texts.map((b) => row(all, b, step - b, 3 * D));
        const actual = tf.tidy(() => {
          const places = placesOf(
            texts.map((b) => rowOf(b, B)),
            texts.map((b) => step - b),
          );
          return attendCached(tf.tensor2d(qkv), cache, places, H).dataSync();
        });
        for (const [k, b] of texts.entries())
          expectClose(
            `text ${b}, position ${step - b}`,
            actual.slice(k * D, (k + 1) * D),
            Float64Array.from(row(expected, b, step - b, D)),
            5e-6,
          );
      }
      const keys = cache.keys.dataSync();
      for (let b = 0; b < B; b++)
        for (let t = 0; t < P; t++)
          expectClose(
            `key ${t} of text ${b}`,
            row(keys, rowOf(b, B), t, D),
            Float64Array.from(row(all, b, t, 3 * D).slice(D, 2 * D)),
          );
      expect(new Set(row(keys, 0, 0, P * D))).toEqual(new Set([0])); // the row of no text
      cache.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test('a cache refuses places that it does not hold, and attention heads that do not fit', () => {
    const before = tf.memory().numTensors;
    const cache = new KeyValueCache(2, 3, 4);
    tf.tidy(() => {
      const qkv = tf.zeros<tf.Rank.R2>([2, 12]);
      const attend = (rows: number[], positions: number[], heads = 2) =>
        attendCached(qkv, cache, placesOf(rows, positions), heads);
      expect(() => attend([0, 1], [0, 3])).toThrow(RangeError);
      expect(() => attend([0, 1], [-1, 0])).toThrow(RangeError);
      expect(() => attend([0, 2], [0, 0])).toThrow(RangeError);
      expect(() => attend([-1, 0], [0, 0])).toThrow(RangeError);
      expect(() => attend([0], [0])).toThrow(RangeError);
      expect(() => attend([0, 1], [0, 0], 3)).toThrow(RangeError);
      expect(attend([1, 0], [0, 0]).shape).toEqual([2, 4]);
    });
    cache.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('rows that are chosen keep what they hold, in the order asked for', () => {
    const before = tf.memory().numTensors;
    const [R, P, D] = [3, 5, 8];
    const cache = new KeyValueCache(R, P, D);
    const attend = (to: KeyValueCache, t: number, numbers: ArrayLike<number>) =>
      tf.tidy(() => {
        const rows = [...Array(numbers.length / (3 * D)).keys()];
        const qkv = tf.tensor2d(Float32Array.from(numbers), [rows.length, 3 * D]);
        const places = placesOf(
          rows,
          rows.map(() => t),
        );
        attendCached(qkv, to, places, 1);
      });
    for (let t = 0; t < 3; t++) attend(cache, t, randomNumbers(t, R * 3 * D));
    const chosen = cache.select([2, 0, 2, 1], 3);
    const held = ({ keys, values }: KeyValueCache) =>
      [keys, values].map((all) => tf.tidy(() => tf.slice(all, [0, 0, 0], [-1, 3, D]).arraySync()));
    const [keys, values] = held(cache);
    expect(held(chosen)).toEqual([keys, values].map((all) => [2, 0, 2, 1].map((row) => all[row])));
    expect(() => cache.select([3], 1)).toThrow(RangeError);
    expect(() => cache.select([-1], 1)).toThrow(RangeError);
    expect(() => cache.select([0], 6)).toThrow(RangeError);
    attend(chosen, 0, new Float32Array(4 * 3 * D)); // is its own: the first stays as it was
    expect(held(chosen)).not.toEqual([keys, values].map((all) => [2, 0, 2, 1].map((row) => all[row])));
    expect(held(cache)).toEqual([keys, values]);
    chosen.dispose();
    cache.dispose();
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
      const rows = [...Array(B).keys()];
      const together = (t: number) =>
        placesOf(
          rows,
          rows.map(() => t),
        );
      for (let t = 0; t < P; t++) {
        const y = blockCached(at(x, t), cache, together(t), H, weights);
        expectClose(`position ${t}`, y.dataSync(), at(whole, t).dataSync(), 1e-5);
      }
      expect(() => blockCached(at(x, 0), cache, together(P), H, weights)).toThrow(RangeError);
      expect(() => blockCached(tf.zeros([B, D + 1]), cache, together(0), H, weights)).toThrow(RangeError);
      cache.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([1, 0.5, 2])('samples invert the cumulative distribution at temperature %d', (temperature) => {
    const [B, V] = [211, 13];
    const values = randomNumbers(2, B * V, 2);
    const uniforms = Float32Array.from({ length: B }, (_, b) => b / B);
    const logits = tf.tensor2d(Float32Array.from(values), [B, V]);
    const [drawn, logProbs] = tf.tidy(() => {
      const { tokens, logProbs } = sample(logits, tf.tensor1d(uniforms), temperature);
      return [tokens.dataSync(), logProbs.dataSync()];
    });
    logits.dispose();
    const likely = new Float64Array(B);
    let compared = 0;
    for (let b = 0; b < B; b++) {
      const p = oracle.softmax([...values.subarray(b * V, (b + 1) * V)].map((logit) => logit / temperature));
      let cumulative = 0;
      const sums = p.map((x) => (cumulative += x));
      likely[b] = Math.log(p[drawn[b]]);
      if (sums.some((x) => Math.abs(x - uniforms[b]) < 1e-5)) continue; // float32 may fall on either side
      expect(drawn[b], `row ${b}`).toBe(sums.findIndex((x) => x > uniforms[b]));
      compared++;
    }
    expect(compared).toBeGreaterThan(200);
    expectClose('how likely each was', logProbs, likely, 1e-6);
  });

  test('samples at the ends: impossible tokens are never drawn, temperature 0 takes the likeliest', () => {
    const draw = (rows: number[][], uniforms: number[], temperature: number) =>
      tf.tidy(() => [...sample(tf.tensor2d(rows), tf.tensor1d(uniforms), temperature).tokens.dataSync()]);
    const almostOne = 1 - 2 ** -24;
    expect(draw([[-1e4, 0, 0, -1e4, -1e4]], [0], 1)).toEqual([1]);
    expect(draw([[-1e4, 0, 0, -1e4, -1e4]], [almostOne], 1)).toEqual([2]);
    expect(draw([[-Infinity, -Infinity, 3]], [0], 1)).toEqual([2]);
    expect(draw([[1e4, 0, 1e4 - 1, 0, 0]], [0.9], 1)).toEqual([2]);
    expect(draw([[7]], [almostOne], 1)).toEqual([0]);
    expect(draw([[1, 3, 2], [5, 0, 5]], [0.99, 0.99], 0)).toEqual([1, 0]); // prettier-ignore
  });
});
