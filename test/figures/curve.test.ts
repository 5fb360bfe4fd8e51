import { expect, test } from 'vitest';
import {
  BUDGET_GAP,
  curveMarks,
  pathThrough,
  runRows,
  spread,
  stepAt,
  stepLabelAt,
  tableRows,
  upTo,
} from '../../src/figures/curve/layout.ts';
import type { Prediction, TrainReport } from '../../src/worker/protocol.ts';
import { NO_VALUES } from '../../src/world/values.ts';

const row = (step: number, kl: number, value: number): TrainReport => ({
  row: {
    step,
    kl,
    klError: 0.01,
    trueValue: { value, low: value - 0.2, high: value + 0.2 },
    values: NO_VALUES,
    judge: 0,
    pairAccuracy: 0.8,
    wellFormed: 1,
    length: 12,
  },
  logProbs: null,
  pair: null,
  pairs: 64,
  samples: [],
  left: 0,
});
const f = (...values: number[]) => Float32Array.from(values);
const prediction: Prediction = {
  model: 'the model',
  sample: 'a sample',
  start: 0.1,
  kl: f(0.1, 0.4, 0.9, 1.6),
  tilt: { mean: f(0.3, 0.7, 1.1, 1.5), low: f(0.2, 0.6, 1, 1.3), high: f(0.4, 0.8, 1.2, 1.7) },
  linear: f(0.4, 0.9, 1.3, 1.8),
  ceiling: f(0.5, 1.1, 1.6, 2.1),
  truth: f(0.7, 1.4, 2, 2.6),
  situations: 64,
  responses: 256,
};
const input = {
  reports: [row(0, 0, 0.1), row(1, 0.2, 0.5), row(2, 0.15, 0.6)],
  prediction,
  klBudget: 1,
  width: 736,
  height: 228,
  small: false,
  linear: false,
  truth: false,
};

test('each step lies at its KL, also where KL goes back', () => {
  const { steps } = curveMarks(input);
  expect(steps[2].x).toBeLessThan(steps[1].x);
  expect(steps[2].y).toBeLessThan(steps[1].y);
  expect(steps[0].x).toBeCloseTo(curveMarks(input).x(0));
});

test('gains are added to where the run starts, before there is a run as with one: there is one ceiling', () => {
  const value = ({ y }: ReturnType<typeof curveMarks>, point: { y: number }) =>
    (y(0) - point.y) / (y(0) - y(1));
  const [before, started, on] = [[], input.reports.slice(0, 1), input.reports].map((reports) =>
    curveMarks({ ...input, reports }),
  );
  for (const marks of [before, started, on]) {
    expect(value(marks, marks.tilt[0])).toBeCloseTo(0.1);
    expect(value(marks, marks.tilt[1])).toBeCloseTo(0.1 + 0.3);
    expect(value(marks, marks.ceiling[1])).toBeCloseTo(0.1 + 0.5);
    expect(value(marks, marks.ceiling.at(-1))).toBeCloseTo(value(before, before.ceiling.at(-1)));
  }
});

test('a prediction starts at nothing and is cut exactly at the budget', () => {
  const cut = upTo(prediction, 1);
  expect(cut.kl[0]).toBe(0);
  expect(cut.mean[0]).toBe(0);
  expect(cut.kl.at(-1)).toBeCloseTo(1);
  expect(cut.mean.at(-1)).toBeCloseTo(1.1 + (0.4 * 0.1) / 0.7);
  expect(upTo(prediction, 5).kl.at(-1)).toBeCloseTo(1.6);
  expect(upTo(prediction, 0.05).mean.at(-1)).toBeCloseTo(0.15);
});

test('lines that were not asked for are not drawn, and everything drawn is inside', () => {
  const marks = curveMarks(input);
  expect(marks.linear).toEqual([]);
  const all = curveMarks({ ...input, linear: true, truth: true });
  for (const { x, y } of [...all.linear, ...all.truth, ...all.ceiling, ...all.steps]) {
    expect(x).toBeLessThanOrEqual(all.right + 0.1);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(all.axis);
  }
});

test('a run beyond its budget stretches the axis', () => {
  expect(curveMarks({ ...input, reports: [row(0, 0, 0), row(1, 1.3, 1)] }).klMax).toBe(1.3);
});

test('labels move apart, keep their order and stay in bounds', () => {
  const apart = spread([{ y: 30 }, { y: 28 }, { y: 31 }], 18, 12, 200);
  expect(apart.map((one) => one.y)).toEqual([28, 46, 64]);
  const low = spread([{ y: 195 }, { y: 198 }], 18, 12, 200);
  expect(low[1].y - low[0].y).toBeGreaterThanOrEqual(18);
  expect(low[1].y).toBeLessThanOrEqual(200);
});

test('the scrubber finds the step nearest on the axis, the later one of two', () => {
  const steps = [0, 50, 50, 90].map((x) => ({ x, y: 0 }));
  expect(stepAt(steps, 48)).toBe(2);
  expect(stepAt(steps, -10)).toBe(0);
  expect(stepAt(steps, 500)).toBe(3);
});

test('the step is named under the knob, and clear of the budget where the budget is spent', () => {
  const axis = { left: 26, right: 618 };
  const half = 24; // of "step 40" at 13 px, semibold
  expect(stepLabelAt(300, axis)).toBe(300);
  expect(stepLabelAt(axis.right, axis) + half).toBeLessThan(axis.right + BUDGET_GAP);
  expect(stepLabelAt(axis.left, axis) - half).toBeGreaterThanOrEqual(axis.left);
});

test('paths and files', () => {
  expect(pathThrough([])).toBe('');
  expect(
    pathThrough(
      [
        { x: 1, y: 2 },
        { x: 3, y: 4.26 },
      ],
      true,
    ),
  ).toBe('M1.0,2.0L3.0,4.3Z');
  expect(runRows(input.reports)).toHaveLength(4);
});

test('a table has a row a step, in the order of the steps', () => {
  const rows = tableRows(input.reports);
  expect(rows.map(([step]) => step)).toEqual(['0', '1', '2']);
  expect(rows[1].slice(1)).toEqual(['0.20', '+0.50', '+0.30', '+0.70', '100.0%']);
});
