import { expect, test } from 'vitest';
import { askedBy } from '../../src/figures/correlations/asked.ts';
import { barOf, barScale } from '../../src/figures/correlations/layout.ts';
import { words } from '../../src/words/en.ts';

test('bars leave room for what is negative only where something is', () => {
  const estimate = (value: number) => ({ value, low: value - 0.05, high: value + 0.05 });
  const good = barScale([estimate(0.8), estimate(-0.02)], 100);
  const bad = barScale([estimate(0.8), estimate(-0.9)], 100);
  expect(good(0)).toBeCloseTo(100 / 6);
  expect(bad(0)).toBeCloseTo(50);
  expect(barOf(estimate(-0.9), bad).x).toBeLessThan(bad(0));
  expect(barOf(estimate(0.5), good).width).toBeCloseTo(good(0.5) - good(0));
});

test('a value says by which other words it is asked for, or against', () => {
  const known = [
    { phrase: 'care', values: { care: 1 }, anti: false },
    { phrase: 'mercy', values: { care: 1 }, anti: false },
    { phrase: 'revenge', values: { care: -1, loyalty: -1 }, anti: true },
    { phrase: 'truth', values: { honesty: 1 }, anti: false },
  ];
  const asked = askedBy(
    known,
    ['care', 'mercy', 'revenge', 'zebras', 'truth'].map((phrase) => ({
      phrase,
      weight: phrase === 'truth' ? 0 : 1,
    })),
  );
  expect(asked).toEqual({ care: ['mercy', 'revenge'], loyalty: ['revenge'] });
  expect(words.awakens.about(asked.care!)).toBe('“mercy” and “revenge” are about this');
});
