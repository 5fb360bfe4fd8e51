import { slopeWithin } from '../../math/statistics.ts';

/** Exponent b of the power law a·nᵇ that fits times best: least squares of logarithms. */
export function growthExponent(sizes: readonly number[], ms: readonly number[]): number {
  return slopeWithin(sizes.map(Math.log), ms.map(Math.log), new Int32Array(sizes.length));
}
