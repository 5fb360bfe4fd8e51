import { momentsWithin, type Numbers } from '../math/statistics.ts';

/** What something is found under: names and numbers, such as ['kept', 4] or ['kind-64-0', 'honesty']. */
export type Key = readonly (string | number)[];

/** A key as text: the same for the same key, another for any other. */
export const keyText = (key: Key): string => JSON.stringify(key);

/** Moments of two lists within each situation, as plain lists, so that they can be kept as JSON. */
export interface Compared {
  xx: number[];
  xy: number[];
  yy: number[];
}

/** Comparisons of one sample, situation by situation, each under its key. */
export type GroupedMoments<K extends Key = Key> = readonly (readonly [key: K, compared: Compared])[];

/**
 * x and y held against each other within the situation; `situations` counts 0 … count − 1. With `rows` only
 * these responses count: a situation that has none of them adds nothing.
 */
export function compare(
  x: Numbers,
  y: Numbers,
  situations: Numbers,
  count: number,
  rows?: readonly number[],
): Compared {
  const at = (list: Numbers) => (rows ? rows.map((i) => list[i]) : list);
  const { xx, xy, yy } = momentsWithin(at(x), at(y), at(situations));
  const padded = (list: Float64Array) => Array.from({ length: count }, (_, i) => list[i] ?? 0);
  return { xx: padded(xx), xy: padded(xy), yy: padded(yy) };
}

/** The same comparisons, each key behind some more names. */
export const under = <P extends Key, K extends Key>(
  prefix: P,
  moments: GroupedMoments<K>,
): GroupedMoments<readonly [...P, ...K]> =>
  moments.map(([key, compared]) => [[...prefix, ...key] as const, compared] as const);
