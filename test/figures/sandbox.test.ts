import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ATTEMPTS, CLAIMS, claimsOf } from '../../src/figures/sandbox/claims.ts';
import {
  angleOf,
  arrowAt,
  arrowTo,
  between,
  gainScale,
  labelsAt,
  lengthOf,
  LENGTHS,
  levelsOf,
  MOST,
  placedArrows,
  pressed,
  spotsOf,
  START,
  tipOf,
} from '../../src/figures/sandbox/layout.ts';
import { sandboxRows } from '../../src/figures/sandbox/rows.ts';
import { createRandom } from '../../src/math/random.ts';
import {
  closedForm,
  sampledOutcome,
  sampleResponses,
  scoresOf,
  truthOf,
} from '../../src/rlaif/linearModel.ts';

const anyAngle = fc.double({ min: -179, max: 179, noNaN: true });
const anyLength = fc.double({ min: LENGTHS.low, max: LENGTHS.high, noNaN: true });
const anyArrow = fc.tuple(anyAngle, anyLength).map(([angle, length]) => arrowAt(angle, length));
const anySide = fc.double({ min: 300, max: 900, noNaN: true });

describe('sentences of the theory', () => {
  const claims = (settings: object) => claimsOf(closedForm({ ...START, ...settings }));

  test.each(CLAIMS)('a button makes “%s” true, and another one false', (claim) => {
    expect(claims(ATTEMPTS[claim])[claim]).toBe(true);
    expect(CLAIMS.map((other) => claims(ATTEMPTS[other])[claim])).toContain(false);
  });

  test('each can be made true and false with the keys alone', () => {
    const around = Array.from({ length: 72 }, (_, k) => arrowAt(5 * k, 1));
    const seen = around.map((constitution) =>
      claims({ truth: around[12], habits: around[30], constitution }),
    );
    for (const claim of CLAIMS) expect(new Set(seen.map((one) => one[claim])).size, claim).toBe(2);
  });

  test('none holds where nothing can be gained', () => {
    const none = Object.values(claims({ truth: { x: 0, y: 1 }, rank: 1 }));
    expect([...none, ...Object.values(claims({ kl: 0 }))]).toEqual(new Array(10).fill(false));
  });
});

describe('arrows', () => {
  test('are where they were put by a pointer', () => {
    fc.assert(
      fc.property(anyArrow, anySide, (arrow, side) => {
        const again = arrowTo(tipOf(arrow, side), side, START.truth);
        expect(again.x).toBeCloseTo(arrow.x, 9);
        expect(again.y).toBeCloseTo(arrow.y, 9);
      }),
    );
    const far = arrowTo({ x: 5000, y: 200 }, 400, START.truth);
    expect(lengthOf(far)).toBeCloseTo(LENGTHS.high, 9);
    expect(arrowTo({ x: 200, y: 200 }, 400, START.truth)).toBe(START.truth); // the middle says no direction
  });

  test('turn and grow by keys, within their lengths', () => {
    fc.assert(
      fc.property(anyArrow, (arrow) => {
        const back = pressed(pressed(arrow, 'ArrowLeft')!, 'ArrowRight')!;
        expect(back.x).toBeCloseTo(arrow.x, 9);
        expect(lengthOf(pressed(arrow, 'ArrowLeft')!)).toBeCloseTo(lengthOf(arrow), 9);
        for (const key of ['ArrowUp', 'ArrowDown']) {
          const other = pressed(arrow, key)!;
          expect(lengthOf(other)).toBeGreaterThanOrEqual(LENGTHS.low - 1e-9);
          expect(lengthOf(other)).toBeLessThanOrEqual(LENGTHS.high + 1e-9);
          expect(angleOf(other)).toBeCloseTo(angleOf(arrow), 6);
        }
      }),
    );
    expect(angleOf(pressed(arrowAt(10, 1), 'ArrowLeft')!)).toBeCloseTo(15, 9);
    expect(pressed(START.truth, 'a')).toBeNull();
  });

  test('of habits and constitution lie on a line where one direction is held', () => {
    const held = placedArrows({ ...START, rank: 1 }, 400).map((one) => one.held);
    expect(held[0]).toBeNull();
    expect(held.slice(1).map((one) => one!.y)).toEqual([200, 200]);
    expect(placedArrows(START, 400).every((one) => one.held === null)).toBe(true);
  });

  test('go the shorter way round to where a button sends them', () => {
    const [from, to] = [170, -170].map((angle) => ({ ...START, truth: arrowAt(angle, 1) }));
    expect(Math.abs(angleOf(between(from, to, 0.5).truth))).toBeCloseTo(180, 6);
    expect(between(from, to, 1)).toBe(to);
    expect(angleOf(between(from, to, 0).truth)).toBeCloseTo(170, 6);
  });
});

test('words stand in the plane and none on another, wherever the arrows point', () => {
  fc.assert(
    fc.property(anyArrow, anyArrow, anyArrow, anySide, (truth, habits, constitution, side) => {
      const settings = { ...START, truth, habits, constitution };
      const { good, bad } = levelsOf(settings, side)!;
      const tips = placedArrows(settings, side).map(({ name, tip }) => ({ name, at: tip, gap: 21 }));
      const ends = [good, bad].map((at, i) => ({ name: `end ${i}`, at, gap: 0 }));
      const labels = labelsAt<string>([...tips, ...ends], side);
      labels.forEach((a, i) => {
        expect(Math.min(a.x, a.y, side - a.x, side - a.y)).toBeGreaterThan(9);
        for (const b of labels.slice(i + 1))
          expect(Math.abs(a.x - b.x) >= 96 || Math.abs(a.y - b.y) >= 19 - 1e-9).toBe(true);
      });
    }),
  );
});

test('the area of a dot is its probability, and it stands where its first two numbers say', () => {
  const responses = sampleResponses(600, createRandom(1));
  const { probability } = sampledOutcome(START, responses);
  const spots = spotsOf(responses, probability.constitution, scoresOf(responses, truthOf(START)), 440);
  const ratios = spots.flatMap(({ r }, i) =>
    r > 0.81 && r < 17 ? [r ** 2 / probability.constitution[i]] : [],
  );
  expect(ratios.length).toBeGreaterThan(300);
  for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0], 6);
  expect(Math.sign(spots[5].x - 220)).toBe(Math.sign(responses[20]));
  expect(Math.sign(220 - spots[5].y)).toBe(Math.sign(responses[21]));
});

test('no setting gains more than the bars can show', () => {
  const most = closedForm({ ...START, truth: arrowAt(40, LENGTHS.high), rank: 4, kl: 1 }).gain.best;
  const scale = gainScale(200);
  expect(scale(most)).toBeLessThan(199);
  expect(scale(0)).toBe(100);
});

test('its table has a column for every number, and a row for every dot', () => {
  const responses = sampleResponses(MOST, createRandom(2));
  const [head, ...rows] = sandboxRows(START, responses, sampledOutcome(START, responses));
  expect(rows).toHaveLength(MOST);
  for (const row of rows) expect(row).toHaveLength(head.length);
  expect(new Set(head).size).toBe(head.length);
  const after = head.indexOf('probability after training on the constitution');
  expect(rows.reduce((sum, row) => sum + Number(row[after]), 0)).toBeCloseTo(1, 9);
});
