/** Statistics within groups against the plainest loops, and intervals by what they promise. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import * as stats from '../../src/math/statistics.ts';

const { centreWithin, correlationWithin, slopeWithin } = stats;

/** Mean of the members of a group. */
function groupMean(x: readonly number[], groups: readonly number[], group: number): number {
  const members = x.filter((_, i) => groups[i] === group);
  return members.reduce((a, b) => a + b, 0) / members.length;
}

/** Correlation and slope within groups, each sum written out. */
function naive(x: readonly number[], y: readonly number[], groups: readonly number[]) {
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const a = x[i] - groupMean(x, groups, groups[i]);
    const b = y[i] - groupMean(y, groups, groups[i]);
    xx += a * a;
    xy += a * b;
    yy += b * b;
  }
  return { r: xy / Math.sqrt(xx * yy), slope: xy / xx, deviation: Math.sqrt(xx / x.length) };
}

/** 2 to 40 rows: x, y and a group; every group below the largest is in use. */
const rows = fc
  .array(
    fc.record({
      x: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      y: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      g: fc.integer({ min: 0, max: 5 }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .map((list) => {
    const names = [...new Set(list.map(({ g }) => g))];
    return {
      x: list.map(({ x }) => x),
      y: list.map(({ y }) => y),
      groups: list.map(({ g }) => names.indexOf(g)),
    };
  });

describe('within groups', () => {
  test('centring subtracts each group’s own mean', () => {
    fc.assert(
      fc.property(rows, ({ x, groups }) => {
        const centred = centreWithin(x, groups);
        centred.forEach((v, i) => expect(v).toBeCloseTo(x[i] - groupMean(x, groups, groups[i]), 8));
      }),
    );
  });

  test('correlation, slope and deviation equal the plain loops', () => {
    fc.assert(
      fc.property(rows, ({ x, y, groups }) => {
        const expected = naive(x, y, groups);
        fc.pre(expected.deviation > 1e-3 && naive(y, x, groups).deviation > 1e-3);
        expect(correlationWithin(x, y, groups)).toBeCloseTo(expected.r, 8);
        expect(slopeWithin(x, y, groups) / (Math.abs(expected.slope) + 1)).toBeCloseTo(
          expected.slope / (Math.abs(expected.slope) + 1),
          8,
        );
        expect(stats.deviationWithin(x, groups)).toBeCloseTo(expected.deviation, 8);
      }),
    );
  });

  test('a shift of each group changes nothing, and a scale only the slope', () => {
    fc.assert(
      fc.property(rows, ({ x, y, groups }) => {
        fc.pre(naive(x, y, groups).deviation > 1e-2 && naive(y, x, groups).deviation > 1e-2);
        const moved = x.map((v, i) => 3 * v + 100 * groups[i]);
        expect(correlationWithin(moved, y, groups)).toBeCloseTo(correlationWithin(x, y, groups), 6);
        const [slope, before] = [slopeWithin(y, moved, groups), slopeWithin(y, x, groups)];
        expect(Math.abs(slope - 3 * before)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      }),
    );
  });

  test('correlation lies in [−1, 1] and is symmetric', () => {
    fc.assert(
      fc.property(rows, ({ x, y, groups }) => {
        const r = correlationWithin(x, y, groups);
        expect(Math.abs(r)).toBeLessThanOrEqual(1 + 1e-12);
        expect(correlationWithin(y, x, groups)).toBeCloseTo(r, 12);
      }),
    );
  });

  test('a reversal inside the groups is seen where the pooled figure hides it', () => {
    // Simpson: within each group y falls with x, over the groups it rises.
    const x = [0, 1, 2, 10, 11, 12];
    const y = [2, 1, 0, 12, 11, 10];
    expect(correlationWithin(x, y, [0, 0, 0, 1, 1, 1])).toBeCloseTo(-1, 12);
    expect(correlationWithin(x, y, [0, 0, 0, 0, 0, 0])).toBeGreaterThan(0.9);
  });

  test('what does not vary correlates 0', () => {
    expect(correlationWithin([1, 1, 2, 2], [1, 2, 3, 4], [0, 0, 1, 1])).toBe(0);
    expect(slopeWithin([1, 1], [1, 2], [0, 0])).toBe(0);
    // Three times 0.1 is not 0.3 in float64: the rounding error of a mean is no variation.
    const same = new Array<number>(7).fill(0.1);
    expect(correlationWithin(same, [1, 2, 3, 4, 5, 6, 9], new Array<number>(7).fill(0))).toBe(0);
    expect(stats.deviationWithin(same, new Array<number>(7).fill(0))).toBe(0);
  });

  test('lists of unequal length are refused', () => {
    expect(() => correlationWithin([1, 2], [1], [0, 0])).toThrow(RangeError);
    expect(() => slopeWithin([1, 2], [1, 2], [0])).toThrow(RangeError);
  });
});

test('mean, deviation, quantiles and the logistic function on known numbers', () => {
  expect(stats.mean([1, 2, 6])).toBe(3);
  expect(stats.deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
  const quarters = [1, 2, 3, 4];
  // numpy.quantile([1, 2, 3, 4], [0, 0.025, 0.5, 0.975, 1])
  const quantiles = [0, 0.025, 0.5, 0.975, 1].map((p) => stats.quantileSorted(quarters, p));
  [1, 1.075, 2.5, 3.925, 4].forEach((q, i) => expect(quantiles[i]).toBeCloseTo(q, 12));
  expect(stats.quantileSorted([5], 0.3)).toBe(5);
  expect(stats.sigmoid(0)).toBe(0.5);
  expect(stats.sigmoid(-800)).toBe(0);
  expect(stats.sigmoid(800)).toBe(1);
  expect(stats.sigmoid(1.5) + stats.sigmoid(-1.5)).toBeCloseTo(1, 15);
});

describe('intervals', () => {
  /** Share of `worlds` whose interval holds the truth; each world has its own seed. */
  const coverage = (worlds: number, holds: (seed: number) => boolean) =>
    Array.from({ length: worlds }, (_, seed) => seed).filter(holds).length / worlds;

  test('of a mean hold it in about 95% of worlds, groups being the unit', () => {
    const share = coverage(400, (seed) => {
      const random = createRandom(seed).fork('mean');
      const [x, groups]: [number[], number[]] = [[], []];
      for (let g = 0; g < 60; g++) {
        const shared = random.normal(); // members of a group go together: rows would be too sure of themselves
        for (let i = 0; i < 8; i++) {
          x.push(2 + shared + random.normal());
          groups.push(g);
        }
      }
      const { low, high } = stats.meanInterval(x, groups, random.fork('bootstrap'));
      return low <= 2 && 2 <= high;
    });
    expect(share).toBeGreaterThan(0.91); // 95% less 3.5 standard errors of 400 worlds; a percentile interval is a bit short
    expect(share).toBeLessThan(0.985);
  });

  test('of a correlation within groups hold it in about 95% of worlds', () => {
    const rho = 0.6;
    const share = coverage(300, (seed) => {
      const random = createRandom(seed).fork('correlation');
      const [x, y, groups]: [number[], number[], number[]] = [[], [], []];
      for (let g = 0; g < 60; g++) {
        const [a, b] = [5 * random.normal(), -5 * random.normal()];
        for (let i = 0; i < 16; i++) {
          const u = random.normal();
          x.push(a + u);
          y.push(b + rho * u + Math.sqrt(1 - rho * rho) * random.normal());
          groups.push(g);
        }
      }
      const { low, high } = stats.correlationInterval(x, y, groups, random.fork('bootstrap'));
      return low <= rho && rho <= high;
    });
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(0.985);
  });

  test('are the same for the same stream, hold the estimate, and their value is the plain figure', () => {
    const random = createRandom('data');
    const x = Array.from({ length: 200 }, () => random.normal());
    const y = x.map((v) => v + random.normal());
    const groups = x.map((_, i) => Math.floor(i / 10));
    const once = stats.correlationInterval(x, y, groups, createRandom(1));
    expect(stats.correlationInterval(x, y, groups, createRandom(1))).toEqual(once);
    expect(once.value).toBe(correlationWithin(x, y, groups));
    expect(once.low).toBeLessThan(once.value);
    expect(once.high).toBeGreaterThan(once.value);
    const average = stats.meanInterval(x, groups, createRandom(2));
    expect(average.value).toBeCloseTo(stats.mean(x), 12); // groups of one size
  });

  test('groups of unequal size count alike in a mean over groups', () => {
    expect(stats.meanInterval([1, 1, 1, 5], [0, 0, 0, 1], createRandom(0)).value).toBe(3);
  });
});

test('chance of a normal number within ±z', () => {
  for (const [z, chance] of [
    [0, 0],
    [0.6744898, 0.5],
    [1, 0.6826895],
    [1.959964, 0.95],
    [2.5758293, 0.99],
    [9, 1],
  ])
    expect(stats.chanceWithin(z)).toBeCloseTo(chance, 6);
});

describe('the error of a mean of numbers that come in groups', () => {
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  /** 60 groups of 16: each has a level of its own (deviation 2), around which its numbers lie (deviation 1). */
  function drawn(seed: number) {
    const random = createRandom(seed).fork('clusters');
    const groups = Array.from({ length: 60 * 16 }, (_, i) => i % 60);
    const levels = Array.from({ length: 60 }, () => 2 * random.normal());
    return { x: groups.map((group) => levels[group] + random.normal()), groups };
  }

  test('is that of the groups, not of the numbers', () => {
    const known = Math.sqrt(2 ** 2 / 60 + 1 / (60 * 16));
    const draws = Array.from({ length: 400 }, (_, seed) => drawn(seed));
    const errors = draws.map(({ x, groups }) => stats.clusteredError(x, groups));
    expect(Math.sqrt(mean(errors.map((one) => one ** 2))) / known).toBeCloseTo(1, 1);
    const means = Array.from({ length: 2000 }, (_, seed) => mean(drawn(seed).x));
    expect(Math.sqrt(mean(means.map((one) => one ** 2))) / known).toBeCloseTo(1, 1); // what it is the error of
    const { x } = draws[0];
    expect(stats.deviation(x) / Math.sqrt(x.length)).toBeLessThan(known / 3); // as if all were independent
  });

  test('of equal groups is that of their means, and of single numbers the usual one', () => {
    const { x, groups } = drawn(1);
    const means = Array.from({ length: 60 }, (_, g) => mean(x.filter((_, i) => groups[i] === g)));
    expect(stats.clusteredError(x, groups)).toBeCloseTo(stats.deviation(means) / Math.sqrt(60), 12);
    const alone = stats.clusteredError(
      x,
      x.map((_, i) => i),
    );
    expect(alone).toBeCloseTo(stats.deviation(x) / Math.sqrt(x.length), 12);
    expect(stats.clusteredError([1, 2], [0, 0])).toBeNaN();
  });

  test('of unequal groups counts every number once', () => {
    // mean 2; the groups’ differences from it: −1 − 1 = −2 and 2 → √(2 · (4 + 4) / 1) / 3
    expect(stats.clusteredError([1, 1, 4], [0, 0, 1])).toBeCloseTo(4 / 3, 12);
  });
});
