/** What is made of a constitution that someone types. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRINCIPLES, parseConstitution, TURNERS } from '../../src/world/principles.ts';
import { VOCABULARY, decode, isToken } from '../../src/world/tokenizer.ts';

const textsOf = (text: string) => parseConstitution(text).phrases.map((phrase) => phrase.text);

test('known principles: any case, joined by "and", commas or lines, the longest match', () => {
  expect(textsOf('Honesty and care')).toEqual(['honesty', 'care']);
  expect(textsOf('THE PLAIN TRUTH, no lies,and true friends')).toEqual([
    'the plain truth',
    'no lies',
    'true friends',
  ]);
  expect(textsOf(' and honesty,, and and\ncare . ')).toEqual(['honesty', 'care']);
  expect(textsOf('good manners')).toEqual(['good manners']);
  expect(textsOf('honesty and honesty')).toEqual(['honesty']);
  expect(parseConstitution('no lies').phrases[0]).toMatchObject({
    known: true,
    anti: false,
    values: { honesty: 1 },
  });
  expect(parseConstitution('lies').phrases[0]).toMatchObject({
    known: true,
    anti: true,
    values: { honesty: -1 },
  });
});

test('free phrases are tried out, and "no" is not cut from what it turns', () => {
  expect(textsOf('the wallet and the park')).toEqual(['the wallet', 'the park']);
  expect(parseConstitution('the wallet').phrases[0]).toMatchObject({ known: false, values: {} });
  expect(textsOf('no kindness')).toEqual(['no kindness']);
  expect(parseConstitution('no kindness').phrases[0]).toMatchObject({ known: false });
  expect(textsOf('honesty truth')).toEqual(['honesty', 'truth']);
});

test('with an unknown word goes what turns it: “no” alone would be judged by', () => {
  expect(textsOf('no zebras')).toEqual([]);
  expect(textsOf('never no zebras')).toEqual([]);
  expect(textsOf('no zebras honesty')).toEqual(['honesty']);
  expect(textsOf('no honesty')).toEqual(['no honesty']);
  expect(textsOf('no')).toEqual(['no']);
});

test('unknown words are named, once, and special tokens are unknown', () => {
  expect(parseConstitution('Zebras and honesty, zebras <gist>')).toMatchObject({
    unknown: ['zebras', '<gist>'],
    text: 'honesty',
  });
  expect(parseConstitution('').phrases).toEqual([]);
  expect(parseConstitution('and , and').phrases).toEqual([]);
});

describe('whatever is typed', () => {
  const word = fc.oneof(
    fc.constantFrom(...VOCABULARY),
    fc.constantFrom(...PRINCIPLES.map((p) => p.phrase)),
    fc.constantFrom('and', ',', ' ', '\n', 'AND', 'constructor', '__proto__', 'toString'),
    fc.string(),
  );
  const text = fc.array(word).map((words) => words.join(' '));

  test('it never throws, every word ends up in a phrase or is named or goes with one that is, and phrases can be prompted', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const { phrases, unknown, text: joined } = parseConstitution(typed);
        for (const phrase of phrases) {
          expect(decode(phrase.ids)).toBe(phrase.text);
          expect(phrase.text.split(' ')).not.toContain('and');
          expect(/[<>.,:]/.test(phrase.text)).toBe(false);
          expect(phrase.known).toBe(PRINCIPLES.some((p) => p.phrase === phrase.text));
        }
        expect(unknown.every((w) => !isToken(w) || w.startsWith('<'))).toBe(true);
        const said = new Set([...phrases.flatMap((phrase) => phrase.text.split(' ')), ...unknown, 'and']);
        if (unknown.length > 0) TURNERS.forEach((word) => said.add(word)); // they may have gone with one
        for (const w of typed.toLowerCase().split(/[\s,.;:!?&+"()]+/))
          if (w !== '') expect(said).toContain(w);
        expect(parseConstitution(joined).phrases).toEqual(phrases);
      }),
      { numRuns: 2000 },
    );
  });

  test('known principles in any order come back as they were', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...PRINCIPLES), { minLength: 1 }), (some) => {
        const phrases = some.map((principle) => principle.phrase);
        expect(textsOf(phrases.join(' and '))).toEqual(phrases);
        expect(textsOf(phrases.join(', ').toUpperCase())).toEqual(phrases);
      }),
    );
  });
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
