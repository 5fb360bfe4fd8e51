/** A constitution is what a visitor typed: anything at all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EmptyConstitutionError,
  LONGEST_QUESTION,
  MOST_JOINED,
  readConstitution,
} from '../../src/values/constitution.ts';
import { NO_PRINCIPLE, questionOf } from '../../src/values/verdicts.ts';
import { PRINCIPLES } from '../../src/world/principles.ts';
import { encode, VOCABULARY } from '../../src/world/tokenizer.ts';

const texts = (constitution: ReturnType<typeof readConstitution>) => constitution.phrases.map((p) => p.text);

describe('reading', () => {
  test('joined by "and", commas or lines, in any case, each phrase once', () => {
    for (const text of [
      'honesty and mercy',
      'honesty, mercy',
      'Honesty,\nMERCY',
      '  honesty ,and  mercy, honesty',
      'honesty & mercy.',
    ])
      expect(texts(readConstitution(text)), text).toEqual(['honesty', 'mercy']);
    expect(texts(readConstitution('the plain truth and fair wages'))).toEqual([
      'the plain truth',
      'fair wages',
    ]);
  });

  test('every principle of the world is read as itself', () => {
    for (const { phrase } of PRINCIPLES) {
      const constitution = readConstitution(phrase);
      expect(texts(constitution)).toEqual([phrase]);
      expect(constitution.phrases[0].known).toBe(true);
      expect(constitution.questions).toEqual([`by ${phrase} , ${NO_PRINCIPLE}`]);
    }
  });

  test('words of the vocabulary that nobody judges by are asked for all the same', () => {
    const { phrases, unknown } = readConstitution('the wallet');
    expect(phrases.map(({ text, known }) => ({ text, known }))).toEqual([
      { text: 'the wallet', known: false },
    ]);
    expect(unknown).toEqual([]);
  });

  test('unknown words are named, each once, and left out', () => {
    const constitution = readConstitution('honesty, zorblax, mercy and zorblax and Grünkohl');
    expect(texts(constitution)).toEqual(['honesty', 'mercy']);
    expect(constitution.unknown).toEqual(['zorblax', 'grünkohl']);
  });

  test('special tokens are no principles', () => {
    const constitution = readConstitution('honesty <gist> <eos>');
    expect(texts(constitution)).toEqual(['honesty']);
    expect(constitution.unknown).toEqual(['<gist>', '<eos>']);
  });

  test('nothing known, or nothing at all, is an error that says which', () => {
    for (const empty of ['', '   ', ',,, and , and', '\n\t'])
      expect(() => readConstitution(empty), JSON.stringify(empty)).toThrow(EmptyConstitutionError);
    expect(() => readConstitution(' , ')).toThrow(/is empty/);
    expect(() => readConstitution('zorblax and quux')).toThrow(EmptyConstitutionError);
    expect(() => readConstitution('zorblax and quux')).toThrow(/zorblax, quux/);
  });
});

describe('what is asked', () => {
  test('up to five principles are one question', () => {
    const five = ['honesty', 'care', 'fairness', 'freedom', 'loyalty'];
    const { questions, mixture, weights } = readConstitution(five.join(', '));
    expect(questions).toEqual([`by ${five.join(' and ')} , that is`]);
    expect(mixture).toEqual([1]);
    expect(weights).toEqual([1, 1, 1, 1, 1]);
  });

  test('more than five are asked one at a time, and the score is their mean', () => {
    const six = ['honesty', 'care', 'fairness', 'freedom', 'loyalty', 'mercy'];
    const { questions, mixture } = readConstitution(six.join(' and '));
    expect(questions).toEqual(six.map((phrase) => questionOf([phrase])));
    expect(mixture).toEqual(six.map(() => 1 / 6));
  });

  test('the five longest principles of the world still fit one question', () => {
    const longest = PRINCIPLES.map(({ phrase }) => phrase)
      .sort((a, b) => b.split(' ').length - a.split(' ').length)
      .slice(0, MOST_JOINED);
    const { questions } = readConstitution(longest.join(', '));
    expect(questions).toHaveLength(1);
    expect(questions[0].split(' ').length).toBeLessThanOrEqual(LONGEST_QUESTION);
  });

  test('phrases too long together are asked one at a time; one too long alone is an error that names it', () => {
    const long = (word: string) => new Array<string>(12).fill(word).join(' ');
    const { questions, mixture } = readConstitution(`${long('wallet')}, ${long('secret')}`);
    expect(questions).toEqual([questionOf([long('wallet')]), questionOf([long('secret')])]);
    expect(mixture).toEqual([0.5, 0.5]);
    const tooLong = new Array<string>(30).fill('wallet').join(' ');
    expect(() => readConstitution(tooLong)).toThrow(RangeError);
    expect(() => readConstitution(`honesty, ${tooLong}`)).toThrow(/wallet wallet/);
  });

  test('weights are asked for one at a time, those of 1 as one text', () => {
    expect(readConstitution('honesty, mercy', [1, 0.6])).toMatchObject({
      questions: ['by honesty , that is', 'by mercy , that is'],
      mixture: [1, 0.6],
      weights: [1, 0.6],
    });
    expect(readConstitution('honesty, mercy', [-1, 2]).mixture).toEqual([-1, 2]);
    expect(readConstitution('honesty, mercy', [1, 1]).questions).toHaveLength(1);
    expect(readConstitution('honesty', [-1])).toMatchObject({
      questions: ['by honesty , that is'],
      mixture: [-1],
    });
  });

  test('weights that are not one finite number a principle are refused', () => {
    for (const weights of [[], [1], [1, 2, 3], [1, NaN], [Infinity, 1]])
      expect(() => readConstitution('honesty, mercy', weights), weights.join()).toThrow(RangeError);
  });
});

/** Text in any script, and text made of what the reader knows, joins and cuts. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.constantFrom('wallet', 'the', 'park', 'no'), { maxLength: 60, size: 'max' })
    .map((words) => words.join(' ')),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...VOCABULARY),
        fc.constantFrom(...PRINCIPLES.map(({ phrase }) => phrase)),
        fc.constantFrom(
          'and',
          ',',
          '.',
          '\n',
          '',
          'no',
          'never',
          'AND',
          '&',
          ';',
          '(',
          '__proto__',
          'constructor',
        ),
        fc.string({ unit: 'grapheme', maxLength: 6 }),
      ),
      { maxLength: 40 },
    )
    .chain((words) => fc.constantFrom(' ', '  ', ', ', '\n', '').map((joint) => words.join(joint))),
);

test('any text at all is read, or refused with a reason', () => {
  let [read, empty, long] = [0, 0, 0];
  fc.assert(
    fc.property(anyText, (text) => {
      let constitution;
      try {
        constitution = readConstitution(text);
      } catch (error) {
        if (error instanceof EmptyConstitutionError) empty += 1;
        else if (error instanceof RangeError) long += 1;
        else throw error;
        expect((error as Error).message).not.toBe('');
        return;
      }
      read += 1;
      const { phrases, weights, questions, mixture, unknown } = constitution;
      expect(weights).toHaveLength(phrases.length);
      expect(mixture).toHaveLength(questions.length);
      expect(questions.length === 1 || questions.length === phrases.length).toBe(true);
      for (const question of questions) expect(encode(question).length).toBeLessThanOrEqual(LONGEST_QUESTION);
      expect(new Set(texts(constitution)).size).toBe(phrases.length);
      expect(new Set(unknown).size).toBe(unknown.length);
      // What was read can be written down and read again: the page's link and the weights depend on it.
      const again = readConstitution(texts(constitution).join(', '));
      expect(texts(again)).toEqual(texts(constitution));
      expect(again.unknown).toEqual([]);
      expect(again.questions).toEqual(questions);
    }),
    { numRuns: 6000, seed: 1 },
  );
  // None of the three ends may be an accident of the generator.
  expect(Math.min(read, empty, long)).toBeGreaterThan(20);
});
