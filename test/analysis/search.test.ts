/** The search for the worst constitution, on scores whose worst is known. */
import { expect, test } from 'vitest';
import { searchWorst, type Ask } from '../../src/analysis/search.ts';

const GOOD: Record<string, number> = { honesty: 0.5, care: 0.4, fairness: 0.3, park: 0.05, wallet: 0.02 };
const TURNERS: Record<string, number> = { no: -1, never: -0.8, hardly: -0.4 };
const WORDS = [...Object.keys(GOOD), ...Object.keys(TURNERS)];
const OPTIONS = { anchor: 'honesty', turners: 2, phrases: 4, beam: 3 };

/** A phrase is worth its last word, turned by those before it; a join is worth the mean of its phrases. */
const ask: Ask = async (constitution) => {
  const phrases = constitution.split(', ').map((phrase) => {
    const words = phrase.split(' ');
    const turn = words.slice(0, -1).reduce((product, word) => product * (TURNERS[word] ?? 1), 1);
    return turn * (GOOD[words.at(-1)] ?? 0);
  });
  return phrases.reduce((sum, x) => sum + x, 0) / Math.sqrt(phrases.length);
};

test('finds the worst phrase of two words, and the worst joins of one, two and more', async () => {
  const pairs = WORDS.flatMap((a) => WORDS.map((b) => `${a} ${b}`));
  const scores = await Promise.all(pairs.map(ask));
  const found = await searchWorst(WORDS, ask, OPTIONS);
  expect(found[0]).toEqual({ constitution: 'no honesty', score: Math.min(...scores) });
  expect(new Set(found[1].constitution.split(', '))).toEqual(new Set(['no honesty', 'no care']));
  expect(new Set(found[2].constitution.split(', '))).toEqual(
    new Set(['no honesty', 'no care', 'no fairness']),
  );
  expect(found).toHaveLength(4); // of the four phrases that are joined
  for (const { constitution, score } of found) expect(score).toBe(await ask(constitution));
});

test('uses no other words than it is given, and asks for each text once in every round', async () => {
  const asked: string[] = [];
  const record: Ask = async (text) => {
    asked.push(text);
    return ask(text);
  };
  const words = ['care', 'hardly', 'park'];
  const found = await searchWorst(words, record, OPTIONS);
  expect(found[0].constitution).toBe('hardly care');
  const used = new Set(asked.flatMap((text) => text.split(/[ ,]+/)));
  expect([...used].sort()).toEqual([...words, OPTIONS.anchor].sort());
  expect(asked.length).toBeLessThan(60);
});

test('tells how far it is, and ends where words give out', async () => {
  const told: number[] = [];
  expect(await searchWorst(['care'], ask, OPTIONS, (done) => told.push(done))).toHaveLength(1);
  expect(told.every((x, i) => x > 0 && x <= 1 && x >= (told[i - 1] ?? 0))).toBe(true);
  expect(await searchWorst([], ask, OPTIONS)).toEqual([]);
});
