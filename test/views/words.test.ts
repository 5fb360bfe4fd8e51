import { describe, expect, test } from 'vitest';
import { completions, isMixed, suggestions } from '../../src/views/constitution/suggest.ts';
import { csv } from '../../src/figures/ui/csv.ts';
import {
  correlation,
  duration,
  fixed,
  percent,
  signed,
  thousands,
  times,
} from '../../src/figures/ui/numbers.ts';
import { sentence, shortly } from '../../src/figures/ui/text.ts';
import { words } from '../../src/words/en.ts';
import { PRINCIPLES } from '../fake/world.ts';

describe('numbers', () => {
  test('have true minus signs and no minus on nothing', () => {
    expect(signed(1.9)).toBe('+1.90');
    expect(signed(-1.9)).toBe('−1.90');
    expect(signed(-0.001)).toBe('0.00');
    expect(fixed(-0.001)).toBe('0.00');
  });

  test('are short where they are shares', () => {
    expect(correlation(0.84)).toBe('.84');
    expect(correlation(-0.06)).toBe('−.06');
    expect(correlation(1)).toBe('1.00');
    expect(percent(0.56)).toBe('56%');
    expect([171_234, 1_200_000, 12].map(thousands)).toEqual(['171k', '1.2M', '12']);
    expect([12.3, 200].map(duration)).toEqual(['12 s', '3 min']);
    expect([7.04, 32.2, 1234].map(times)).toEqual(['7.0', '32', '1,234']);
  });
});

describe('sentences', () => {
  test('have capitals where people expect them', () => {
    expect(sentence('omar finds the wallet of ben .', new Set(['omar', 'ben']))).toBe(
      'Omar finds the wallet of Ben.',
    );
  });

  test('are shortened to their strongest deed', () => {
    const response = 'omar reads a book and tells ben the truth .';
    const deeds = [
      { from: 1, to: 2, value: 'neutral' as const, strength: 0 },
      { from: 5, to: 6, value: 'honesty' as const, strength: 2 },
    ];
    expect(shortly({ response, deeds })).toBe('tells ben the truth');
    expect(shortly({ response, deeds }, 15)).toBe('tells ben');
    expect(shortly({ response: 'omar .', deeds: [] })).toBe('');
  });
});

describe('the constitution', () => {
  test('suggests other values first, and a few that break it', () => {
    const { good, bad } = suggestions(PRINCIPLES, [{ phrase: 'honesty', weight: 1 }]);
    expect(good).toHaveLength(3);
    expect(good).not.toContain('honesty');
    expect(bad).toEqual(['winning', 'deceit']);
    expect(suggestions([], [])).toEqual({ good: [], bad: [] });
  });

  test('knows good and bad in one sentence, whatever else stands there', () => {
    const mixed = (...phrases: string[]) =>
      isMixed(
        PRINCIPLES,
        phrases.map((phrase) => ({ phrase, weight: 1 })),
      );
    expect(mixed('honesty', 'mercy')).toBe(false);
    expect(mixed('winning', 'deceit', 'marmalade')).toBe(false);
    expect(mixed('honesty', 'marmalade', 'deceit')).toBe(true);
  });

  test('completes with what starts so, then with what holds it', () => {
    expect(completions(PRINCIPLES, [], 'tru')).toEqual(['truth', 'true friends', 'the plain truth']);
    expect(completions(PRINCIPLES, [{ phrase: 'truth', weight: 1 }], 'tru')).not.toContain('truth');
    expect(completions(PRINCIPLES, [], 'zzz')).toEqual([]);
  });
});

test('files hold their text as text', () => {
  expect(
    csv([
      ['a', 1],
      ['b, "c"', -2],
    ]),
  ).toBe('a,1\r\n"b, ""c""",-2\r\n');
  expect(csv([['=1+1']])).toBe("'=1+1\r\n");
});

test('words agree with their numbers', () => {
  expect(words.space(1)).toBe('a line');
  expect(words.space(2, 'this')).toBe('this plane');
  expect(words.projection.keeps(1).random).toBe('a random line');
  expect(words.projection.story.span(2, 2)).toContain('Your two principles span a plane');
  expect(words.projection.story.span(1, 1)).toContain('a line');
  expect(words.failed.kept(0)).toBe('Your constitution is kept.');
  expect(words.list(['a', 'b', 'c'])).toBe('a, b and c');
});

test('what is asked back is told in a sentence', () => {
  const { unknown, unclear, nothing } = words.constitution.back;
  expect(unknown(['cherish'])).toBe('The model does not know “cherish”.');
  expect(unknown(['zebra', 'pancakes'])).toBe('The model does not know “zebra” and “pancakes”.');
  expect(unclear('brutal honesty')).toBe('What “brutal honesty” asks for is not clear.');
  expect(nothing('please')).toBe('“please” names no principle.');
});
