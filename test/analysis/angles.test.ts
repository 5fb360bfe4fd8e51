/** Principal angles between subspaces that are known, and how near random ones come. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlap, principalCosines, randomAxes } from '../../src/analysis/angles.ts';
import { Matrix, orthonormalBasis } from '../../src/math/linear.ts';
import { createRandom } from '../../src/math/random.ts';

/** A subspace that meets the span of the first `angles.length` axes at these angles, in a frame turned at random. */
function planted(angles: readonly number[], size: number, seed: number): [Matrix, Matrix] {
  const frame = randomAxes(size, size, createRandom(seed)).to2DArray();
  const axis = (j: number) => frame.map((row) => row[j]);
  const a = angles.map((_, j) => axis(j));
  const b = angles.map((angle, j) =>
    axis(j).map((x, i) => Math.cos(angle) * x + Math.sin(angle) * axis(angles.length + j)[i]),
  );
  return [orthonormalBasis(a, 0), orthonormalBasis(b, 0)];
}

test('the cosines are those of the planted angles, whatever the bases', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: Math.PI / 2, noNaN: true }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 1000 }),
      (angles, seed) => {
        const [a, b] = planted(angles, 11, seed);
        const cosines = angles.map(Math.cos).sort((x, y) => y - x);
        const found = principalCosines(a, b);
        expect(found).toHaveLength(cosines.length);
        found.forEach((x, i) => expect(x).toBeCloseTo(cosines[i], 7));
        expect(overlap(a, b)).toBeCloseTo(overlap(b, a), 9);
        expect(overlap(a, b)).toBeCloseTo(cosines.reduce((sum, x) => sum + x * x, 0) / cosines.length, 7);
      },
    ),
    { numRuns: 40 },
  );
});

test('a line in a plane, a line across it, and no line at all', () => {
  const plane = orthonormalBasis([[1, 0, 0, 0], [1, 1, 0, 0]], 0); // prettier-ignore
  expect(overlap(orthonormalBasis([[3, -4, 0, 0]]), plane)).toBeCloseTo(1, 9);
  expect(overlap(orthonormalBasis([[0, 0, 1, 0]]), plane)).toBeCloseTo(0, 9);
  expect(overlap(orthonormalBasis([[1, 0, 1, 0]]), plane)).toBeCloseTo(0.5, 9);
  expect(principalCosines(Matrix.zeros(4, 0), plane)).toEqual([]);
  expect(overlap(Matrix.zeros(4, 0), plane)).toBe(0);
});

test('of random subspaces of rank r the overlap with one of rank s ≥ r is s/d on average', () => {
  const random = createRandom(8);
  const [size, large, small] = [20, 5, 2];
  const fixed = randomAxes(size, large, random);
  const overlaps = Array.from({ length: 4000 }, () => overlap(randomAxes(size, small, random), fixed));
  const mean = overlaps.reduce((sum, x) => sum + x, 0) / overlaps.length;
  expect(mean).toBeCloseTo(large / size, 2);
});
