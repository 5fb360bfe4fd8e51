import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  constitutionOf,
  DEFAULT_PRINCIPLES,
  instead,
  keyOf,
  LONGEST_PHRASE,
  MOST_PRINCIPLES,
  PLAIN_WORDS,
  readingOf,
  weighed,
  without,
  withText,
} from '../../src/state/principles.ts';
import { PRINCIPLES } from '../../src/world/phrases.ts';
import { MORAL_VALUES } from '../../src/world/values.ts';

const phrasesOf = (text: string) => withText([], text).principles.map(({ phrase }) => phrase);
const backOf = (text: string) => withText([], text).back.map(({ typed }) => typed);

test('free text is several principles, each as it was written', () => {
  expect(phrasesOf('Honesty, and don’t lie')).toEqual(['honesty', "don't lie"]);
  expect(phrasesOf('by mercy & fair wages;  the   plain truth.')).toEqual([
    'mercy',
    'fair wages',
    'the plain truth',
  ]);
  expect([phrasesOf('candor marmalade, mercy'), backOf('candor marmalade, mercy')]).toEqual([
    ['mercy'],
    ['candor marmalade'],
  ]);
  expect([phrasesOf(' ,, and . '), phrasesOf('')]).toEqual([[], []]);
});

test('of a list as long as any all principles are read', () => {
  const phrases = PRINCIPLES.slice(0, 8).map(({ phrase }) => phrase);
  const list = phrases.map((phrase, i) => `${i + 1}. Please always remember: ${phrase}`).join('\n');
  expect(list.length).toBeGreaterThan(200);
  expect(withText([], list).principles.flatMap((one) => readingOf(one.phrase).asked)).toEqual(phrases);
});

test('what is too long for a chip stands there as it is asked, whole', () => {
  const long = 'you should never ever tell any lies to anybody in the whole wide world';
  expect(long.length).toBeGreaterThan(LONGEST_PHRASE);
  expect(phrasesOf(long.replace(' wide', ''))).toEqual(['no lies']);
  expect(backOf('a'.repeat(100))).toEqual(['a'.repeat(100)]);
});

test('markup and special tokens are asked back, and no chip holds them', () => {
  expect([phrasesOf('<gist>'), backOf('<gist>')]).toEqual([[], ['<gist>']]);
  expect(phrasesOf('<b>mercy</b>')).toEqual([]);
  fc.assert(fc.property(fc.string(), (text) => phrasesOf(text).every((phrase) => PLAIN_WORDS.test(phrase))));
});

test('nothing is added twice, however it is put, nor beyond what fits', () => {
  expect(withText(DEFAULT_PRINCIPLES, 'mercy, be honest')).toEqual({
    principles: DEFAULT_PRINCIPLES,
    back: [],
  });
  const many = withText([], PRINCIPLES.map(({ phrase }) => phrase).join(', ')).principles;
  expect(many).toHaveLength(MOST_PRINCIPLES);
  expect(withText(many, 'courtesy').principles).toBe(many);
});

test('another phrase takes the place of one, unless it is there already', () => {
  const written = [{ phrase: 'cherish', weight: 0.4 }, ...DEFAULT_PRINCIPLES];
  expect(instead(written, 0, 'care')[0]).toEqual({ phrase: 'care', weight: 0.4 });
  expect(instead(written, 0, 'mercy')).toEqual(DEFAULT_PRINCIPLES);
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

test('the judge is asked in the model’s words, by what has a weight and is understood', () => {
  const asked = (phrase: string, weight = 1) => constitutionOf([{ phrase, weight }]).principles;
  expect(asked("don't lie", 0.5)).toEqual([{ phrase: 'no lies', weight: 0.5 }]);
  expect(asked('honesty', 0)).toEqual([]);
  expect(['marmalade', 'no marmalade', 'brutal honesty', 'never'].flatMap((phrase) => asked(phrase))).toEqual(
    [],
  );
  expect(asked('be good').map(({ phrase }) => phrase)).toEqual([...MORAL_VALUES]);
});
