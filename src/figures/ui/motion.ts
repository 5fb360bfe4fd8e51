/** Motion as a function of one number. Pure. */

export const lerp = (from: number, to: number, t: number): number => from + (to - from) * t;

export const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value));

/** Index of the entry of an ascending list that is nearest to `value`. */
export function nearest(ascending: ArrayLike<number>, value: number): number {
  let best = 0;
  for (let i = 1; i < ascending.length; i++) {
    if (Math.abs(ascending[i] - value) < Math.abs(ascending[best] - value)) best = i;
  }
  return best;
}
