import {
  centrePoints,
  covarianceOf,
  meanPoint,
  squareRoots,
  times,
  type Matrix,
  type Points,
} from '../../math/linear.ts';
import type { Random } from '../../math/random.ts';
import type { Numbers } from '../../math/statistics.ts';
import { selectPoints } from './points.ts';

/** What a stream says of harm at one site: difference in means (Arditi et al. 2024, 2406.11717, equation 3). */
export interface HarmAxis {
  /** Mean over harmful requests less mean over harmless ones. (D) */
  direction: Float64Array;
  /** Mean over harmless requests: where "moving" takes the others. (D) */
  harmless: Float64Array;
}

/** The direction between two sets of rows. Throws RangeError where one is empty. */
export function harmAxis(points: Points, harmful: readonly number[], harmless: readonly number[]): HarmAxis {
  if (harmful.length === 0 || harmless.length === 0)
    throw new RangeError('a difference in means needs requests of both sorts');
  const [above, below] = [harmful, harmless].map((ids) => meanPoint(selectPoints(points, ids)));
  return { direction: above.map((x, j) => x - below[j]), harmless: below };
}

/** Σ^½ of points about the means of their groups: (D, D). What draws of the model's own covariance are made with. */
export function spreadOf(points: Points, groups: Numbers): Matrix {
  return squareRoots(covarianceOf(centrePoints(points, groups), points.size)).root;
}

/** Σ^½z of the length of `like`: a random direction that varies as the model's own stream does. (D) */
export function randomLike(root: Matrix, like: Float64Array, random: Random): Float64Array {
  const drawn = times(
    root,
    Float64Array.from({ length: like.length }, () => random.normal()),
  );
  const scale = Math.hypot(...like) / Math.hypot(...drawn);
  return drawn.map((x) => scale * x);
}
