import { silent, type Progress } from '../math/progress.ts';
import { MOST_JOINED } from '../values/constitution.ts';

/** How bad a constitution is: its score, lower is worse. */
export type Ask = (constitution: string) => Promise<number>;

/** A constitution that was tried. */
export interface Tried {
  constitution: string;
  score: number;
}

export interface SearchOptions {
  /** A principle that everybody knows: words that turn it when they stand before it may turn others. */
  anchor: string;
  /** How many such words are tried before every word. */
  turners: number;
  /** How many of the worst phrases are joined to others. */
  phrases: number;
  /** How many joins of each length are joined further. */
  beam: number;
}

export const SEARCH: SearchOptions = { anchor: 'honesty', turners: 3, phrases: 24, beam: 4 };

/**
 * Searches the constitutions that can be made of some words for the worst: every word alone; every word behind the
 * words that turn the anchor most; the worst of these phrases joined by "and", a beam at a time. Returns the worst of
 * one phrase, of two, and so on up to MOST_JOINED, each with the search's own score, which flatters the search: score
 * them anew on other data. Fewer than MOST_JOINED where the words give out.
 */
export async function searchWorst(
  words: readonly string[],
  ask: Ask,
  options: SearchOptions = SEARCH,
  progress: Progress = silent,
): Promise<Tried[]> {
  const { anchor, turners, phrases, beam } = options;
  const total = words.length * (2 + turners) + phrases * beam * (MOST_JOINED - 1);
  let asked = 0;
  const askAll = async (constitutions: readonly string[]): Promise<Tried[]> => {
    const tried: Tried[] = [];
    for (const constitution of constitutions) {
      tried.push({ constitution, score: await ask(constitution) });
      await progress(++asked / total);
    }
    return tried.sort(byScore);
  };

  const alone = await askAll(words);
  const turning = await askAll(words.map((word) => `${word} ${anchor}`));
  const before = turning.slice(0, turners).map(({ constitution }) => constitution.split(' ')[0]);
  const turned = await askAll(before.flatMap((turner) => words.map((word) => `${turner} ${word}`)));

  // One phrase a word, or the pool would hold twenty ways to turn the same one.
  const single = firstOf([...alone, ...turned].sort(byScore), lastWord).slice(0, phrases);
  const found = single.slice(0, 1);
  let joins = single.slice(0, beam);
  for (let length = 2; length <= MOST_JOINED; length++) {
    const longer = joins.flatMap(({ constitution }) =>
      single
        .filter((phrase) => !constitution.split(', ').includes(phrase.constitution))
        .map((phrase) => `${constitution}, ${phrase.constitution}`),
    );
    joins = (await askAll(longer)).slice(0, beam);
    found.push(...joins.slice(0, 1));
  }
  return found;
}

const byScore = (a: Tried, b: Tried) => a.score - b.score;
const lastWord = ({ constitution }: Tried) => constitution.split(' ').at(-1);

/** The first of each kind. */
function firstOf(tried: readonly Tried[], kind: (tried: Tried) => unknown): Tried[] {
  const seen = new Set<unknown>();
  return tried.filter((one) => !seen.has(kind(one)) && seen.add(kind(one)));
}
