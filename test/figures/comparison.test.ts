import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceOf, timesInHundred, truthOf } from '../../src/figures/comparison/layout.ts';

describe('the balance', () => {
  test('hangs lower where the score is higher, and is level when they are equal', () => {
    expect(balanceOf(2, 328).left.y).toBeGreaterThan(balanceOf(2, 328).right.y);
    expect(balanceOf(-2, 328).left.y).toBeLessThan(balanceOf(-2, 328).right.y);
    expect(balanceOf(0, 328).left.y).toBe(balanceOf(0, 328).right.y);
    expect(balanceOf(3.22, 328).angle).toBeCloseTo(Math.atan(0.085 * 3.22));
  });

  test('stays in its picture as far as the scores of one constitution lie apart', () => {
    for (const width of [260, 328, 350]) {
      const { left, right, hang, height } = balanceOf(-20, width);
      expect(left.y).toBeGreaterThan(0);
      expect(right.y + hang + 15).toBeLessThan(height);
      expect(Math.min(left.x, right.x) - 38).toBeGreaterThanOrEqual(0);
    }
  });

  test('the difference is written over the level, clear of the pan that hangs below it', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), (difference) => {
        const { label, left, right, pivot } = balanceOf(difference, 328);
        const heavier = difference >= 0 ? left : right;
        expect(label.y).toBeLessThan(pivot.y);
        expect(heavier.y).toBeGreaterThanOrEqual(pivot.y);
        expect(Math.sign(label.x - pivot.x)).toBe(difference >= 0 ? -1 : 1);
      }),
    );
  });

  test('knows whether the truth is on the judge’s side', () => {
    const weighing = (scores: number[], truths: number[]) => {
      const [a, b] = scores.map((score, i) => ({ score, trueValue: truths[i] }));
      return truthOf({ a, b } as Parameters<typeof truthOf>[0]);
    };
    expect(weighing([2, 1], [3, 0])).toBe(1);
    expect(weighing([1, 2], [3, 0])).toBe(-1);
    expect(weighing([1, 2], [0, 0]) === 0).toBe(true);
  });

  test('is never certain', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (difference) => {
        const often = Number(timesInHundred(difference));
        return often >= 1 && often <= 99;
      }),
    );
    expect(timesInHundred(3.22)).toBe('96');
  });
});
