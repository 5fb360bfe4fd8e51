/** Random matrices and points that the tests of arithmetic start from. */
import { expect } from 'vitest';
import { Matrix, type Points } from '../../src/math/linear.ts';
import type { Random } from '../../src/math/random.ts';

export const randomVector = (random: Random, size: number): number[] =>
  Array.from({ length: size }, () => random.normal());

export function randomPoints(random: Random, count: number, size: number): Points {
  return { data: Float32Array.from(randomVector(random, count * size)), count, size };
}

export function randomMatrix(random: Random, rows: number, columns: number): Matrix {
  return new Matrix(Array.from({ length: rows }, () => randomVector(random, columns)));
}

/** A·Aᵀ + I: symmetric, eigenvalues of at least 1. */
export function positiveDefinite(random: Random, size: number): Matrix {
  const a = randomMatrix(random, size, size);
  return a.mmul(a.transpose()).add(Matrix.eye(size));
}

/** Asserts that two matrices agree in shape and in every element, relative to the largest. */
export function expectMatrix(actual: Matrix, expected: Matrix, tolerance: number): void {
  expect([actual.rows, actual.columns]).toEqual([expected.rows, expected.columns]);
  const largest = Math.max(1e-12, ...expected.to1DArray().map(Math.abs));
  const error = Math.max(0, ...Matrix.sub(actual, expected).to1DArray().map(Math.abs));
  expect(error / largest).toBeLessThan(tolerance);
}
