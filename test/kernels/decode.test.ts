import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { attendCached, chooseBackend, KeyValueCache, sample } from '../../src/kernels/index.ts';
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
