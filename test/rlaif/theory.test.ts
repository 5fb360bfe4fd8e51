/** Predictions: the exact tilt against sums written out, closed forms, and the theorems that bound it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/math/random.ts';
import { correlationWithin, deviationWithin } from '../../src/math/statistics.ts';
import {
  gainCurve,
  LEAST_EFFECTIVE,
  linearGain,
  pairAccuracyAt,
  tilt,
  tiltAtKl,
} from '../../src/rlaif/theory.ts';
import type { Judgements } from '../../src/rlaif/theory.ts';

/** Scores and worth with correlation ρ within the situation, each situation with an offset of its own. */
function gaussian(random: Random, situations: number, each: number, rho: number, sigma = 1.7): Judgements {
  const n = situations * each;
  const data = { situations: new Int32Array(n), scores: new Float64Array(n), worth: new Float64Array(n) };
  const [a, b] = [0, 1].map(() => Array.from({ length: situations }, () => 3 * random.normal()));
  for (let i = 0; i < n; i++) {
    const x = Math.floor(i / each);
    const z = random.normal();
    data.situations[i] = x;
    data.scores[i] = a[x] + 2.5 * z;
    data.worth[i] = b[x] + sigma * (rho * z + Math.sqrt(1 - rho * rho) * random.normal());
  }
  return data;
}

/** Judgements of any shape: small numbers, ties, situations of unequal size. */
const anyJudgements = fc
  .record({ seed: fc.integer({ min: 0, max: 1e6 }), ties: fc.boolean(), skew: fc.boolean() })
  .map(({ seed, ties, skew }): Judgements => {
    const random = createRandom(seed);
    const sizes = Array.from({ length: 6 }, () => 40 + random.integer(60));
    const situations = sizes.flatMap((size, x) => new Array<number>(size).fill(x));
    const draw = () => {
      const z = random.normal();
      const value = skew ? Math.exp(z) : z;
      return ties ? Math.round(value) : value;
    };
    const scores = situations.map(draw);
    return { situations, scores, worth: scores.map((s) => 0.5 * s + draw()) };
  });

/** π_t written out: weights over each situation that add up to 1. */
function weightsOf({ situations, scores }: Judgements, t: number): number[] {
  const all = Array.from(situations, (x, i) => ({ x, w: Math.exp(t * scores[i]) }));
  return all.map(({ x, w }) => w / all.reduce((sum, other) => (other.x === x ? sum + other.w : sum), 0));
}

/** Mean over situations of KL to the uniform sample and of the gain in some numbers, of any weights. */
function figures(situations: ArrayLike<number>, weights: readonly number[], worth: ArrayLike<number>) {
  const names = [...new Set(Array.from(situations))];
  let [kl, gain] = [0, 0];
  for (const name of names) {
    const ids = weights.map((_, i) => i).filter((i) => situations[i] === name);
    const n = ids.length;
    for (const i of ids) {
      if (weights[i] > 0) kl += (weights[i] * Math.log(weights[i] * n)) / names.length;
      gain += ((weights[i] - 1 / n) * worth[i]) / names.length;
    }
  }
  return { kl, gain };
}

describe('the tilt', () => {
  test('equals the sums written out', () => {
    fc.assert(
      fc.property(anyJudgements, fc.double({ min: -2, max: 2, noNaN: true }), (judgements, t) => {
        const point = tilt(judgements, t);
        const expected = figures(judgements.situations, weightsOf(judgements, t), judgements.worth);
        expect(point.kl).toBeCloseTo(expected.kl, 9);
        expect(point.gain).toBeCloseTo(expected.gain, 9);
        expect(point.gains).toHaveLength(6);
      }),
      { numRuns: 40 },
    );
  });

  test('at t = 0 is the sample itself', () => {
    const judgements = gaussian(createRandom(1), 5, 50, 0.5);
    const point = tilt(judgements, 0);
    expect(point.kl).toBeCloseTo(0, 12);
    expect(point.gain).toBeCloseTo(0, 12);
    expect(point.effective).toBeCloseTo(50, 9);
  });

  test('does not overflow, whatever the scores', () => {
    const { situations, scores, worth } = gaussian(createRandom(2), 3, 40, 0.5);
    const far = { situations, scores: Array.from(scores, (s) => 1e4 + 1e3 * s), worth };
    const point = tilt(far, 1);
    expect(Number.isFinite(point.gain)).toBe(true);
    expect(point.kl).toBeCloseTo(Math.log(40), 6); // all on the best response
    expect(point.effective).toBeCloseTo(1, 6);
  });

  test('its KL rises with t, and so does the gain in the tilting score itself', () => {
    const steps = fc.double({ min: 0.05, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyJudgements, fc.double({ min: 0, max: 3, noNaN: true }), steps, (judgements, t, step) => {
        const own = { ...judgements, worth: judgements.scores };
        const [less, more] = [tilt(own, t), tilt(own, t + step)];
        expect(more.kl).toBeGreaterThanOrEqual(less.kl - 1e-9);
        expect(more.gain).toBeGreaterThanOrEqual(less.gain - 1e-9);
        expect(tilt(own, -t).kl).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  test('at a KL has that KL, one t for all situations, and ignores units and offsets of the score', () => {
    const judgements = gaussian(createRandom(3), 30, 300, 0.6);
    for (const kl of [0.01, 0.3, 1]) {
      const point = tiltAtKl(judgements, kl)!;
      expect(point.kl).toBeCloseTo(kl, 8);
      const scores = Array.from(judgements.scores, (s, i) => 40 * s - 7 * judgements.situations[i]);
      const moved = tiltAtKl({ ...judgements, scores }, kl)!;
      expect(moved.gain).toBeCloseTo(point.gain, 7);
      expect(moved.t).toBeCloseTo(point.t / 40, 7);
    }
    expect(tiltAtKl(judgements, 0)!.gain).toBeCloseTo(0, 12);
  });

  test('of a judge that scores all alike gains nothing', () => {
    const judgements = gaussian(createRandom(4), 4, 100, 0.5);
    const scores = Array.from(judgements.situations, (x) => 0.1 + x / 3);
    expect(tiltAtKl({ ...judgements, scores }, 0.5)!.gain).toBeCloseTo(0, 12);
  });

  test('that no sample can carry is null: past ln n, and where too few responses count', () => {
    const judgements = gaussian(createRandom(5), 20, 64, 0.5);
    expect(tiltAtKl(judgements, Math.log(64) + 0.1)).toBeNull();
    expect(tiltAtKl(judgements, 3)).toBeNull();
    expect(tiltAtKl(judgements, 0.2)).not.toBeNull();
    // Two scores: half of each situation is best, and more than ln 2 cannot be spent.
    const halves = { ...judgements, scores: Array.from(judgements.situations, (_, i) => i % 2) };
    expect(tiltAtKl(halves, 0.6)).not.toBeNull();
    expect(tiltAtKl(halves, 0.7)).toBeNull();
  });
});

describe('closed forms', () => {
  test('on a Gaussian score the gain is √(2κ)·σ·ρ', () => {
    for (const rho of [0.9, 0.4, 0, -0.6]) {
      const judgements = gaussian(createRandom(6), 64, 800, rho, 1.7);
      for (const kl of [0.05, 0.4]) {
        const point = tiltAtKl(judgements, kl)!;
        // 64 · 800 responses: the standard error is 0.01 and more, as weights become unequal.
        expect(Math.abs(point.gain - Math.sqrt(2 * kl) * 1.7 * rho)).toBeLessThan(0.045);
        expect(Math.abs(linearGain(judgements, kl) - Math.sqrt(2 * kl) * 1.7 * rho)).toBeLessThan(0.045);
      }
    }
  });

  test('on a Gaussian score a gain of the tilt is that of a shifted mean, by Monte Carlo', () => {
    const [rho, sigma, kl] = [0.7, 1.3, 0.4];
    const random = createRandom(7);
    const judgements = gaussian(random, 64, 2000, rho, sigma);
    let sum = 0;
    const draws = 200_000;
    for (let i = 0; i < draws; i++) {
      const z = Math.sqrt(2 * kl) + random.normal(); // N(0, 1) tilted until its KL is κ
      sum += sigma * (rho * z + Math.sqrt(1 - rho * rho) * random.normal());
    }
    expect(tiltAtKl(judgements, kl)!.gain).toBeCloseTo(sum / draws, 1);
  });

  test('at small KL the linear gain and the tilt agree to first order', () => {
    fc.assert(
      fc.property(anyJudgements, (judgements) => {
        const r = correlationWithin(judgements.scores, judgements.worth, judgements.situations);
        fc.pre(Math.abs(r) > 0.2);
        // Situations of unequal size weigh alike in a tilt and by size in a correlation; here of one size.
        const equal = sameSizes(judgements, 40);
        const error = (kl: number) => Math.abs(tiltAtKl(equal, kl)!.gain - linearGain(equal, kl));
        const size = Math.abs(linearGain(equal, 1e-6));
        fc.pre(size > 1e-5);
        expect(error(1e-6) / size).toBeLessThan(0.02);
        // What is left is of second order: a hundredth of κ, a hundredth of the error.
        expect(error(1e-6)).toBeLessThan(error(1e-4) / 30 + 1e-9);
      }),
      { numRuns: 50 },
    );
  });

  test('pairwise accuracy is ½ + asin(ρ)/π', () => {
    expect(pairAccuracyAt(0)).toBe(0.5);
    expect(pairAccuracyAt(1)).toBe(1);
    expect(pairAccuracyAt(-1)).toBe(0);
    for (const rho of [-0.5, 0.3, 0.8]) {
      const random = createRandom(`pairs ${rho}`);
      const n = 40_000;
      let right = 0;
      for (let i = 0; i < n; i++) {
        const draw = () => {
          const v = random.normal();
          return { v, s: rho * v + Math.sqrt(1 - rho * rho) * random.normal() };
        };
        const [a, b] = [draw(), draw()];
        if (a.v > b.v === a.s > b.s) right += 1;
      }
      expect(Math.abs(right / n - pairAccuracyAt(rho))).toBeLessThan(4.5 * Math.sqrt(0.25 / n));
    }
  });
});

describe('bounds', () => {
  const budgets = fc.double({ min: 0.01, max: 0.6, noNaN: true });

  test('no judge gains more true value at a KL than the truth itself', () => {
    fc.assert(
      fc.property(anyJudgements, budgets, fc.integer({ min: 0, max: 1e6 }), (judgements, kl, seed) => {
        const random = createRandom(seed);
        const { situations, worth } = judgements;
        const truth = tiltAtKl({ situations, scores: worth, worth }, kl);
        fc.pre(truth !== null);
        const others = [
          judgements.scores,
          Array.from(worth, () => random.normal()),
          Array.from(worth, (v) => v ** 3 + 0.1 * random.normal()),
          Array.from(worth, (v) => -v),
        ];
        for (const scores of others) {
          const point = tiltAtKl({ situations, scores, worth }, kl);
          if (point) expect(point.gain).toBeLessThanOrEqual(truth.gain + 1e-7);
        }
      }),
    );
  });

  test('no reweighting of the sample gains more of the judge’s own score than the tilt at its KL', () => {
    fc.assert(
      fc.property(anyJudgements, fc.integer({ min: 0, max: 1e6 }), (judgements, seed) => {
        const random = createRandom(seed);
        const { situations, scores } = judgements;
        // Any policy over these responses: some follow the score, some drop responses, each situation its own way.
        const follow = Array.from({ length: 6 }, () => random.uniform());
        const dropped = random.uniform() * 0.5;
        const raw = Array.from(scores, (s, i) =>
          random.chance(dropped) ? 0 : Math.exp(follow[situations[i]] * s + 0.5 * random.normal()),
        );
        const totals = new Map<number, number>();
        raw.forEach((w, i) => totals.set(situations[i], (totals.get(situations[i]) ?? 0) + w));
        const weights = raw.map((w, i) => w / totals.get(situations[i])!);
        const { kl, gain } = figures(situations, weights, scores);
        const bound = tiltAtKl({ situations, scores, worth: scores }, kl);
        fc.pre(bound !== null);
        expect(gain).toBeLessThanOrEqual(bound.gain + 1e-7);
      }),
    );
  });

  test('the tilt by the opposite of a judge gains what it loses, to first order', () => {
    const judgements = gaussian(createRandom(8), 40, 500, 0.6);
    const against = { ...judgements, scores: Array.from(judgements.scores, (s) => -s) };
    const [up, down] = [tiltAtKl(judgements, 0.2)!.gain, tiltAtKl(against, 0.2)!.gain];
    expect(down).toBeLessThan(0);
    expect(Math.abs(up + down)).toBeLessThan(0.05 * up);
  });
});

describe('a gain curve', () => {
  const budgets = [0.1, 0.4, 0.8, 1.2, 2, 3, 4];

  test('has the tilt’s gains with intervals around them', () => {
    const judgements = gaussian(createRandom(9), 64, 256, 0.6);
    const curve = gainCurve(judgements, budgets, createRandom(1));
    Array.from(curve.kl).forEach((kl, i) => {
      expect(curve.gain[i]).toBeCloseTo(tiltAtKl(judgements, kl)!.gain, 9);
      expect(curve.low[i]).toBeLessThan(curve.gain[i]);
      expect(curve.high[i]).toBeGreaterThan(curve.gain[i]);
    });
    expect(gainCurve(judgements, budgets, createRandom(1))).toEqual(curve);
  });

  test('ends where fewer than 20 responses count', () => {
    const judgements = gaussian(createRandom(10), 64, 256, 0.6);
    const curve = gainCurve(judgements, budgets, createRandom(1));
    expect(curve.kl.length).toBeGreaterThan(2);
    expect(curve.kl.length).toBeLessThan(budgets.length);
    expect(Array.from(curve.kl)).toEqual(budgets.slice(0, curve.kl.length));
    for (const kl of curve.kl)
      expect(tiltAtKl(judgements, kl)!.effective).toBeGreaterThanOrEqual(LEAST_EFFECTIVE);
    const few = gaussian(createRandom(11), 64, 16, 0.6);
    expect(gainCurve(few, budgets, createRandom(1)).kl).toHaveLength(0);
  });
});

test('the linear gain is √(2κ)·σ(V*)·r, all within the situation', () => {
  const judgements = gaussian(createRandom(12), 10, 100, 0.5);
  const { situations, scores, worth } = judgements;
  const expected =
    Math.sqrt(0.6) * deviationWithin(worth, situations) * correlationWithin(scores, worth, situations);
  expect(linearGain(judgements, 0.3)).toBeCloseTo(expected, 12);
});

/** The first `size` responses of every situation. */
function sameSizes({ situations, scores, worth }: Judgements, size: number): Judgements {
  const seen = new Map<number, number>();
  const ids = Array.from(situations, (_, i) => i).filter((i) => {
    seen.set(situations[i], (seen.get(situations[i]) ?? 0) + 1);
    return seen.get(situations[i])! <= size;
  });
  const at = (x: ArrayLike<number>) => ids.map((i) => x[i]);
  return { situations: at(situations), scores: at(scores), worth: at(worth) };
}
