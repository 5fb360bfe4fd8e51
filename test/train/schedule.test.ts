import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  batchAtStep,
  PRETRAINING,
  rateAt,
  scaleSteps,
  totalSteps,
  type Schedule,
} from '../../src/train/schedule.ts';

const SCHEDULE: Schedule = {
  phases: [
    { batch: 3, steps: 7 },
    { batch: 5, steps: 13 },
  ],
  rate: 2,
  warmup: 4,
  floor: 0.1,
};

const anySchedule = fc.record({
  phases: fc.array(
    fc.record({ batch: fc.integer({ min: 1, max: 64 }), steps: fc.integer({ min: 1, max: 40 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  rate: fc.double({ min: 1e-5, max: 1, noNaN: true }),
  warmup: fc.integer({ min: 0, max: 30 }),
  floor: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('learning rate', () => {
  test('warms up in a line, peaks, and falls in a cosine', () => {
    const rates = Array.from({ length: 21 }, (_, step) => rateAt(SCHEDULE, step));
    expect(rates.slice(0, 4)).toEqual([0.5, 1, 1.5, 2]);
    expect(rates[4]).toBe(2);
    expect(rates[12]).toBeCloseTo((2 + 0.2) / 2, 12); // half-way down, half-way between top and floor
    expect(rates[20]).toBeCloseTo(0.2, 12);
    for (let step = 5; step <= 20; step++) expect(rates[step]).toBeLessThan(rates[step - 1]);
  });

  test('stays between nothing and its peak, whatever the schedule', () => {
    fc.assert(
      fc.property(anySchedule, fc.nat(200), (schedule, step) => {
        const rate = rateAt(schedule, step);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(schedule.rate * (1 + 1e-12));
        if (step >= schedule.warmup)
          expect(rate).toBeGreaterThanOrEqual(schedule.rate * schedule.floor * (1 - 1e-12));
      }),
    );
  });
});

describe('documents', () => {
  test('each is seen once, in order, whatever the schedule', () => {
    fc.assert(
      fc.property(anySchedule, (schedule) => {
        let next = 0;
        for (let step = 0; step < totalSteps(schedule); step++) {
          const { batch, firstDocument } = batchAtStep(schedule, step);
          expect(firstDocument).toBe(next);
          next += batch;
        }
        expect(next).toBe(schedule.phases.reduce((sum, { batch, steps }) => sum + batch * steps, 0));
      }),
    );
  });

  test('batches grow where the second phase begins, and there is nothing after the last', () => {
    expect(batchAtStep(SCHEDULE, 6)).toEqual({ batch: 3, firstDocument: 18 });
    expect(batchAtStep(SCHEDULE, 7)).toEqual({ batch: 5, firstDocument: 21 });
    expect(() => batchAtStep(SCHEDULE, 20)).toThrow(RangeError);
  });
});

test('a scaled schedule has the steps that were asked for, whatever the schedule', () => {
  fc.assert(
    fc.property(anySchedule, fc.integer({ min: 1, max: 500 }), (schedule, steps) => {
      const scaled = scaleSteps(schedule, steps);
      expect(totalSteps(scaled)).toBe(steps);
      expect(scaled.warmup).toBeLessThanOrEqual(Math.min(schedule.warmup, steps));
      const ratio = steps / totalSteps(schedule);
      schedule.phases.forEach((phase, i) => {
        expect(scaled.phases[i].batch).toBe(phase.batch);
        expect(Math.abs(scaled.phases[i].steps - ratio * phase.steps)).toBeLessThanOrEqual(1);
      });
    }),
  );
  expect(scaleSteps(PRETRAINING, totalSteps(PRETRAINING))).toEqual(PRETRAINING);
});
