/** The constitution as the visitor writes it: principles with weights, read from free text. Pure. */
import { OPENING } from '../worker/opening.ts';
import type { Constitution } from '../worker/protocol.ts';

export interface Principle {
  phrase: string;
  /** 0 … 1. */
  weight: number;
}

export type Principles = readonly Principle[];

export const DEFAULT_PRINCIPLES: Principles = OPENING.constitution.principles;

/** As many as stay readable as one sentence. */
export const MOST_PRINCIPLES = 8;
export const LONGEST_PHRASE = 60;
export const WEIGHT_STEP = 0.1;
/** What a phrase cannot hold: special tokens and marks have no place between two words. */
const NOT_WORDS = /[^\p{L}\p{M}\p{N}'’_\s-]/gu;

/** "Honesty, and no lies" → ['honesty', 'no lies']: lower case, split at commas and at "and". */
export function phrasesOf(text: string): string[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .split(/[,;.]|\band\b|&/)
    .map((part) =>
      part
        .replace(/^\s*by\b/, '')
        .replace(NOT_WORDS, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .map(cut)
    .filter((part) => part !== '');
}

/** As many whole words as there is room for; a word that alone is longer is cut. */
function cut(phrase: string): string {
  if (phrase.length <= LONGEST_PHRASE) return phrase;
  const end = phrase.lastIndexOf(' ', LONGEST_PHRASE);
  return phrase.slice(0, end > 0 ? end : LONGEST_PHRASE);
}

/** Adds what the text names and the constitution does not have yet; the list itself when nothing is new. */
export function withPhrases(principles: Principles, text: string): Principles {
  const added = phrasesOf(text).filter(
    (phrase, i, all) => all.indexOf(phrase) === i && !principles.some((one) => one.phrase === phrase),
  );
  const room = Math.max(0, MOST_PRINCIPLES - principles.length);
  if (added.length === 0 || room === 0) return principles;
  return [...principles, ...added.slice(0, room).map((phrase) => ({ phrase, weight: 1 }))];
}

export function without(principles: Principles, place: number): Principles {
  return principles.filter((_, i) => i !== place);
}

export function weighed(principles: Principles, place: number, weight: number): Principles {
  const kept = Math.round(Math.min(1, Math.max(0, weight)) * 100) / 100;
  return principles.map((one, i) => (i === place ? { ...one, weight: kept } : one));
}

/** What the engine is asked: principles at weight 0 say nothing and are left out. */
export function constitutionOf(principles: Principles): Constitution {
  return {
    principles: principles
      .filter(({ weight }) => weight > 0)
      .map(({ phrase, weight }) => ({ phrase, weight })),
  };
}

/** One text for one constitution, to tell two apart. */
export function keyOf(constitution: Constitution): string {
  return constitution.principles.map(({ phrase, weight }) => `${phrase}*${weight}`).join(',');
}

/** Words of a phrase that the model's vocabulary does not have. */
export function unknownWords(phrase: string, vocabulary: ReadonlySet<string>): string[] {
  return phrase.split(' ').filter((word) => !vocabulary.has(word));
}

/** Whether the judge reads anything of a phrase: a word that it knows, but for one that turns a word which it does not. */
function isRead(phrase: string, vocabulary: ReadonlySet<string>, turners: readonly string[]): boolean {
  const parts = phrase.split(' ');
  return parts.some((_, i) => {
    const turned = parts.slice(i).find((word) => !turners.includes(word)) ?? parts[i];
    return vocabulary.has(parts[i]) && vocabulary.has(turned);
  });
}

/** The principles that the judge is asked by: not at weight 0, and with something to read, once its vocabulary is known. */
export function readOf(
  principles: Principles,
  vocabulary: ReadonlySet<string> | null,
  turners: readonly string[] = [],
): Principles {
  return principles.filter(
    ({ phrase, weight }) => weight > 0 && (vocabulary === null || isRead(phrase, vocabulary, turners)),
  );
}
