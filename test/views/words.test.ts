import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceOf, timesInHundred } from '../../src/views/balance/layout.ts';
import { truthOf, weighingOf } from '../../src/views/balance/pair.ts';
import { askedBy } from '../../src/views/awakens/asked.ts';
import { barOf, barScale } from '../../src/views/awakens/layout.ts';
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
import { changed, deedsIn, pieces } from '../../src/views/says/layout.ts';
import { namesIn, sentence, shortly } from '../../src/views/text.ts';
import { words } from '../../src/words/en.ts';
import { fakeCloud, PRINCIPLES } from '../fake/world.ts';

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
  const { responses } = fakeCloud(7, 30, 20);
  const names = namesIn(responses);

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

  test('are marked by the deeds of the cloud, and lose no word', () => {
    const deeds = deedsIn(responses, names);
    for (const { response } of responses) {
      expect(
        pieces(response, deeds)
          .map((piece) => piece.text)
          .join(' '),
      ).toBe(response);
    }
  });

  test('with "never" before a known deed are the other way round', () => {
    const deeds = {
      strengths: new Map([
        ['lies', -2],
        ['lets * choose', 1],
      ]),
      longest: 3,
      names: new Set(['ben', 'eva']),
    };
    expect(pieces('omar never lies to ben .', deeds)[1]).toEqual({ text: 'never lies', deed: 1 });
    expect(pieces('omar lets eva choose .', deeds)[1]).toEqual({ text: 'lets eva choose', deed: 1 });
  });

  test('are marked only where before and now differ', () => {
    const deeds = {
      strengths: new Map([
        ['hides', -1],
        ['returns', 1],
        ['comforts', 1],
      ]),
      longest: 1,
      names: new Set<string>(),
    };
    const { before, now } = changed(
      'omar hides it and comforts ben .',
      'omar returns it and comforts ben .',
      deeds,
    );
    expect(before.filter((piece) => piece.deed !== null).map((piece) => piece.text)).toEqual(['hides']);
    expect(now.filter((piece) => piece.deed !== null).map((piece) => piece.text)).toEqual(['returns']);
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

  test('finds the pair of a run among the dots of the cloud', () => {
    const { responses } = fakeCloud(7, 3, 8);
    const [a, b] = [responses[2], responses[5]];
    const pair = {
      prompt: a.prompt,
      a: a.response,
      b: b.response,
      scoreA: 1,
      scoreB: 0,
      preferA: 0.7,
      trueA: 1,
      trueB: 0,
    };
    const report = { row: { step: 3 }, pair } as Parameters<typeof weighingOf>[0];
    const weighing = weighingOf(report, null, responses, null)!;
    expect(responses[weighing.a.id!].response).toBe(a.response);
    expect(weighing.step).toBe(3);
    expect(weighingOf(null, null, responses, null)).toBeNull();
  });
});

test('bars leave room for what is negative only where something is', () => {
  const estimate = (value: number) => ({ value, low: value - 0.05, high: value + 0.05 });
  const good = barScale([estimate(0.8), estimate(-0.02)], 100);
  const bad = barScale([estimate(0.8), estimate(-0.9)], 100);
  expect(good(0)).toBeCloseTo(100 / 6);
  expect(bad(0)).toBeCloseTo(50);
  expect(barOf(estimate(-0.9), bad).x).toBeLessThan(bad(0));
  expect(barOf(estimate(0.5), good).width).toBeCloseTo(good(0.5) - good(0));
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

test('what is asked back is told in a sentence', () => {
  const { unknown, unclear, nothing } = words.constitution.back;
  expect(unknown(['cherish'])).toBe('The model does not know “cherish”.');
  expect(unknown(['zebra', 'pancakes'])).toBe('The model does not know “zebra” and “pancakes”.');
  expect(unclear('brutal honesty')).toBe('What “brutal honesty” asks for is not clear.');
  expect(nothing('please')).toBe('“please” names no principle.');
});
