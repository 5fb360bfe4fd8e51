/**
 * The cloud: x is how readily the model says a response, y how its judge rates it, area how often it is said
 * now against before. Pure: fields and a size in, marks in css px out.
 */
import { quantileSorted } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { CloudResponse, Estimate } from '../../worker/protocol.ts';
import { clamp } from '../ui/motion.ts';
import type { Shape } from '../ui/palette.ts';
import { shapeOf } from '../ui/palette.ts';

export interface Size {
  width: number;
  height: number;
  small: boolean;
}

/** One number a response: where they are now, and where they are going. */
export interface Moving {
  readonly now: Float32Array;
  readonly rest: Float32Array;
}

/** What is drawn. */
export interface CloudData {
  responses: readonly CloudResponse[];
  /** How many situations they belong to. */
  situations: number;
  /** Words that are names of people. */
  names: ReadonlySet<string>;
  /** The judge's scores; none of them counts where nothing was judged. */
  scores: Moving;
  judged: boolean;
  /** Nothing can be judged: the model can read no word of the constitution. */
  silent: boolean;
  /** log π(now) − log π₀ */
  change: Moving;
  /** How far what is said readily, and what is judged good, follows true value. */
  generation: Estimate | null;
  judgement: Estimate | null;
  /** The response that is read. */
  read: number | null;
  lettered: Lettered;
}

/** The responses whose dots bear a letter; null where that one is not among them. */
export interface Lettered {
  A: number | null;
  B: number | null;
}

export const letterOf = ({ A, B }: Lettered, id: number): 'A' | 'B' | null =>
  id === A ? 'A' : id === B ? 'B' : null;

export interface Dot {
  x: number;
  y: number;
  r: number;
  value: number;
  shape: Shape;
}

/** Part of an axis with the mean true value of the responses near it; null where there are none. */
export interface StripCell {
  from: number;
  to: number;
  value: number | null;
}

export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The margin with the densities starts here and is `marginWidth` wide. */
  margin: number;
  marginWidth: number;
}

/** Dots keep clear of the rows with "judged good" above and "judged bad" below them, css px. */
export const WORDS_ROW = 24;

export function frameOf({ width, height, small }: Size): Frame {
  return {
    left: small ? 24 : 28,
    right: width - (small ? 60 : 96),
    top: 0,
    bottom: height - 50,
    margin: width - (small ? 44 : 74),
    marginWidth: small ? 42 : 72,
  };
}

/**
 * Range of log π₀ that is shown. What is said more rarely than nearly every sentence, mostly responses that
 * are none, lies at the edge, so that a few don't press the rest together.
 */
export function saidDomain(responses: readonly CloudResponse[]): [number, number] {
  const sentences = responses.filter((one) => one.wellFormed);
  const logs = (sentences.length > 0 ? sentences : responses).map((one) => one.logProb).sort((a, b) => a - b);
  const low = quantileSorted(logs, 0.005) ?? -1;
  const high = logs.at(-1) ?? 0;
  return high > low ? [low, high] : [low - 1, high + 1];
}

/** Range of scores that is shown: 0 in its middle, so that no score is shown better than it is. */
export function judgedDomain(scores: Float32Array): [number, number] {
  const reach = Math.max(1, (quantileSorted(Array.from(scores.map(Math.abs).sort()), 0.995) ?? 1) * 1.06);
  return [-reach, reach];
}

export interface Scales {
  x: (logProb: number) => number;
  y: (score: number) => number;
  xDomain: [number, number];
  yDomain: [number, number];
}

export function scalesOf(
  xDomain: [number, number],
  yDomain: [number, number],
  frame: Frame,
  small: boolean,
): Scales {
  const room = small ? 8 : 12;
  const x = scaleLinear(xDomain, [frame.left + room, frame.right - room - (small ? 0 : 4)]).clamp(true);
  const y = scaleLinear(yDomain, [frame.bottom - WORDS_ROW, frame.top + WORDS_ROW + 4]).clamp(true);
  return { x: (v) => x(v), y: (v) => y(v), xDomain, yDomain };
}

/** Radius of a dot that is said `ratio` times as often as before; area is proportional to it in between. */
export function radiusOf(ratio: number, count: number, small: boolean): number {
  // n·p of a sampled response is its ratio; more dots in the same room are smaller by the root of their number.
  const unit = (small ? 3 : 4.1) * Math.sqrt(Math.min(1, 380 / count));
  return clamp(unit * Math.sqrt(ratio), small ? 1.3 : 1.7, small ? 12 : 17);
}

/** Dots in the order of the responses. `change` is log π(now) − log π₀, nats. */
export function dotsOf(
  responses: readonly CloudResponse[],
  scores: Float32Array,
  change: Float32Array,
  scales: Scales,
  small: boolean,
): Dot[] {
  return responses.map((one, i) => ({
    x: scales.x(one.logProb),
    y: scales.y(scores[i] ?? 0),
    r: radiusOf(Math.exp(change[i] ?? 0), responses.length, small),
    value: one.trueValue,
    shape: shapeOf(one.trueValue, one.wellFormed),
  }));
}

/** Deviation of the Gaussian of `stripOf`, and how far it is felt, in cells. */
const [BLUR, REACH] = [1.1, 4.4];

/** Mean true value along one axis: a kernel average in `cells` cells, null where almost nothing lies. */
export function stripOf(
  at: ArrayLike<number>,
  values: ArrayLike<number>,
  [low, high]: [number, number],
  cells: number,
): StripCell[] {
  const width = (high - low) / cells;
  const [weights, sums] = [new Float64Array(cells), new Float64Array(cells)];
  for (let i = 0; i < at.length; i++) {
    const place = (clamp(at[i], low, high) - low) / width - 0.5; // in cells, from the middle of the first
    const last = Math.min(cells - 1, Math.floor(place + REACH));
    for (let cell = Math.max(0, Math.ceil(place - REACH)); cell <= last; cell++) {
      const near = Math.exp(-(((cell - place) / BLUR) ** 2) / 2);
      weights[cell] += near;
      sums[cell] += near * values[i];
    }
  }
  return Array.from(weights, (weight, cell) => ({
    from: low + cell * width,
    to: low + (cell + 1) * width,
    value: weight > 0.35 ? sums[cell] / weight : null,
  }));
}

/** The dot under a point, if one is near enough (css px). Small dots win over large ones behind them. */
export function dotAt(dots: readonly Dot[], x: number, y: number, reach: number): number | null {
  let best: number | null = null;
  let closest = reach;
  dots.forEach((dot, i) => {
    const distance = Math.hypot(dot.x - x, dot.y - y) - Math.min(dot.r, 6) * 0.5;
    if (distance < closest) {
      closest = distance;
      best = i;
    }
  });
  return best;
}

/** The next dot in a direction from `from`: near, and rather straight ahead than aside. */
export function neighbour(dots: readonly Dot[], from: number, dx: -1 | 0 | 1, dy: -1 | 0 | 1): number {
  let best = from;
  let least = Infinity;
  dots.forEach((dot, i) => {
    if (i === from) return;
    const ahead = (dot.x - dots[from].x) * dx + (dot.y - dots[from].y) * dy;
    const aside = Math.abs((dot.x - dots[from].x) * dy) + Math.abs((dot.y - dots[from].y) * dx);
    if (ahead <= 0.5) return;
    const cost = ahead + 2.5 * aside;
    if (cost < least) {
      least = cost;
      best = i;
    }
  });
  return best;
}
