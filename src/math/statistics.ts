import type { Random } from './random.ts';

/** A list of numbers of any kind. */
export type Numbers = ArrayLike<number>;

/** An estimate with its 95% interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export function mean(x: Numbers): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum / x.length;
}

/** Standard deviation of a sample (n − 1). */
export function deviation(x: Numbers): number {
  const m = mean(x);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - m) ** 2;
  return Math.sqrt(sum / (x.length - 1));
}

/**
 * Each number less the mean of its group. `groups[i]` is the group of x[i], 0 … count − 1. What is below the
 * rounding error of that mean is 0: equal numbers do not vary.
 */
export function centreWithin(x: Numbers, groups: Numbers): Float64Array {
  const count = groupCount(groups);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let i = 0; i < x.length; i++) {
    sums[groups[i]] += x[i];
    sizes[groups[i]] += 1;
  }
  return Float64Array.from({ length: x.length }, (_, i) => {
    const size = sizes[groups[i]];
    const m = sums[groups[i]] / size;
    const difference = x[i] - m;
    return Math.abs(difference) <= size * Number.EPSILON * Math.abs(m) ? 0 : difference;
  });
}

export function groupCount(groups: Numbers): number {
  let most = -1;
  for (let i = 0; i < groups.length; i++) most = Math.max(most, groups[i]);
  return most + 1;
}

/** Standard deviation within groups: √(mean over all of the squared distance from the group's mean). */
export function deviationWithin(x: Numbers, groups: Numbers): number {
  const centred = centreWithin(x, groups);
  return Math.sqrt(centred.reduce((sum, v) => sum + v * v, 0) / x.length);
}

/** Sums of products within each group, from which correlation and slope of any set of groups follow. */
export interface Moments {
  xx: Float64Array;
  xy: Float64Array;
  yy: Float64Array;
}

/** Moments of x and y about each group's mean. Throws RangeError for lists of unequal length. */
export function momentsWithin(x: Numbers, y: Numbers, groups: Numbers): Moments {
  if (x.length !== y.length || x.length !== groups.length) throw new RangeError('lists of unequal length');
  const count = groupCount(groups);
  const [a, b] = [centreWithin(x, groups), centreWithin(y, groups)];
  const moments = { xx: new Float64Array(count), xy: new Float64Array(count), yy: new Float64Array(count) };
  for (let i = 0; i < a.length; i++) {
    const g = groups[i];
    moments.xx[g] += a[i] * a[i];
    moments.xy[g] += a[i] * b[i];
    moments.yy[g] += b[i] * b[i];
  }
  return moments;
}

const sum = (x: Float64Array): number => x.reduce((total, v) => total + v, 0);

/** Sum over some groups, each as often as it was drawn. */
function sumOver(x: Float64Array, drawn: Int32Array): number {
  let total = 0;
  for (let i = 0; i < drawn.length; i++) total += x[drawn[i]];
  return total;
}

/** Correlation over the drawn groups. 0 where one of the two does not vary. */
export const correlationOf = ({ xx, xy, yy }: Moments, drawn: Int32Array): number =>
  ratio(sumOver(xx, drawn), sumOver(xy, drawn), sumOver(yy, drawn));

/** Slope of y on x over the drawn groups. */
export function slopeOf({ xx, xy }: Moments, drawn: Int32Array): number {
  const variance = sumOver(xx, drawn);
  return variance > 0 ? sumOver(xy, drawn) / variance : 0;
}

function ratio(xx: number, xy: number, yy: number): number {
  const size = Math.sqrt(xx) * Math.sqrt(yy); // the root of the product would underflow sooner
  return size > 0 ? Math.max(-1, Math.min(1, xy / size)) : 0;
}

/** Correlation within groups: each group's mean is subtracted first. 0 where one of the two does not vary. */
export function correlationWithin(x: Numbers, y: Numbers, groups: Numbers): number {
  const { xx, xy, yy } = momentsWithin(x, y, groups);
  return ratio(sum(xx), sum(xy), sum(yy));
}

/** Slope of y on x within groups: covariance over the variance of x. */
export function slopeWithin(x: Numbers, y: Numbers, groups: Numbers): number {
  const { xx, xy } = momentsWithin(x, y, groups);
  return sum(xx) > 0 ? sum(xy) / sum(xx) : 0;
}

/** Resamplings behind an interval. */
export const BOOTSTRAP_DRAWS = 1000;

/** Correlation within groups with a 95% interval by bootstrap over groups. */
export function correlationInterval(x: Numbers, y: Numbers, groups: Numbers, random: Random): Estimate {
  const moments = momentsWithin(x, y, groups);
  return bootstrap(moments.xx.length, random, (drawn) => correlationOf(moments, drawn));
}

/** Mean over groups of each group's mean, with a 95% interval by bootstrap over groups. */
export function meanInterval(x: Numbers, groups: Numbers, random: Random): Estimate {
  const count = groupCount(groups);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let i = 0; i < x.length; i++) {
    sums[groups[i]] += x[i];
    sizes[groups[i]] += 1;
  }
  return bootstrap(count, random, (drawn) => {
    let total = 0;
    for (const g of drawn) total += sums[g] / sizes[g];
    return total / drawn.length;
  });
}

/**
 * Standard error of the mean of all numbers where those of one group go together, as responses to one situation do: the
 * sums of the groups' differences from that mean are what varies (Liang & Zeger 1986, with count / (count − 1)). Groups of
 * equal size: the deviation of their means over √count. NaN for a single group, which tells nothing of how groups differ.
 */
export function clusteredError(x: Numbers, groups: Numbers): number {
  const count = groupCount(groups);
  const m = mean(x);
  const sums = new Float64Array(count);
  for (let i = 0; i < x.length; i++) sums[groups[i]] += x[i] - m;
  const squares = sums.reduce((total, one) => total + one * one, 0);
  return Math.sqrt((squares * count) / (count - 1)) / x.length;
}

/**
 * Percentile bootstrap: the statistic of all `count` units, and the 2.5% and 97.5% quantiles of it over
 * resamplings with replacement.
 */
export const bootstrap = (
  count: number,
  random: Random,
  statistic: (drawn: Int32Array) => number,
  draws = BOOTSTRAP_DRAWS,
): Estimate => bootstrapOfSamples([count], random, statistic, draws);

/**
 * The same for units that came in several samples of these sizes, one after the other: as many samples are drawn, and in
 * each of those as many units as it has, so that what differs from sample to sample counts too (two-stage bootstrap,
 * Davison & Hinkley 1997, section 3.8).
 */
export function bootstrapOfSamples(
  sizes: readonly number[],
  random: Random,
  statistic: (drawn: Int32Array) => number,
  draws = BOOTSTRAP_DRAWS,
): Estimate {
  const starts = sizes.map((_, k) => sizes.slice(0, k).reduce((sum, size) => sum + size, 0));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const value = statistic(Int32Array.from({ length: count }, (_, i) => i));
  const drawn = new Int32Array(sizes.length * Math.max(...sizes));
  const values = Float64Array.from({ length: draws }, () => {
    let n = 0;
    for (let sample = 0; sample < sizes.length; sample++) {
      const k = sizes.length === 1 ? 0 : random.integer(sizes.length);
      for (let i = 0; i < sizes[k]; i++) drawn[n++] = starts[k] + Math.floor(random.uniform() * sizes[k]);
    }
    return statistic(drawn.subarray(0, n));
  }).sort();
  return { value, low: quantileSorted(values, 0.025), high: quantileSorted(values, 0.975) };
}

/** Quantile of sorted numbers, linear between neighbours (type 7). */
export function quantileSorted(sorted: Numbers, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Chance that a standard normal number lies within ±z, z ≥ 0, to seven digits (Abramowitz & Stegun 7.1.26). */
export function chanceWithin(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 1 - series * Math.exp(-x * x);
}
