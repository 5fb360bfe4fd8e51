import {
  centrePoints,
  covarianceOf,
  covarianceWith,
  meanPoint,
  orthonormalBasis,
  solveVector,
  squareRoots,
  times,
  Matrix,
  type Points,
} from '../math/linear.ts';
import type { Random } from '../math/random.ts';
import type { Numbers } from '../math/statistics.ts';
import type { Gists } from './gists.ts';

/**
 * Second moments of gists within the situation, from which every direction and projection follows.
 * Sizes: H numbers a gist.
 */
export interface GistSpace {
  /** μ, the global mean: φ = h − μ. (H) */
  mean: Float64Array;
  /** Σ = cov(h) + λI, within the situation. (H, H) */
  covariance: Matrix;
  /** Σ^½ and Σ^-½. */
  root: Matrix;
  inverseRoot: Matrix;
  /** Gists centred within the situation, row by row. */
  centred: Float64Array;
  size: number;
}

/** λ as a share of the mean variance: an earlier model showed no effect between 1e-2 and 1e-6. */
export const RIDGE = 1e-4;

export function gistSpace(gists: Gists, situations: Numbers): GistSpace {
  const centred = centrePoints(gists, situations);
  const covariance = covarianceOf(centred, gists.size);
  const ridge = (RIDGE * covariance.trace()) / gists.size;
  covariance.add(Matrix.eye(gists.size).mul(ridge));
  return { mean: meanPoint(gists), covariance, ...squareRoots(covariance), centred, size: gists.size };
}

/** u = Σ⁻¹ cov(h, s): the direction along which a verdict changes, fitted on the verdicts alone. (H) */
export function directionOf(space: GistSpace, scores: Numbers): Float64Array {
  return solveVector(space.covariance, covarianceWith(space.centred, space.size, scores));
}

/**
 * What a constitution sees. In whitened coordinates Σ^-½ φ it is an orthogonal projection onto the span of
 * Σ^½ u; `basis` (H, rank) is an orthonormal basis of that span.
 */
export interface Subspace {
  basis: Matrix;
  rank: number;
}

/** The subspace of some directions; near-equal ones, and near-opposite ones, count once (RANK_TOLERANCE). */
export function subspaceOf(space: GistSpace, directions: readonly Float64Array[]): Subspace {
  const basis = orthonormalBasis(directions.map((u) => times(space.root, u)));
  return { basis, rank: basis.columns };
}

/** A random subspace of the same rank, drawn whitened (Σ^-½ z): the control of every keep and erase. */
export function randomSubspace(space: GistSpace, rank: number, random: Random): Subspace {
  if (rank === 0) return { basis: Matrix.zeros(space.size, 0), rank };
  const draw = () => Float64Array.from({ length: space.size }, () => random.normal());
  return { basis: orthonormalBasis(Array.from({ length: rank }, draw), 0), rank };
}

/** P = Σ U (UᵀΣU)⁻¹ Uᵀ: keeps what the subspace sees of φ and drops the rest. (H, H), P² = P. */
export function projector(space: GistSpace, { basis }: Subspace): Matrix {
  return space.root.mmul(basis).mmul(basis.transpose()).mmul(space.inverseRoot);
}

/**
 * Gists with part of φ dropped: μ + Pφ + keep·(I − P)φ. `keep` = 0 keeps the subspace alone; to erase the
 * subspace itself use `erased`.
 */
export function projected(space: GistSpace, subspace: Subspace, gists: Points, keep = 0): Float32Array {
  return mix(space, subspace, gists, 1, keep);
}

/** Gists without what the subspace sees: μ + (I − P)φ (the least change that does it; Belrose et al. 2023). */
export function erased(space: GistSpace, subspace: Subspace, gists: Points): Float32Array {
  return mix(space, subspace, gists, 0, 1);
}

/** μ + a·Pφ + b·(I − P)φ, row by row, through the subspace's few coordinates. */
export function mix(
  space: GistSpace,
  { basis, rank }: Subspace,
  gists: Points,
  a: number,
  b: number,
): Float32Array {
  const { mean, size } = space;
  const read = basis.transpose().mmul(space.inverseRoot).to2DArray(); // (rank, H): coordinates of φ
  const write = space.root.mmul(basis).to2DArray(); // (H, rank): back
  const out = new Float32Array(gists.count * size);
  const phi = new Float64Array(size);
  const coordinates = new Float64Array(rank);
  for (let i = 0; i < gists.count; i++) {
    for (let j = 0; j < size; j++) phi[j] = gists.data[i * size + j] - mean[j];
    for (let r = 0; r < rank; r++) {
      let total = 0;
      for (let j = 0; j < size; j++) total += read[r][j] * phi[j];
      coordinates[r] = total;
    }
    for (let j = 0; j < size; j++) {
      let kept = 0;
      for (let r = 0; r < rank; r++) kept += write[j][r] * coordinates[r];
      out[i * size + j] = mean[j] + a * kept + b * (phi[j] - kept);
    }
  }
  return out;
}
