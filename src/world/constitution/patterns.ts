/** Finds in a row of words what the tables know: the longest turn of phrase at each place, and all that it may be. */
import { PRINCIPLES } from '../phrases.ts';
import type { ValueName } from '../values.ts';
import { formsOf, unturned } from './forms.ts';
import { SENSES } from './senses.ts';
import {
  AGAINST_GOOD,
  ALLOWING,
  ASIDES,
  BLAME,
  DEGREES,
  LIGHT,
  NEGATORS,
  PERSONS,
  PRAISE,
  UNREAD,
} from './words.ts';

/** What the model is asked where a word stands plainly, and where it is turned. */
export interface Sense {
  asked: readonly string[];
  turned: readonly string[];
}

export type Kind =
  'not' | 'against' | 'allowing' | 'light' | 'person' | 'degree' | 'praise' | 'blame' | 'unknown';

/** Some words of a phrase and what they may be. */
export interface Item {
  text: string;
  kinds: ReadonlySet<Kind>;
  sense: Sense | null;
}

interface Pattern {
  words: readonly string[];
  kind: Kind | null;
  sense: Sense | null;
}

const known = new Map(PRINCIPLES.map((principle) => [principle.phrase, principle]));
/** What turns a principle of a value round, where the world's people have no words for just that. */
const OPPOSITES: Readonly<Record<ValueName, readonly [ofGood: string, ofBad: string]>> = {
  honesty: ['no honesty', 'no deceit'],
  care: ['no mercy', 'no cruelty'],
  fairness: ['no justice', 'no cheating'],
  freedom: ['no liberty', 'no force'],
  loyalty: ['no loyalty', 'no betrayal'],
  politeness: ['no manners', 'no rudeness'],
};
/** Words of a turn of phrase may have these between them. */
const BETWEEN = new Set(
  'the a an to of for be is are was been that this any ever always your my our their his her its all every own should must who with u ur thy'.split(
    ' ',
  ),
);
const MOST_BETWEEN = 4;

/** Patterns by their first word. */
let index: Map<string, Pattern[]> | undefined;

function patterns(): Map<string, Pattern[]> {
  if (index) return index;
  const map = (index = new Map<string, Pattern[]>());
  const add = (pattern: Pattern) => {
    const [first] = pattern.words;
    const key = first.replace('=', '');
    map.set(key, [...(map.get(key) ?? []), pattern]);
  };
  const plain = (kind: Kind, words: Iterable<string | readonly string[]>) => {
    for (const one of words) add({ words: typeof one === 'string' ? [one] : one, kind, sense: null });
  };
  for (const { phrase, values } of PRINCIPLES) {
    const words = phrase.split(' ');
    if (words[0] === 'no' || words[0] === 'never') continue;
    const [value, sign] = Object.entries(values)[0] as [ValueName, number];
    const turned =
      [`no ${phrase}`, `never ${phrase}`].find((one) => known.has(one)) ?? OPPOSITES[value][sign > 0 ? 0 : 1];
    if (Object.keys(values).length === 1)
      add({
        words: words.map((word) => `=${word}`),
        kind: null,
        sense: { asked: [phrase], turned: [turned] },
      });
  }
  for (const [asked, turned, words] of SENSES) {
    const sense = { asked: asked.split(' + '), turned: turned.split(' + ') };
    for (const phrase of words.split(', ')) {
      const pattern = phrase.split(' ');
      // "respect people" asks for something, and not "respect people's freedom"
      add({ words: pattern, kind: pattern.includes('P') && LIGHT.has(pattern[0]) ? 'light' : null, sense });
      if (pattern.length === 2 && !phrase.includes('P') && !phrase.includes('='))
        add({ words: [pattern[1], pattern[0]], kind: null, sense });
    }
  }
  plain('not', NEGATORS);
  plain('against', AGAINST_GOOD);
  plain('allowing', ALLOWING);
  plain('light', ASIDES);
  plain('unknown', UNREAD);
  const exact = (words: Iterable<string>) => [...words].map((word) => `=${word}`);
  plain('light', exact(LIGHT));
  plain('person', exact(PERSONS));
  plain('degree', exact(DEGREES));
  plain('praise', exact(PRAISE));
  plain('blame', exact(BLAME));
  return map;
}

interface Token {
  word: string;
  forms: readonly string[];
}

const tokensOf = (words: readonly string[]): Token[] => words.map((word) => ({ word, forms: formsOf(word) }));

const fits = (token: Token, word: string): boolean =>
  word.startsWith('=') ? token.word === word.slice(1) : token.forms.includes(word);

/** Where a pattern that begins at a place ends; 0 where it is not there. */
function endOf(tokens: readonly Token[], at: number, pattern: readonly string[]): number {
  let next = at;
  for (const [i, word] of pattern.entries()) {
    let skipped = 0;
    const isIt = () => (word === 'P' ? PERSONS.has(tokens[next].word) : fits(tokens[next], word));
    while (next < tokens.length && !isIt()) {
      const { word: between } = tokens[next];
      if (i === 0 || skipped++ === MOST_BETWEEN || !(BETWEEN.has(between) || PERSONS.has(between))) return 0;
      next++;
    }
    if (next === tokens.length) return 0;
    next++;
  }
  return next;
}

/** The items of a phrase in their order; every word is in one. */
export function itemsOf(words: readonly string[]): Item[] {
  const tokens = tokensOf(words);
  const items: Item[] = [];
  for (let at = 0; at < tokens.length;) {
    const { word, forms } = tokens[at];
    let end = at;
    let found: Pattern[] = [];
    for (const form of forms)
      for (const pattern of patterns().get(form) ?? []) {
        const to = endOf(tokens, at, pattern.words);
        if (to > end) [end, found] = [to, []];
        if (to === end && to > at) found.push(pattern);
      }
    const kinds = new Set(found.flatMap(({ kind }) => kind ?? []));
    let sense = found.find((one) => one.sense)?.sense ?? null;
    const bare = end - at <= 1 && !sense && kinds.size === 0 ? unturned(word) : undefined;
    if (bare !== undefined) {
      const plainly = formsOf(bare)
        .flatMap((form) => patterns().get(form) ?? [])
        .find((one) => one.sense && one.words.length === 1)?.sense;
      if (plainly) sense = { asked: plainly.turned, turned: plainly.asked };
    }
    if (!sense && kinds.size === 0) kinds.add('unknown');
    end = Math.max(end, at + 1);
    items.push({ text: words.slice(at, end).join(' '), kinds, sense });
    at = end;
  }
  return items;
}

/** +1: asks for good; −1: for bad. Of several phrases all are on one side. */
export const signOf = (asked: readonly string[]): number =>
  Math.sign(Object.values(known.get(asked[0] ?? '')?.values ?? {})[0] ?? 0);

/** The values that phrases are about, in one word, to tell two apart. */
export const aboutOf = (asked: readonly string[]): string =>
  asked.flatMap((phrase) => Object.keys(known.get(phrase)?.values ?? {})).join();

/** Whether the world's people judge by just this phrase. */
export const isPrinciple = (phrase: string): boolean => known.has(phrase);

/** Words with a sense, for offers: single ones, as they are written. */
export function wordsWithSense(): [word: string, sense: Sense][] {
  return [...patterns().values()]
    .flat()
    .flatMap(({ words, sense }) => (sense && words.length === 1 ? [[words[0].replace('=', ''), sense]] : []));
}
