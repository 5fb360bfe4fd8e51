/** A constitution in the model's words as the questions that the judge is asked; how people write one is tested in test/world/constitution. */
import { describe, expect, test } from 'vitest';
import {
  EmptyConstitutionError,
  LONGEST_QUESTION,
  MOST_JOINED,
  readConstitution,
} from '../../src/values/constitution.ts';
import { NO_PRINCIPLE, questionOf } from '../../src/values/verdicts.ts';
import { PRINCIPLES } from '../../src/world/principles.ts';

const texts = (constitution: ReturnType<typeof readConstitution>) => constitution.phrases.map((p) => p.text);

describe('the model’s own words', () => {
  test('joined by "and", commas or lines, in any case, each phrase once', () => {
    for (const text of [
      'honesty and mercy',
      'honesty, mercy',
      'Honesty,\nMERCY',
      '  honesty ,and  mercy, honesty',
    ])
      expect(texts(readConstitution(text)), text).toEqual(['honesty', 'mercy']);
  });

  test('every principle of the world is asked as itself', () => {
    for (const { phrase } of PRINCIPLES) {
      const constitution = readConstitution(phrase);
      expect(texts(constitution)).toEqual([phrase]);
      expect(constitution.phrases[0].known).toBe(true);
      expect(constitution.questions).toEqual([`by ${phrase} , ${NO_PRINCIPLE}`]);
    }
  });

  test('words of the vocabulary that nobody judges by are asked for word for word', () => {
    const { phrases } = readConstitution('the wallet and no kindness and honesty truth');
    expect(phrases.map(({ text, known }) => [text, known])).toEqual([
      ['the wallet', false],
      ['no kindness', false],
      ['honesty truth', false],
    ]);
  });

  test('words that it does not have are refused by name, special tokens among them', () => {
    expect(() => readConstitution('honesty, zorblax and Grünkohl zorblax')).toThrow(/vocabulary: zorblax/);
    expect(() => readConstitution('honesty <gist> <eos>')).toThrow(/vocabulary: <gist>, <eos>/);
    for (const empty of ['', '   ', ',,, and , and', '\n\t'])
      expect(() => readConstitution(empty), JSON.stringify(empty)).toThrow(EmptyConstitutionError);
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

  test('of weight 0 a principle is left out', () => {
    expect(readConstitution('honesty, mercy', [0.5, 0])).toEqual(readConstitution('honesty', [0.5]));
    expect(() => readConstitution('honesty, mercy', [0, 0])).toThrow(EmptyConstitutionError);
  });

  test('weights that are not one finite number a principle are refused', () => {
    for (const weights of [[], [1], [1, 2, 3], [1, NaN], [Infinity, 1]])
      expect(() => readConstitution('honesty, mercy', weights), weights.join()).toThrow(RangeError);
  });
});
