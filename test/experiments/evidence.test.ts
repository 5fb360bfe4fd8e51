/** Evidence over seeds against the statistics of the whole. */
import { expect, test } from 'vitest';
import { compare, keyText, under } from '../../src/analysis/moments.ts';
import { Evidence, meanOver } from '../../src/experiments/framework/evidence.ts';
import { createRandom } from '../../src/math/random.ts';
import { correlationWithin, slopeWithin } from '../../src/math/statistics.ts';

function sample(seed: number, count: number, each: number) {
  const random = createRandom(seed);
  const situations = Array.from({ length: count * each }, (_, i) => Math.floor(i / each));
  const x = situations.map((g) => g + random.normal());
  const y = x.map((v, i) => 2 * situations[i] + 0.5 * v + random.normal());
  return { x, y, situations };
}

test('two seeds together are as one sample of both', () => {
  const [a, b] = [sample(1, 7, 5), sample(2, 7, 5)];
  const evidence = new Evidence(
    [a, b].map(({ x, y, situations }) => [[['both'] as const, compare(x, y, situations, 7)]]),
  );
  const joined = [
    [...a.x, ...b.x],
    [...a.y, ...b.y],
    [...a.situations, ...b.situations.map((g) => g + 7)],
  ];
  expect(evidence.n).toBe(14);
  expect(evidence.value((read) => read.r(['both']))).toBeCloseTo(
    correlationWithin(joined[0], joined[1], joined[2]),
    12,
  );
  const { value, low, high } = evidence.measure('slope', (read) => read.slope(['both']));
  expect(value).toBeCloseTo(slopeWithin(joined[0], joined[1], joined[2]), 12);
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
});

test('what differs between seeds widens the interval, and one seed has that of its situations', () => {
  const of = (slope: number, seed: number) => {
    const { x, situations } = sample(seed, 40, 4);
    const random = createRandom(`noise ${seed}`);
    const y = x.map((v) => slope * v + random.normal());
    return [[['s'] as const, compare(x, y, situations, 40)] as const];
  };
  const width = (slopes: number[]) => {
    const { low, high } = new Evidence(slopes.map((slope, i) => of(slope, i))).estimate((r) =>
      r.slope(['s']),
    );
    return high - low;
  };
  expect(width([1, 2, 3])).toBeGreaterThan(4 * width([2, 2, 2]));
  expect(width([2])).toBeGreaterThan(width([2, 2, 2]));
});

test('some rows alone; situations without any of them add nothing', () => {
  const { x, y, situations } = sample(3, 6, 4);
  const rows = situations.flatMap((g, i) => (g < 3 && i % 4 > 0 ? [i] : []));
  const compared = compare(x, y, situations, 6, rows);
  expect(compared.xx).toHaveLength(6);
  expect(compared.xx.slice(3)).toEqual([0, 0, 0]);
  const at = (list: number[]) => rows.map((i) => list[i]);
  expect(new Evidence([[[['some'], compared]]]).value((read) => read.r(['some']))).toBeCloseTo(
    correlationWithin(at(x), at(y), at(situations)),
    12,
  );
});

test('all statistics see the same draws: the mean of intervals’ parts is the part of the mean', () => {
  const { x, y, situations } = sample(4, 9, 4);
  const down = y.map((v) => -v);
  const evidence = new Evidence([
    [
      [['y', 'up'], compare(x, y, situations, 9)],
      [['y', 'down'], compare(x, down, situations, 9)],
    ],
  ]);
  const zero = evidence.estimate((read) => meanOver(evidence.keys, (key) => read.r(key)));
  expect(zero.value).toBeCloseTo(0, 12);
  expect(zero.high - zero.low).toBeLessThan(1e-12);
});

test('a key that nobody compared is an error, and so are seeds of different keys and no keys', () => {
  const { x, y, situations } = sample(5, 4, 4);
  const compared = compare(x, y, situations, 4);
  const kept = (rank: number) => [[['kept', rank] as const, compared] as const];
  const evidence = new Evidence([kept(1)]);
  expect(evidence.value((read) => read.r(['kept', 1]))).not.toBeNaN();
  expect(() => evidence.value((read) => read.r(['kept', 2]))).toThrow(RangeError);
  expect(() => new Evidence([kept(1), kept(2)])).toThrow(RangeError);
  expect(() => new Evidence([[]])).toThrow(RangeError);
});

test('keys that read alike as text are apart, and those of a prefix begin with it', () => {
  expect(keyText(['a', 1])).not.toBe(keyText(['a', '1']));
  expect(keyText(['a b'])).not.toBe(keyText(['a', 'b']));
  const compared = { xx: [1], xy: [1], yy: [1] };
  expect(under(['care'], [[['kept', 2], compared]])).toEqual([[['care', 'kept', 2], compared]]);
});
