/** Rewinding: what is kept spans the run, and from every kept state the run is the same again. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import type { Judge } from '../../src/rlaif/judge.ts';
import { rlaif, RLAIF, type RlaifOptions, type RlaifState } from '../../src/rlaif/loop.ts';
import type { Row } from '../../src/rlaif/rows.ts';
import { Snapshots } from '../../src/rlaif/snapshots.ts';
import { smallModel } from '../values/small.ts';

const report = (step: number) => ({
  row: { step } as Row,
  state: async () => ({ step, weights: {}, temperature: 1 }) as unknown as RlaifState,
});

describe('what is kept', () => {
  test('is never more than the capacity, begins with the first state and spans the run evenly', async () => {
    const shapes = [fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 150 })] as const;
    await fc.assert(
      fc.asyncProperty(...shapes, async (capacity, steps) => {
        const snapshots = new Snapshots(capacity);
        for (let step = 0; step <= steps; step++) {
          await snapshots.keep(report(step));
          const kept = snapshots.steps;
          expect(kept.length).toBeLessThanOrEqual(capacity);
          expect(kept[0]).toBe(0);
          const gaps = kept.slice(1).map((at, i) => at - kept[i]);
          expect(new Set(gaps).size).toBeLessThanOrEqual(1);
          // Half of the places are in use, at the least, as soon as there is so much to keep.
          expect(kept.length).toBeGreaterThanOrEqual(Math.min(step + 1, Math.floor(capacity / 2)));
          expect(step - kept.at(-1)).toBeLessThan(gaps[0] ?? 2);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('before a step is the newest state that is not later; a run that turns off forgets what came after', async () => {
    const snapshots = new Snapshots(4);
    for (let step = 0; step <= 9; step++) await snapshots.keep(report(step));
    expect(snapshots.steps).toEqual([0, 4, 8]);
    expect([3, 4, 9].map((step) => snapshots.before(step)?.step)).toEqual([0, 4, 8]);
    await snapshots.keep(report(4));
    expect(snapshots.steps).toEqual([0, 4]);
    snapshots.forget(0);
    expect(snapshots.before(9)).toBeUndefined();
    expect(() => new Snapshots(1)).toThrow(RangeError);
  });
});

describe('a run', () => {
  let model: Model;
  beforeAll(async () => {
    model = await smallModel();
  });
  afterAll(() => disposeModel(model));

  const judge: Judge = async ({ responses }) => responses.map(({ response }) => -response.length);
  const options: RlaifOptions = {
    ...RLAIF,
    steps: 9,
    kl: 50,
    responses: 16,
    rate: 3e-3,
    measure: { situations: 4, each: 4 },
  };

  test('rewound to any step goes on as it went before, bit for bit', async () => {
    const snapshots = new Snapshots(3);
    const rows: Row[] = [];
    for await (const at of rlaif(model, judge, options)) {
      rows.push(at.row);
      await snapshots.keep(at);
    }
    expect(snapshots.steps).toEqual([0, 4, 8]);
    for (const step of [2, 5, 9]) {
      const from = snapshots.before(step)!;
      const again: Row[] = [];
      for await (const { row } of rlaif(model, judge, options, from)) again.push(row);
      expect(again).toEqual(rows.slice(from.step));
    }
  });
});
