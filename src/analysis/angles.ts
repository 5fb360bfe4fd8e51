import { Matrix, orthonormalBasis, SingularValueDecomposition } from '../math/linear.ts';
import type { Random } from '../math/random.ts';
import type { Numbers } from '../math/statistics.ts';

/**
 * Cosines of the principal angles between two subspaces of one space, largest first, as many as the smaller has dimensions
 * (Björck & Golub 1973): singular values of AᵀB for orthonormal bases (d, rank). [] where one has no dimension.
 */
export function principalCosines(a: Matrix, b: Matrix): number[] {
  if (a.columns === 0 || b.columns === 0) return [];
  const { diagonal } = new SingularValueDecomposition(a.transpose().mmul(b), { autoTranspose: true });
  return diagonal.map((cosine) => Math.min(1, cosine)).sort((x, y) => y - x);
}

/**
 * How much of the smaller subspace lies in the larger one: the mean squared cosine of their principal angles, 0 … 1. Of a
 * random subspace of rank r in d dimensions with any other, of rank s ≥ r, it is s/d on average.
 */
export function overlap(a: Matrix, b: Matrix): number {
  const cosines = principalCosines(a, b);
  return cosines.length ? cosines.reduce((sum, x) => sum + x * x, 0) / cosines.length : 0;
}

/** A subspace of this rank whose axes are drawn at random. (d, rank) */
export function randomAxes(size: number, rank: number, random: Random): Matrix {
  const draw = () => Float64Array.from({ length: size }, () => random.normal());
  return orthonormalBasis(
    Array.from({ length: rank }, (): Numbers => draw()),
    0,
  );
}
