/**
 * The margin beside the cloud: where the probability sits along the judge's scores, before and now, and where
 * the two curves can be named. Pure.
 */
import { clamp } from '../ui/motion.ts';

/** Scores at which the density is taken, from the lowest to the highest. */
const POINTS = 72;
/** Deviation of the Gaussian that blurs it: a twentieth of the range, in steps from point to point. */
const DEVIATION = 0.05 * (POINTS - 1);
/** The Gaussian at so many steps, up to four deviations. */
const BLUR = Float64Array.from({ length: Math.ceil(4 * DEVIATION) }, (_, step) =>
  Math.exp(-((step / DEVIATION) ** 2) / 2),
);

export interface Density {
  score: number;
  density: number;
}

/**
 * How densely the responses lie along the judge's scores; with any weights it adds up to the same area, if all lies inside.
 * Each counts at the two points that it lies between, more at the nearer one, and the points are blurred together (linear
 * binning: Wand 1994, "Fast computation of multivariate kernel estimators"): the deviation grows by one per cent at the most.
 */
export function densityOf(
  scores: ArrayLike<number>,
  weights: ArrayLike<number>,
  [low, high]: readonly [number, number],
): Density[] {
  const counts = new Float64Array(POINTS + 1); // the last is that after the highest score, and stays empty
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const place = ((clamp(scores[i], low, high) - low) / (high - low)) * (POINTS - 1);
    const point = Math.floor(place);
    counts[point] += weights[i] * (point + 1 - place);
    counts[point + 1] += weights[i] * (place - point);
    total += weights[i];
  }
  return Array.from({ length: POINTS }, (_, point) => {
    let sum = 0;
    for (
      let other = Math.max(0, point - BLUR.length + 1);
      other < Math.min(POINTS, point + BLUR.length);
      other++
    )
      sum += counts[other] * BLUR[Math.abs(other - point)];
    return {
      score: low + ((high - low) * point) / (POINTS - 1),
      density: total > 0 ? sum / total : 0,
    };
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
