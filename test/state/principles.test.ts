import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  constitutionOf,
  DEFAULT_PRINCIPLES,
  readOf,
  keyOf,
  LONGEST_PHRASE,
  MOST_PRINCIPLES,
  phrasesOf,
  unknownWords,
  weighed,
  without,
  withPhrases,
} from '../../src/state/principles.ts';

const vocabulary = new Set(['honesty', 'mercy', 'no', 'lies']);

test('free text is read as phrases', () => {
  expect(phrasesOf('Honesty, and no lies')).toEqual(['honesty', 'no lies']);
  expect(phrasesOf('by mercy & fair wages;  the   plain truth.')).toEqual([
    'mercy',
    'fair wages',
    'the plain truth',
  ]);
  expect(phrasesOf('candor understanding')).toEqual(['candor understanding']);
  expect(phrasesOf(' ,, and . ')).toEqual([]);
});

test('a phrase that is too long ends with a whole word', () => {
  const long = 'never telling lies to anybody in the whole world or at school';
  expect(long.length).toBeGreaterThan(LONGEST_PHRASE);
  expect(phrasesOf(long)).toEqual(['never telling lies to anybody in the whole world or at']);
  expect(phrasesOf('a'.repeat(100))).toEqual(['a'.repeat(LONGEST_PHRASE)]);
});

test('markup and special tokens are no words of a phrase', () => {
  expect(phrasesOf('<gist>')).toEqual(['gist']);
  expect(phrasesOf('<b>mercy</b>')).toEqual(['b mercy b']);
  fc.assert(fc.property(fc.string(), (text) => phrasesOf(text).every((phrase) => !/[<>&"*,]/.test(phrase))));
});

test('nothing is added twice, nor beyond what fits', () => {
  expect(withPhrases(DEFAULT_PRINCIPLES, 'mercy, honesty')).toBe(DEFAULT_PRINCIPLES);
  const many = withPhrases([], Array.from({ length: 20 }, (_, i) => `word${i}`).join(', '));
  expect(many).toHaveLength(MOST_PRINCIPLES);
  expect(withPhrases(many, 'another')).toBe(many);
});

test('weights stay within bounds, and weight 0 is not asked', () => {
  const light = weighed(DEFAULT_PRINCIPLES, 1, -3);
  expect(light[1].weight).toBe(0);
  expect(constitutionOf(light)).toEqual({ principles: [{ phrase: 'honesty', weight: 1 }] });
  expect(weighed(DEFAULT_PRINCIPLES, 0, 0.30000000000000004)[0].weight).toBe(0.3);
  expect(without(light, 0).map((one) => one.phrase)).toEqual(['mercy']);
});

test('two constitutions have one key exactly when they ask the same', () => {
  expect(keyOf(constitutionOf(DEFAULT_PRINCIPLES))).toBe(keyOf(constitutionOf([...DEFAULT_PRINCIPLES])));
  expect(keyOf(constitutionOf(weighed(DEFAULT_PRINCIPLES, 0, 0.5)))).not.toBe(
    keyOf(constitutionOf(DEFAULT_PRINCIPLES)),
  );
});

test('the judge is asked by what has a weight and a word that it knows', () => {
  expect(unknownWords('no kindness', vocabulary)).toEqual(['kindness']);
  const read = (phrase: string, weight: number, words: ReadonlySet<string> | null = vocabulary) =>
    readOf([{ phrase, weight }], words).length === 1;
  expect(readOf([], vocabulary)).toEqual([]);
  expect(read('kindness', 1)).toBe(false);
  expect(read('no kindness', 1)).toBe(true);
  expect(read('honesty', 0)).toBe(false);
  expect(read('kindness', 1, null)).toBe(true);
  const turned = (phrase: string) =>
    readOf([{ phrase, weight: 1 }], new Set(['no', 'never', 'honesty']), ['no', 'never']).length === 1;
  // what turns an unknown word says nothing without it
  expect(['no zebras', 'never no zebras', 'zebras'].map(turned)).toEqual([false, false, false]);
  expect(['no honesty', 'no', 'no zebras honesty', 'honesty no zebras'].map(turned)).toEqual(
    Array(4).fill(true),
  );
});
