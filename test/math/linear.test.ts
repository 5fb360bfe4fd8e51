/** Linear algebra on known answers and by its own laws. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as linear from '../../src/math/linear.ts';
import { createRandom } from '../../src/math/random.ts';
import { expectMatrix, positiveDefinite, randomPoints, randomVector } from './build.ts';

const { Matrix } = linear;
const seeds = fc.integer({ min: 0, max: 1e6 });
const sizes = fc.integer({ min: 1, max: 9 });

describe('points', () => {
  test('means and centred coordinates against plain loops', () => {
    const points = randomPoints(createRandom(1), 30, 7);
    const groups = Array.from({ length: 30 }, (_, i) => i % 4);
    const column = (j: number) => Array.from({ length: 30 }, (_, i) => points.data[i * 7 + j]);
    const centred = linear.centrePoints(points, groups);
    for (let j = 0; j < 7; j++) {
      const total = column(j).reduce((a, b) => a + b, 0);
      expect(linear.meanPoint(points)[j]).toBeCloseTo(total / 30, 10);
      for (let i = 0; i < 30; i++) {
        const peers = column(j).filter((_, k) => groups[k] === groups[i]);
        const mean = peers.reduce((a, b) => a + b, 0) / peers.length;
        expect(centred[i * 7 + j]).toBeCloseTo(column(j)[i] - mean, 10);
      }
    }
  });

  test('covariances against plain loops', () => {
    const points = randomPoints(createRandom(2), 40, 5);
    const centred = linear.centrePoints(points, new Array<number>(40).fill(0));
    const y = randomVector(createRandom(3), 40);
    const ybar = y.reduce((a, b) => a + b, 0) / 40;
    const matrix = linear.covarianceOf(centred, 5);
    const vector = linear.covarianceWith(centred, 5, y);
    for (let a = 0; a < 5; a++) {
      let xy = 0;
      for (let i = 0; i < 40; i++) xy += (centred[i * 5 + a] * (y[i] - ybar)) / 40;
      expect(vector[a]).toBeCloseTo(xy, 10);
      for (let b = 0; b < 5; b++) {
        let xx = 0;
        for (let i = 0; i < 40; i++) xx += (centred[i * 5 + a] * centred[i * 5 + b]) / 40;
        expect(matrix.get(a, b)).toBeCloseTo(xx, 10);
      }
    }
  });

  test('dot products less the origin’s', () => {
    const points = randomPoints(createRandom(4), 6, 3);
    const u = [1, -2, 0.5];
    const origin = [10, 20, 30];
    const plain = linear.dotPoints(points, u);
    const shifted = linear.dotPoints(points, u, origin);
    for (let i = 0; i < 6; i++) {
      const row = points.data.subarray(3 * i, 3 * i + 3);
      expect(plain[i]).toBeCloseTo(row[0] - 2 * row[1] + 0.5 * row[2], 10);
      expect(plain[i] - shifted[i]).toBeCloseTo(10 - 40 + 15, 10);
    }
  });
});

test('square roots: root² = A, inverse root · A · inverse root = I, both symmetric', () => {
  fc.assert(
    fc.property(seeds, sizes, (seed, size) => {
      const A = positiveDefinite(createRandom(seed), size);
      const { root, inverseRoot } = linear.squareRoots(A);
      expectMatrix(root.mmul(root), A, 1e-9);
      expectMatrix(inverseRoot.mmul(A).mmul(inverseRoot), Matrix.eye(size), 1e-8);
      expectMatrix(root.transpose(), root, 1e-9);
      expectMatrix(inverseRoot.mmul(root), Matrix.eye(size), 1e-8);
    }),
  );
});

test('leading axes: unit eigenvectors, the largest eigenvalue first', () => {
  const A = positiveDefinite(createRandom(11), 7);
  const all = linear.leadingAxes(A, 7);
  expect(all).toHaveLength(7);
  all.forEach(({ axis, variance }, i) => {
    linear.times(A, axis).forEach((x, j) => expect(x).toBeCloseTo(variance * axis[j], 8));
    expect(Math.hypot(...axis)).toBeCloseTo(1, 10);
    if (i > 0) expect(variance).toBeLessThanOrEqual(all[i - 1].variance);
  });
  expect(linear.leadingAxes(A, 3)).toEqual(all.slice(0, 3));
});

test('square roots of a diagonal matrix', () => {
  const { root, inverseRoot } = linear.squareRoots(Matrix.diag([4, 9, 0.25]));
  expectMatrix(root, Matrix.diag([2, 3, 0.5]), 1e-12);
  expectMatrix(inverseRoot, Matrix.diag([0.5, 1 / 3, 2]), 1e-12);
});

test('solving: A·x = b', () => {
  fc.assert(
    fc.property(seeds, sizes, (seed, size) => {
      const random = createRandom(seed);
      const A = positiveDefinite(random, size);
      const b = randomVector(random, size);
      const x = linear.solveVector(A, b);
      linear.times(A, x).forEach((v, i) => expect(v).toBeCloseTo(b[i], 7));
    }),
  );
});

describe('orthonormal basis', () => {
  const gram = (basis: linear.Matrix) => basis.transpose().mmul(basis);

  test('its columns are orthonormal and span the given ones', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (seed, size, count) => {
          const random = createRandom(seed);
          const columns = Array.from({ length: count }, () => randomVector(random, size));
          const basis = linear.orthonormalBasis(columns, 1e-9);
          expect(basis.rows).toBe(size);
          expect(basis.columns).toBe(Math.min(size, count));
          expectMatrix(gram(basis), Matrix.eye(basis.columns), 1e-9);
          for (const column of columns) {
            const inside = linear.times(basis, linear.times(basis.transpose(), column));
            inside.forEach((v, i) => expect(v).toBeCloseTo(column[i], 7));
          }
        },
      ),
    );
  });

  test('near-equal directions count once, whatever their lengths and signs', () => {
    const random = createRandom(5);
    const u = randomVector(random, 20);
    const near = (angle: number) => {
      const off = randomVector(random, 20);
      const [uu, uo] = [0, 1].map((k) => u.reduce((sum, v, i) => sum + v * (k ? off[i] : u[i]), 0));
      const across = off.map((v, i) => v - (uo / uu) * u[i]);
      const length = Math.hypot(...across) / Math.hypot(...u);
      return u.map((v, i) => v * Math.cos(angle) + (across[i] / length) * Math.sin(angle));
    };
    const degrees = (d: number) => near((d * Math.PI) / 180);
    const scaled = (x: number[], s: number) => x.map((v) => s * v);
    expect(linear.orthonormalBasis([u, u]).columns).toBe(1);
    expect(linear.orthonormalBasis([u, scaled(u, -1000)]).columns).toBe(1);
    expect(linear.orthonormalBasis([u, scaled(degrees(10), 50)]).columns).toBe(1);
    expect(linear.orthonormalBasis([u, degrees(15)]).columns).toBe(1); // cosine 0.966
    expect(linear.orthonormalBasis([u, degrees(18)]).columns).toBe(2); // cosine 0.951
    expect(linear.orthonormalBasis([u, degrees(90)]).columns).toBe(2);
    const paraphrases = [u, degrees(5), degrees(5), degrees(5), degrees(90), scaled(degrees(5), -3)];
    expect(linear.orthonormalBasis(paraphrases).columns).toBe(2);
  });

  test('what has no length adds nothing', () => {
    expect(linear.orthonormalBasis([[0, 0, 0]]).columns).toBe(0);
    expect(linear.orthonormalBasis([[0, 0, 0]]).rows).toBe(3);
    const basis = linear.orthonormalBasis([
      [0, 0, 0],
      [0, 3, 0],
    ]);
    expect(basis.columns).toBe(1);
    expect(Math.abs(basis.get(1, 0))).toBeCloseTo(1, 12);
  });
});
