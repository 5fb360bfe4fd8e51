/** The curve: true value against KL, prediction and ceiling, with the KL axis as the scrubber. Pure. */
import { max, min } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Prediction, TrainReport } from '../../worker/protocol.ts';

export interface Point {
  x: number;
  y: number;
}

export interface CurveInput {
  reports: readonly TrainReport[];
  prediction: Prediction | null;
  /** True value before training, where no run has measured it: the mean of the cloud. */
  base: number;
  klBudget: number;
  width: number;
  height: number;
  small: boolean;
  linear: boolean;
  truth: boolean;
}

export interface CurveMarks {
  left: number;
  right: number;
  axis: number;
  ticks: { y: number; value: number }[];
  steps: (Point & { value: number; low: number; high: number })[];
  tilt: Point[];
  band: { upper: Point[]; lower: Point[] };
  ceiling: Point[];
  linear: Point[];
  truth: Point[];
  klMax: number;
  x: (kl: number) => number;
  y: (value: number) => number;
}

export function curveMarks(input: CurveInput): CurveMarks {
  const { reports, prediction, klBudget, width, height, small } = input;
  const base = reports[0]?.row.trueValue.value ?? input.base;
  const left = 26;
  const right = Math.max(left + 40, width - (small ? 84 : 118));
  const axis = height - 38;
  const klMax = Math.max(klBudget, max(reports, ({ row }) => row.kl) ?? 0);
  const shown = prediction ? Array.from(prediction.kl, (kl, i) => ({ kl, i })).filter(({ kl }) => kl <= klMax + 1e-6) : [];
  const gains = (values: ArrayLike<number>) => shown.map(({ i }) => base + values[i]);
  const lists = prediction
    ? [prediction.tilt.low, prediction.tilt.high, prediction.ceiling, ...(input.linear ? [prediction.linear] : []), ...(input.truth ? [prediction.truth] : [])].flatMap(gains)
    : [];
  const measured = reports.flatMap(({ row }) => [row.trueValue.low, row.trueValue.high]);
  const all = [0, base, ...lists, ...measured].filter(Number.isFinite);
  const low = Math.min(min(all)!, base - 0.4);
  const high = Math.max(max(all)!, base + 0.4);
  const room = (high - low) * 0.06;
  const y = scaleLinear([low - room, high + room], [axis - 20, 12]);
  const x = scaleLinear([0, klMax], [left + 10, right]);
  const points = (values: ArrayLike<number>): Point[] => shown.map(({ kl, i }) => ({ x: x(kl), y: y(base + values[i]) }));
  return {
    left,
    right,
    axis,
    ticks: y.ticks(4).map((value) => ({ value, y: y(value) })),
    steps: reports.map(({ row }) => ({
      x: x(Math.max(0, row.kl)),
      y: y(row.trueValue.value),
      value: row.trueValue.value,
      low: y(row.trueValue.low),
      high: y(row.trueValue.high),
    })),
    tilt: prediction ? points(prediction.tilt.mean) : [],
    band: prediction ? { upper: points(prediction.tilt.high), lower: points(prediction.tilt.low) } : { upper: [], lower: [] },
    ceiling: prediction ? points(prediction.ceiling) : [],
    linear: prediction && input.linear ? points(prediction.linear) : [],
    truth: prediction && input.truth ? points(prediction.truth) : [],
    klMax,
    x: (kl) => x(kl),
    y: (value) => y(value),
  };
}

/** Moves labels apart until they are at least `gap` px from each other, keeping their order. */
export function spread<T extends { y: number }>(labels: readonly T[], gap: number, low = -Infinity, high = Infinity): T[] {
  const sorted = labels.map((label) => ({ ...label })).sort((a, b) => a.y - b.y);
  for (let i = 0; i < sorted.length; i++) {
    sorted[i].y = Math.max(sorted[i].y, i === 0 ? low : sorted[i - 1].y + gap);
  }
  for (let i = sorted.length - 1; i >= 0; i--) {
    sorted[i].y = Math.min(sorted[i].y, i === sorted.length - 1 ? high : sorted[i + 1].y - gap);
  }
  return sorted;
}

/** The step whose place on the axis is nearest to x (css px). */
export function stepAt(steps: readonly Point[], x: number): number {
  let best = 0;
  steps.forEach((step, i) => {
    // steps at the same KL: the later one, which is the one in sight
    if (Math.abs(step.x - x) <= Math.abs(steps[best].x - x)) best = i;
  });
  return best;
}

/** A path through points, to a tenth of a px. */
export function pathThrough(points: readonly Point[], close = false): string {
  if (points.length === 0) return '';
  return `M${points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}${close ? 'Z' : ''}`;
}
