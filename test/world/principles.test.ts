/** The principles of the world, and phrases of its vocabulary. */
import { expect, test } from 'vitest';
import { phraseOf, PRINCIPLES } from '../../src/world/principles.ts';
import { decode, UnknownWordError } from '../../src/world/tokenizer.ts';

test('a phrase of the vocabulary is tokens, and what the table says of it', () => {
  expect(phraseOf('no lies')).toMatchObject({ known: true, anti: false, values: { honesty: 1 } });
  expect(phraseOf('lies')).toMatchObject({ known: true, anti: true, values: { honesty: -1 } });
  expect(phraseOf('the wallet')).toMatchObject({ known: false, values: {} });
  for (const { phrase } of PRINCIPLES) expect(decode(phraseOf(phrase).ids)).toBe(phrase);
  for (const text of ['zebras', '<gist>', 'honesty <eos>', 'constructor'])
    expect(() => phraseOf(text), text).toThrow(UnknownWordError);
  expect(() => phraseOf(' ')).toThrow(RangeError);
});

test('the table: seven phrases and more for each value, one of them plain, none with "and"', () => {
  expect(new Set(PRINCIPLES.map((p) => p.phrase)).size).toBe(PRINCIPLES.length);
  for (const value of ['honesty', 'care', 'fairness', 'freedom', 'loyalty', 'politeness'] as const) {
    const own = PRINCIPLES.filter((p) => !p.anti && p.values[value] === 1);
    expect(own.length).toBeGreaterThanOrEqual(7);
    expect(own.filter((p) => p.plain).map((p) => p.phrase)).toEqual([value]);
    expect(PRINCIPLES.some((p) => p.anti && p.values[value] === -1)).toBe(true);
  }
  expect(PRINCIPLES.filter((p) => p.phrase.split(' ').includes('and'))).toEqual([]);
});
