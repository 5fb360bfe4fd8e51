import { expect } from 'vitest';

/** The largest difference, as a share of the largest expected number. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let size = 1e-30;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    size = Math.max(size, Math.abs(expected[i]));
    error = Math.max(error, Number.isNaN(difference) ? Infinity : difference);
  }
  return error / size;
}

/** Asserts that all numbers agree, relative to the largest expected one. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = 'error relative to the largest',
): void {
  expect(relativeError(actual, expected), what).toBeLessThan(tolerance);
}

/** Asserts that two sets of arrays have the same names and agree, each relative to its own largest number. */
export function expectAllClose(
  actual: Record<string, ArrayLike<number>>,
  expected: Record<string, ArrayLike<number>>,
  tolerance: number,
): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, numbers] of Object.entries(expected)) expectClose(actual[name], numbers, tolerance, name);
}
