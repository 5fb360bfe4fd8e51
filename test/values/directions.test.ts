/** What a constitution sees, as algebra: every law that its docstrings state, on gists of any shape. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centrePoints, covarianceWith, Matrix, solveVector, times } from '../../src/math/linear.ts';
import { createRandom, type Random } from '../../src/math/random.ts';
import * as directions from '../../src/values/directions.ts';
import type { Gists } from '../../src/values/gists.ts';
import { expectMatrix, randomMatrix, randomVector } from '../math/build.ts';

const { erased, mix, projected, projector, randomSubspace, subspaceOf } = directions;

interface Sample {
  gists: Gists;
  situations: number[];
  /** Verdicts by principles: linear in the gist, with noise and an offset of the situation's own. */
  scores: number[][];
}

/** Gists whose coordinates go together and have unequal scales, several to a situation. */
function sampleOf(random: Random, size: number, principles: number, count = 120): Sample {
  const mixing = randomMatrix(random, size, size);
  const offset = randomVector(random, size).map((x) => 5 * x);
  const data = new Float32Array(count * size);
  const situations = Array.from({ length: count }, (_, i) => Math.floor(i / 8));
  const shifts = Array.from({ length: count / 8 }, () => randomVector(random, size));
  for (let i = 0; i < count; i++) {
    const z = times(mixing, randomVector(random, size));
    z.forEach((x, j) => (data[i * size + j] = x * (1 + j) + offset[j] + shifts[situations[i]][j]));
  }
  const gists = { data, size, count, positions: new Int32Array(count).fill(9) };
  const scores = Array.from({ length: principles }, () => {
    const u = randomVector(random, size);
    return Array.from({ length: count }, (_, i) => {
      const row = data.subarray(i * size, (i + 1) * size);
      return row.reduce((sum, x, j) => sum + u[j] * x, 0) + random.normal() + 10 * situations[i];
    });
  });
  return { gists, situations, scores };
}

/** A sample, its space, and what some principles see in it. */
function fitted(seed: number, size: number, principles: number) {
  const random = createRandom(seed);
  const sample = sampleOf(random, size, principles);
  const space = directions.gistSpace(sample.gists, sample.situations);
  const us = sample.scores.map((s) => directions.directionOf(space, s));
  return { ...sample, random, space, us, subspace: subspaceOf(space, us) };
}

const seeds = fc.integer({ min: 0, max: 1e6 });
const shapes = fc.record({
  seed: seeds,
  size: fc.integer({ min: 2, max: 10 }),
  principles: fc.integer({ min: 1, max: 4 }),
});
const RUNS = { numRuns: 60 };

/** Rows of φ = h − μ, (n, H). */
function phi(gists: Pick<Gists, 'data' | 'count' | 'size'>, mean: Float64Array): Matrix {
  return new Matrix(
    Array.from({ length: gists.count }, (_, i) =>
      Array.from(gists.data.subarray(i * gists.size, (i + 1) * gists.size), (x, j) => x - mean[j]),
    ),
  );
}

describe('the projector', () => {
  test('projects: P² = P, and P is the identity on what it keeps', () => {
    fc.assert(
      fc.property(shapes, ({ seed, size, principles }) => {
        const { space, subspace } = fitted(seed, size, principles);
        const P = projector(space, subspace);
        expectMatrix(P.mmul(P), P, 1e-8);
        expect(P.trace()).toBeCloseTo(subspace.rank, 6);
      }),
      RUNS,
    );
  });

  test('keeps what every principle sees: UᵀP = Uᵀ, where principles differ', () => {
    fc.assert(
      fc.property(shapes, ({ seed, size, principles }) => {
        const { space, subspace, us } = fitted(seed, size, principles);
        fc.pre(subspace.rank === us.length);
        const U = new Matrix(us.map((u) => Array.from(u)));
        expectMatrix(U.mmul(projector(space, subspace)), U, 1e-6);
      }),
      RUNS,
    );
  });

  test('is P = Σ U (UᵀΣU)⁻¹ Uᵀ', () => {
    fc.assert(
      fc.property(shapes, ({ seed, size, principles }) => {
        const { space, subspace, us } = fitted(seed, size, principles);
        fc.pre(subspace.rank === us.length);
        const U = new Matrix(us.map((u) => Array.from(u))).transpose();
        const S = space.covariance;
        const middle = solveColumns(U.transpose().mmul(S).mmul(U), U.transpose());
        expectMatrix(projector(space, subspace), S.mmul(U).mmul(middle), 1e-6);
      }),
      RUNS,
    );
  });

  test('leaves nothing linear behind: cov((I − P)φ, s_p) = 0 for every principle, on the fitting data', () => {
    fc.assert(
      fc.property(shapes, ({ seed, size, principles }) => {
        const { space, subspace, us, gists, situations, scores } = fitted(seed, size, principles);
        fc.pre(subspace.rank === us.length);
        const rest = mixExactly(space, subspace, gists, 0, 1);
        const centred = centreRows(rest, situations);
        for (const s of scores) {
          const left = covarianceWith(centred, size, s);
          const before = covarianceWith(space.centred, size, s);
          const largest = Math.max(...before.map(Math.abs));
          left.forEach((x) => expect(Math.abs(x) / largest).toBeLessThan(1e-7));
        }
      }),
      RUNS,
    );
  });

  test('is the least change that does it: no other direction to move along is shorter', () => {
    fc.assert(
      fc.property(shapes, ({ seed, size, principles }) => {
        const { space, subspace, us, random } = fitted(seed, size, principles);
        fc.pre(subspace.rank === us.length && subspace.rank < size);
        // Any Q with UᵀQ = Uᵀ erases as well; P has the least E|Qφ|² in the metric of Σ⁻¹ (LEACE), whose trace is the rank.
        const P = projector(space, subspace);
        const other = P.clone().add(
          Matrix.sub(Matrix.eye(size), P)
            .mmul(randomMatrix(random, size, size))
            .mmul(P),
        );
        const cost = (Q: Matrix) => {
          const inner = space.inverseRoot.mmul(Q).mmul(space.root);
          return inner.to1DArray().reduce((sum, x) => sum + x * x, 0);
        };
        const U = new Matrix(us.map((u) => Array.from(u)));
        expectMatrix(U.mmul(other), U, 1e-5);
        expect(cost(P)).toBeCloseTo(subspace.rank, 5);
        expect(cost(other)).toBeGreaterThan(cost(P) - 1e-6);
      }),
      RUNS,
    );
  });

  test('of a subspace of rank 0 keeps nothing', () => {
    const { space, gists } = fitted(1, 5, 1);
    const nothing = subspaceOf(space, [new Float64Array(5)]);
    expect(nothing.rank).toBe(0);
    expectMatrix(projector(space, nothing), Matrix.zeros(5, 5), 1e-12);
    const kept = projected(space, nothing, gists);
    for (let i = 0; i < kept.length; i++) expect(kept[i]).toBeCloseTo(space.mean[i % 5], 4);
    expect(erased(space, nothing, gists)).toEqual(gists.data);
  });
});

describe('mixing', () => {
  test('equals the matrix product μ + a·Pφ + b·(I − P)φ', () => {
    const weights = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(shapes, weights, weights, ({ seed, size, principles }, a, b) => {
        const { space, subspace, gists } = fitted(seed, size, principles);
        const exact = mixExactly(space, subspace, gists, a, b);
        const actual = mix(space, subspace, gists, a, b);
        const largest = Math.max(...exact.to1DArray().map(Math.abs));
        const errors = actual.map((x, i) => Math.abs(x - exact.get(Math.floor(i / size), i % size)));
        expect(Math.max(...errors) / largest).toBeLessThan(1e-6);
      }),
      RUNS,
    );
  });

  test('what is kept and what is erased add up to φ; both at full weight are the gists', () => {
    fc.assert(
      fc.property(shapes, ({ seed, size, principles }) => {
        const { space, subspace, gists } = fitted(seed, size, principles);
        const [kept, rest] = [projected(space, subspace, gists), erased(space, subspace, gists)];
        const whole = mix(space, subspace, gists, 1, 1);
        const largest = Math.max(...gists.data.map(Math.abs));
        const added = gists.data.map((h, i) => Math.abs(kept[i] + rest[i] - space.mean[i % size] - h));
        expect(Math.max(...added) / largest).toBeLessThan(1e-5);
        expect(Math.max(...gists.data.map((h, i) => Math.abs(whole[i] - h))) / largest).toBeLessThan(1e-6);
      }),
      RUNS,
    );
  });

  test('a share of the rest lies between keeping all and the subspace alone', () => {
    const { space, subspace, gists } = fitted(2, 6, 2);
    const [none, all] = [projected(space, subspace, gists, 0), projected(space, subspace, gists, 1)];
    const quarter = projected(space, subspace, gists, 0.25);
    quarter.forEach((x, i) => expect(x).toBeCloseTo(0.75 * none[i] + 0.25 * all[i], 3));
  });

  test('the gists given stay as they were', () => {
    const { space, subspace, gists } = fitted(3, 6, 2);
    const before = gists.data.slice();
    mix(space, subspace, gists, 0.3, -1);
    expect(gists.data).toEqual(before);
  });
});

describe('rank', () => {
  test('principles that see almost the same count once', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 4, max: 10 }), (seed, size) => {
        const { space, us, random } = fitted(seed, size, 1);
        const length = Math.hypot(...us[0]);
        const near = us[0].map((x) => x + (0.01 * length * random.normal()) / Math.sqrt(size));
        const paraphrases = [us[0], near, us[0].map((x) => 30 * x), us[0].map((x) => -x)];
        const whitened = (u: Float64Array) => times(space.root, u);
        const [a, b] = [whitened(us[0]), whitened(near)];
        const cosine = a.reduce((sum, x, i) => sum + x * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b));
        fc.pre(Math.abs(cosine) > 0.99); // near in what is judged, not only as numbers
        expect(subspaceOf(space, paraphrases).rank).toBe(1);
      }),
      RUNS,
    );
  });

  test('opposite principles see the same subspace', () => {
    const { space, us } = fitted(4, 8, 1);
    const [one, other] = [us[0], us[0].map((x) => -2 * x)].map((u) =>
      projector(space, subspaceOf(space, [u])),
    );
    expectMatrix(one, other, 1e-10);
  });

  test('it never passes the number of directions nor of dimensions', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (seed, size, many) => {
          const { space, subspace } = fitted(seed, size, many);
          expect(subspace.rank).toBeLessThanOrEqual(Math.min(size, many));
          expect(subspace.rank).toBeGreaterThanOrEqual(1);
          expect(subspace.basis.columns).toBe(subspace.rank);
          expectMatrix(
            projector(space, subspace).mmul(projector(space, subspace)),
            projector(space, subspace),
            1e-7,
          );
        },
      ),
      RUNS,
    );
  });

  test('a random subspace has the rank asked for, and is another for another stream', () => {
    const { space } = fitted(5, 12, 1);
    for (const rank of [0, 1, 2, 5, 12]) {
      const subspace = randomSubspace(space, rank, createRandom(rank));
      expect([subspace.rank, subspace.basis.columns, subspace.basis.rows]).toEqual([rank, rank, 12]);
      const P = projector(space, subspace);
      expectMatrix(P.mmul(P), P, 1e-9);
      expect(P.trace()).toBeCloseTo(rank, 8);
    }
    const again = (seed: number) => randomSubspace(space, 3, createRandom(seed)).basis.to1DArray();
    expect(again(1)).toEqual(again(1));
    expect(again(1)).not.toEqual(again(2));
  });

  test('a random subspace is as wide in every direction of whitened space', () => {
    const { space } = fitted(6, 4, 1);
    const sum = Matrix.zeros(4, 4);
    const draws = 3000;
    for (let i = 0; i < draws; i++) {
      const { basis } = randomSubspace(space, 1, createRandom(i));
      sum.add(basis.mmul(basis.transpose()));
    }
    expectMatrix(sum.mul(4 / draws), Matrix.eye(4), 0.08); // E of a random unit projector: I / H
  });
});

describe('a direction', () => {
  test('of a score that is linear in the gist is that score, up to the ridge', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 8 }), (seed, size) => {
        const random = createRandom(seed);
        const { gists, situations } = sampleOf(random, size, 0);
        const planted = randomVector(random, size);
        const s = Array.from({ length: gists.count }, (_, i) => {
          const row = gists.data.subarray(i * size, (i + 1) * size);
          return row.reduce((sum, x, j) => sum + planted[j] * x, 0) + 100 * situations[i];
        });
        const space = directions.gistSpace(gists, situations);
        const u = directions.directionOf(space, s);
        // cov(h, s) = (Σ − λI) w, so that u = w − λΣ⁻¹w; λ is a share of the trace before the ridge.
        const ridge = ((directions.RIDGE / (1 + directions.RIDGE)) * space.covariance.trace()) / size;
        const shrunk = solveVector(space.covariance, Float64Array.from(planted));
        const expected = shrunk.map((x, i) => planted[i] - ridge * x);
        // Compare scores, not coordinates along which gists hardly vary.
        const error = Math.hypot(
          ...times(
            space.root,
            u.map((x, i) => x - expected[i]),
          ),
        );
        expect(error).toBeLessThan(1e-6 * Math.hypot(...times(space.root, planted)));
      }),
      RUNS,
    );
  });

  test('ignores what is constant within a situation', () => {
    const { space, scores, situations } = fitted(7, 5, 1);
    const u = directions.directionOf(space, scores[0]);
    const moved = directions.directionOf(
      space,
      scores[0].map((s, i) => s + 1000 * Math.sin(situations[i])),
    );
    u.forEach((x, i) => expect(moved[i]).toBeCloseTo(x, 6));
  });

  test('is linear in the score', () => {
    const { space, scores } = fitted(8, 5, 2);
    const [u, v] = scores.map((s) => directions.directionOf(space, s));
    const joined = directions.directionOf(
      space,
      scores[0].map((s, i) => 2 * s - 3 * scores[1][i]),
    );
    joined.forEach((x, i) => expect(x).toBeCloseTo(2 * u[i] - 3 * v[i], 6));
  });
});

test('the space: global mean, covariance within the situation with its ridge, and its roots', () => {
  const { gists, situations, space } = fitted(9, 4, 1);
  const rows = phi(gists, new Float64Array(4));
  for (let j = 0; j < 4; j++)
    expect(space.mean[j]).toBeCloseTo(rows.getColumn(j).reduce((a, b) => a + b) / 120, 4);
  const centred = centreRows(rows, situations);
  const within = new Matrix(
    Array.from({ length: 120 }, (_, i) => Array.from(centred.subarray(4 * i, 4 * i + 4))),
  );
  const covariance = within.transpose().mmul(within).div(120);
  const ridge = (directions.RIDGE * covariance.trace()) / 4;
  expectMatrix(space.covariance, covariance.add(Matrix.eye(4).mul(ridge)), 1e-9);
  expectMatrix(space.root.mmul(space.root), space.covariance, 1e-9);
});

/** A⁻¹·B, column by column. */
function solveColumns(A: Matrix, B: Matrix): Matrix {
  const inverse = Matrix.zeros(A.rows, A.rows);
  const [a, n] = [A.to2DArray().map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]), A.rows];
  for (let c = 0; c < n; c++) {
    const pivot = a.findIndex(
      (row, r) => r >= c && Math.abs(row[c]) === Math.max(...a.slice(c).map((x) => Math.abs(x[c]))),
    );
    [a[c], a[pivot]] = [a[pivot], a[c]];
    a[c] = a[c].map((x) => x / a[c][c]);
    for (let r = 0; r < n; r++) {
      const factor = a[r][c];
      if (r !== c) a[r] = a[r].map((x, k) => x - factor * a[c][k]);
    }
  }
  a.forEach((row, i) => inverse.setRow(i, row.slice(n)));
  return inverse.mmul(B);
}

/** μ + a·Pφ + b·(I − P)φ by whole matrices in float64, (n, H). */
function mixExactly(
  space: directions.GistSpace,
  subspace: directions.Subspace,
  gists: Gists,
  a: number,
  b: number,
): Matrix {
  const P = projector(space, subspace);
  const M = P.clone()
    .mul(a)
    .add(Matrix.sub(Matrix.eye(space.size), P).mul(b));
  return phi(gists, space.mean).mmul(M.transpose()).addRowVector(Array.from(space.mean));
}

/** Rows centred within the situation, flat. */
function centreRows(rows: Matrix, situations: number[]): Float64Array {
  const data = Float64Array.from(rows.to1DArray());
  // centrePoints reads float32 points; float64 ones keep the tolerance of exact laws.
  return centrePoints(
    { data: data as unknown as Float32Array, count: rows.rows, size: rows.columns },
    situations,
  );
}
