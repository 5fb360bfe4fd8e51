import { KINDS } from './kinds.ts';
import { ADVERBS, GENERAL_FRAMES, NAMES, PLACES } from './lexicon.ts';
import { ADJECTIVES, ORDINARY, PRINCIPLES, VERDICTS } from './phrases.ts';
import { FIXED_SENTENCES } from './sentences.ts';

export const PAD = 0;
export const BOS = 1;
export const EOS = 2;
export const GIST = 3;

export const SPECIAL_TOKENS = ['<pad>', '<bos>', '<eos>', '<gist>'] as const;
const PUNCTUATION = ['.', ',', ':'] as const;
const PLACEHOLDERS = new Set(['A', 'B', 'C', 'O', 'P', 'X', 'D', 'W']);

/** Every token, its index the id: special tokens, punctuation, then the words of all tables in order. */
export const VOCABULARY: readonly string[] = [...SPECIAL_TOKENS, ...PUNCTUATION, ...wordsOfAllTables()];

const IDS: ReadonlyMap<string, number> = new Map(VOCABULARY.map((word, id) => [word, id]));

/** Some words are not in the vocabulary; `words` names each of them once. */
export class UnknownWordError extends Error {
  readonly words: readonly string[];

  constructor(words: readonly string[]) {
    super(`not in the vocabulary: ${words.join(', ')}`);
    this.name = 'UnknownWordError';
    this.words = words;
  }
}

/** Ids of the tokens in a text; they are separated by white space. Throws UnknownWordError. */
export function encode(text: string): number[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const ids = words.map((word) => IDS.get(word) ?? -1);
  if (ids.includes(-1)) throw new UnknownWordError([...new Set(words.filter((word) => !IDS.has(word)))]);
  return ids;
}

/** The text of ids, tokens separated by single spaces. Throws RangeError for an id outside the vocabulary. */
export function decode(ids: Iterable<number>): string {
  const words: string[] = [];
  for (const id of ids) {
    const word = VOCABULARY[id];
    if (word === undefined) throw new RangeError(`no token has the id ${id}`);
    words.push(word);
  }
  return words.join(' ');
}

/** Whether the vocabulary has this token. */
export function isToken(word: string): boolean {
  return IDS.has(word);
}

function wordsOfAllTables(): string[] {
  const frames = [...GENERAL_FRAMES, ...KINDS.flatMap((kind) => kind.frames)];
  const words = [
    ...NAMES,
    ...Object.values(PLACES).flatMap((place) => place.split(' ')),
    ...Object.keys(ADVERBS),
    ...KINDS.flatMap((kind) => [...kind.template, ...kind.objects]),
    ...frames.flatMap((frame) => [...frame.words, ...(frame.base ?? [])]),
    ...PRINCIPLES.flatMap((principle) => principle.phrase.split(' ')),
    ...Object.values(ADJECTIVES).flat(),
    ORDINARY,
    ...VERDICTS,
    ...FIXED_SENTENCES.flatMap((sentence) => sentence.split(' ')),
  ];
  const known = new Set<string>([...PLACEHOLDERS, ...PUNCTUATION]);
  return [...new Set(words)].filter((word) => !known.has(word)).sort();
}
