/** Replies, directions and what is done along them, against whole texts, planted numbers and a float64 model. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { harmAxis, randomLike, spreadOf } from '../../src/analysis/refusal/direction.ts';
import { replies } from '../../src/analysis/refusal/replies.ts';
import { axesOf, steering } from '../../src/analysis/refusal/steering.ts';
import { times, type Points } from '../../src/math/linear.ts';
import { createRandom } from '../../src/math/random.ts';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits } from '../../src/model/score.ts';
import { REQUESTS } from '../../src/world/requests.ts';
import { BOS, encode } from '../../src/world/tokenizer.ts';
import { smallModel } from '../values/small.ts';
import { withoutLeak } from '../values/leak.ts';

let model: Model;
beforeAll(async () => {
  model = await smallModel(7);
});
afterAll(() => disposeModel(model));

// Of several lengths, so that some are padded.
const some = REQUESTS.filter((_, i) => i % 23 === 0);

test('a reply is what the model says after the whole text, whatever stands beside it', async () => {
  expect(new Set(some.map(({ prompt }) => prompt.split(' ').length)).size).toBeGreaterThan(2);
  const { refusal, odds } = await withoutLeak(() => replies(model, some));
  const [sorry, sure] = encode('sorry sure');
  for (const [i, { prompt }] of some.entries()) {
    const last = (await logits(model, [BOS, ...encode(`${prompt} reply :`)])).at(-1);
    const all = last.reduce((sum, x) => sum + Math.exp(x), 0);
    expect(refusal[i]).toBeCloseTo(Math.exp(last[sorry]) / all, 4);
    expect(odds[i]).toBeCloseTo(last[sorry] - last[sure], 3);
  }
});

const row = ({ data, size }: Points, i: number) => Array.from(data.subarray(i * size, (i + 1) * size));

describe('steering', () => {
  const random = createRandom(3);
  const direction = () => Float64Array.from({ length: 16 }, () => random.normal());
  const planted = [direction(), direction()];
  const axes = axesOf(planted);
  const at = direction();

  test('moves what the stream says along the axes to a point, and nothing else, at the first site', async () => {
    const before = await replies(model, some);
    const visit = steering((layer) => (layer === 1 ? { axes, at } : undefined));
    const after = await withoutLeak(() => replies(model, some, visit));
    for (let i = 0; i < some.length; i++) {
      const [x, y] = [row(before.streams[1], i), row(after.streams[1], i)];
      for (const u of planted) expect(dot(u, y)).toBeCloseTo(dot(u, at), 3);
      // What changed lies in the span: nothing is left of it once the two directions are fitted away.
      const change = y.map((value, j) => value - x[j]);
      const left = change.map((value, j) => value - times(axes, times(axes.transpose(), change))[j]);
      expect(Math.hypot(...left)).toBeLessThan(1e-4 * Math.hypot(...change));
    }
    expect([...after.streams[0].data]).toEqual([...before.streams[0].data]);
    expect(after.odds).not.toEqual(before.odds);
  });

  test('without a point it takes the axes away, at every site', async () => {
    const { streams } = await replies(
      model,
      some,
      steering((layer) => (layer > 0 ? { axes } : undefined)),
    );
    for (const points of streams.slice(1))
      for (let i = 0; i < some.length; i++)
        for (const u of planted) expect(Math.abs(dot(u, row(points, i)))).toBeLessThan(1e-3);
  });

  test('adds a vector at every position, so that all later sites see it', async () => {
    const before = await replies(model, some);
    const shift = direction();
    const after = await replies(
      model,
      some,
      steering((layer) => (layer === 2 ? { by: shift } : undefined)),
    );
    for (let i = 0; i < some.length; i++)
      row(after.streams[2], i).forEach((x, j) =>
        expect(x).toBeCloseTo(row(before.streams[2], i)[j] + shift[j], 4),
      );
    expect([...after.streams[1].data]).toEqual([...before.streams[1].data]);
    expect(after.odds[0]).not.toBeCloseTo(before.odds[0], 2);
  });

  test('of directions of length 0 there is no axis', () => {
    expect(() => axesOf([new Float64Array(16)])).toThrow(RangeError);
  });
});

const dot = (u: ArrayLike<number>, x: ArrayLike<number>) =>
  Array.from(u).reduce((sum, value, j) => sum + value * x[j], 0);

test('the difference in means is the planted one', () => {
  const random = createRandom(4);
  const [count, size] = [60, 5];
  const planted = [1, -2, 0, 3, 0.5];
  const harmful = [...Array(count).keys()].filter((i) => i % 3 === 0);
  const harmless = [...Array(count).keys()].filter((i) => i % 3 !== 0);
  const data = new Float32Array(count * size);
  // Noise that cancels within each sort, so that the means are exact.
  for (const [ids, sign] of [
    [harmful, 1],
    [harmless, 0],
  ] as const)
    ids.forEach((id, k) => {
      for (let j = 0; j < size; j++) {
        const noise = k % 2 === 0 ? random.normal() : -(data[ids[k - 1] * size + j] - 7 - sign * planted[j]);
        data[id * size + j] = 7 + sign * planted[j] + noise;
      }
    });
  const axis = harmAxis({ data, count, size }, harmful, harmless);
  planted.forEach((x, j) => {
    expect(axis.direction[j]).toBeCloseTo(x, 5);
    expect(axis.harmless[j]).toBeCloseTo(7, 5);
  });
  expect(() => harmAxis({ data, count, size }, [], harmless)).toThrow(RangeError);
});

test('random directions have the length asked for, and vary as the points do', () => {
  const random = createRandom(5);
  const count = 4000;
  const data = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const z = random.normal();
    data.set([9 * z, 3 * random.normal(), 9 * z + 0.1 * random.normal()], 3 * i); // almost all along (1, 0, 1)
  }
  const root = spreadOf({ data, count, size: 3 }, new Int32Array(count));
  const along: number[] = [];
  for (let i = 0; i < 400; i++) {
    const drawn = randomLike(root, Float64Array.from([3, 4, 0]), random);
    expect(Math.hypot(...drawn)).toBeCloseTo(5, 9);
    along.push(Math.abs(drawn[0] + drawn[2]) / Math.SQRT2 / 5);
  }
  const mean = along.reduce((sum, x) => sum + x, 0) / along.length;
  expect(mean).toBeGreaterThan(0.85); // ½ for directions that are drawn alike in all three
  // About the means of groups that differ along (0, 1, 0) alone, what they differ by is not in it.
  const groups = Int32Array.from({ length: count }, (_, i) => i % 2);
  const apart = data.map((x, k) => x + (k % 3 === 1 ? 100 * groups[Math.floor(k / 3)] : 0));
  const within = spreadOf({ data: apart, count, size: 3 }, groups);
  expect(within.get(1, 1)).toBeCloseTo(root.get(1, 1), 1);
  expect(spreadOf({ data: apart, count, size: 3 }, new Int32Array(count)).get(1, 1)).toBeGreaterThan(40);
});

test('no tensor is left behind when a visit fails', async () => {
  const before = tf.memory().numTensors;
  const failing = steering((layer) => {
    if (layer === 2) throw new Error('no');
    return undefined;
  });
  await expect(replies(model, some, failing)).rejects.toThrow('no');
  expect(tf.memory().numTensors).toBe(before);
});
