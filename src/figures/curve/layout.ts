/** The curve: true value against KL, prediction and ceiling, with the KL axis as the scrubber. Pure. */
import { max, min } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Prediction, StopReason, TrainReport } from '../../worker/protocol.ts';
import { words } from '../../words/en.ts';
import { fixed, percent, signed } from '../ui/numbers.ts';

export interface Point {
  x: number;
  y: number;
}

/** A run as far as it is known, and the step of it that is looked at. */
export interface ShownRun {
  /** By step; the first is before any update. Empty where there is no run. */
  reports: readonly TrainReport[];
  step: number;
  /** Why it is over; null where it is not. */
  ended: StopReason | null;
  /** The phrases that it was trained by. */
  principles: readonly string[];
  /** It was trained by another constitution than the one that stands. */
  other: boolean;
  /** Of a run that was recorded, how it is being shown; null for the visitor's own. */
  playback: 'playing' | 'paused' | 'over' | null;
}

/** Where there is no run. */
export const NO_RUN: ShownRun = {
  reports: [],
  step: 0,
  ended: null,
  principles: [],
  other: false,
  playback: null,
};

/** The last step that is known; −1 where there is no run. */
export const newestOf = ({ reports }: ShownRun): number => reports.length - 1;

export interface CurveInput {
  reports: readonly TrainReport[];
  prediction: Prediction | null;
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
  /** One a step: its place, and the ends of its intervals (y of true value, x of KL ± two standard errors). */
  steps: (Point & { value: number; low: number; high: number; left: number; right: number })[];
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
  // where the run starts, and, before there is one, where it will: gains are added to the one and the other
  const base = reports[0]?.row.trueValue.value ?? prediction?.start ?? 0;
  const left = 26;
  const right = Math.max(left + 40, width - (small ? 84 : 118));
  const axis = height - 38;
  const klMax = Math.max(klBudget, max(reports, ({ row }) => row.kl) ?? 0);
  const forecast = prediction ? upTo(prediction, klMax) : null;
  const above = (gains: readonly number[]) => gains.map((gain) => base + gain);
  const lists = forecast
    ? [
        forecast.low,
        forecast.high,
        forecast.ceiling,
        ...(input.linear ? [forecast.linear] : []),
        ...(input.truth ? [forecast.truth] : []),
      ].flatMap(above)
    : [];
  const measured = reports.flatMap(({ row }) => [row.trueValue.low, row.trueValue.high]);
  const all = [0, base, ...lists, ...measured].filter(Number.isFinite);
  const low = Math.min(min(all)!, base - 0.4);
  const high = Math.max(max(all)!, base + 0.4);
  const room = (high - low) * 0.06;
  const y = scaleLinear([low - room, high + room], [axis - 20, 12]);
  const x = scaleLinear([0, klMax], [left + 10, right]);
  const points = (gains: readonly number[] | undefined): Point[] =>
    gains && forecast ? gains.map((gain, i) => ({ x: x(forecast.kl[i]), y: y(base + gain) })) : [];
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
      left: x(Math.max(0, row.kl - 2 * row.klError)),
      right: Math.min(x(row.kl + 2 * row.klError), right + 4),
    })),
    tilt: points(forecast?.mean),
    band: { upper: points(forecast?.high), lower: points(forecast?.low) },
    ceiling: points(forecast?.ceiling),
    linear: input.linear ? points(forecast?.linear) : [],
    truth: input.truth ? points(forecast?.truth) : [],
    klMax,
    x: (kl) => x(kl),
    y: (value) => y(value),
  };
}

export interface Forecast {
  kl: number[];
  mean: number[];
  low: number[];
  high: number[];
  linear: number[];
  ceiling: number[];
  truth: number[];
}

/** A prediction from no change at no KL up to `klMax`, the last point on the line between its neighbours. */
export function upTo({ kl, tilt, linear, ceiling, truth }: Prediction, klMax: number): Forecast {
  const inside = Array.from(kl).filter((one) => one > 0 && one < klMax).length;
  const first = Array.from(kl).findIndex((one) => one > 0);
  const start = first < 0 ? kl.length : first;
  const next = start + inside;
  const cut = (values: ArrayLike<number>): number[] => {
    const list = [0, ...Array.from(values).slice(start, next)];
    if (next >= kl.length) return list;
    const from = inside > 0 ? kl[next - 1] : 0;
    const t = (klMax - from) / (kl[next] - from);
    return [...list, list.at(-1) + (values[next] - list.at(-1)) * t];
  };
  return {
    kl: cut(kl),
    mean: cut(tilt.mean),
    low: cut(tilt.low),
    high: cut(tilt.high),
    linear: cut(linear),
    ceiling: cut(ceiling),
    truth: cut(truth),
  };
}

/** Moves labels apart until they are at least `gap` px from each other, keeping their order. */
export function spread<T extends { y: number }>(
  labels: readonly T[],
  gap: number,
  low = -Infinity,
  high = Infinity,
): T[] {
  const sorted = labels.map((label) => ({ ...label })).sort((a, b) => a.y - b.y);
  for (let i = 0; i < sorted.length; i++) {
    sorted[i].y = Math.max(sorted[i].y, i === 0 ? low : sorted[i - 1].y + gap);
  }
  for (let i = sorted.length - 1; i >= 0; i--) {
    sorted[i].y = Math.min(sorted[i].y, i === sorted.length - 1 ? high : sorted[i + 1].y - gap);
  }
  return sorted;
}

/** From the end of the axis to the words of its budget, css px: the knob, which ends there too, stays clear of them. */
export const BUDGET_GAP = 14;
/** Half of "step 40", css px. */
const STEP_LABEL = 25;

/** The middle of the step's label: under the knob, but beside the words of the budget at the end of the axis. */
export function stepLabelAt(knob: number, { left, right }: Pick<CurveMarks, 'left' | 'right'>): number {
  return Math.max(left + 28, Math.min(knob, right + BUDGET_GAP - 6 - STEP_LABEL));
}

/** True when the estimate of KL goes back by more than a line's width: then steps are drawn as dots. */
export function isTangled(steps: readonly Point[]): boolean {
  return steps.some((step, i) => i > 0 && step.x < steps[i - 1].x - 3);
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

/** No distance is below 0: an estimate may be. */
export const nats = (kl: number): string => (kl < 0 ? words.curve.about0 : fixed(kl));

/** True where the KL of a step came out below 0. */
export const isBelow = (reports: readonly TrainReport[]): boolean =>
  reports.some(({ row }) => row.step > 0 && row.kl < 0);

/** A run's rows, for a table. */
export function tableRows(reports: readonly TrainReport[]): string[][] {
  return reports.map(({ row: { step, kl, trueValue, wellFormed } }) => [
    `${step}`,
    nats(kl),
    signed(trueValue.value),
    signed(trueValue.low),
    signed(trueValue.high),
    percent(wellFormed, 1),
  ]);
}

/** A run's rows, for a file. */
export function runRows(reports: readonly TrainReport[]): (string | number)[][] {
  const head = [
    'step',
    'kl',
    'kl_error',
    'true_value',
    'low',
    'high',
    'judge',
    'pair_accuracy',
    'well_formed',
    'length',
  ];
  const rows = reports.map(({ row }) => [
    row.step,
    row.kl,
    row.klError,
    row.trueValue.value,
    row.trueValue.low,
    row.trueValue.high,
    row.judge,
    row.pairAccuracy,
    row.wellFormed,
    row.length,
  ]);
  return [head, ...rows];
}
