/**
 * The margin beside the cloud: where the probability sits along the judge's scores, before and now, and where
 * the two curves can be named. Pure.
 */

/** What every response adds to the density at `points` scores; it changes only when the scores do. */
export interface Kernel {
  /** The scores at which the density is taken, ascending. */
  at: Float64Array;
  /** (point, response): a Gaussian of the distance, with a twentieth of the range as its deviation. */
  near: Float32Array;
}

export function kernelOf(scores: Float32Array, [low, high]: [number, number], points = 72): Kernel {
  const deviation = (high - low) * 0.05;
  const at = Float64Array.from({ length: points }, (_, k) => low + ((high - low) * k) / (points - 1));
  const near = new Float32Array(points * scores.length);
  at.forEach((s, k) =>
    scores.forEach((score, i) => {
      near[k * scores.length + i] = Math.exp(-(((score - s) / deviation) ** 2) / 2);
    }),
  );
  return { at, near };
}

/** Density at each point of the kernel; with any weights it adds up to the same area, if all lies inside. */
export function densityOf({ at, near }: Kernel, weights: ArrayLike<number>): Float64Array {
  const n = weights.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i];
  return Float64Array.from(at, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += weights[i] * near[k * n + i];
    return total > 0 ? sum / total : 0;
  });
}

/** A curve as drawn: x at each y, css px. */
export type Outline = readonly { x: number; y: number }[];

/**
 * Where a word stands right of its own curve, farthest from the other one, with room up to `right`.
 * @param width of the word, css px
 * @returns its left end and middle height; null where no place is free
 */
export function besideCurve(
  own: Outline,
  other: Outline,
  width: number,
  right: number,
  [top, bottom]: [number, number],
): { x: number; y: number } | null {
  const [GAP, HALF] = [6, 9];
  let best: { x: number; y: number } | null = null;
  let most = -Infinity;
  for (const { y } of own) {
    if (y - HALF < top || y + HALF > bottom) continue;
    const reach = (curve: Outline) =>
      Math.max(...curve.filter((one) => Math.abs(one.y - y) <= HALF).map((one) => one.x));
    const [mine, theirs] = [reach(own), other.length > 0 ? reach(other) : 0];
    const x = mine + GAP;
    if (mine < theirs || x + width > right || mine - theirs <= most) continue;
    most = mine - theirs;
    best = { x, y };
  }
  return best;
}
