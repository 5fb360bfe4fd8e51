/** The constitution as the visitor writes it: principles with weights, as written, and what the engine is asked by them. Pure. */
import { OPENING } from '../worker/opening.ts';
import type { Constitution } from '../worker/protocol.ts';
import {
  askedText,
  readPrinciple,
  readPrinciples,
  type Principle,
  type Reading,
} from '../world/constitution/constitution.ts';

export type { Principle };
export type Principles = readonly Principle[];

export const DEFAULT_PRINCIPLES: Principles = OPENING.constitution.principles;

/** As many as stay readable as one sentence. */
export const MOST_PRINCIPLES = 8;
export const LONGEST_PHRASE = 60;
export const WEIGHT_STEP = 0.1;
/** What a chip and a link can hold: letters, marks, digits, apostrophes and hyphens, with single spaces. */
export const PLAIN_WORDS = /^[\p{L}\p{M}\p{N}'’_-]+( [\p{L}\p{M}\p{N}'’_-]+)*$/u;

const readings = new Map<string, Reading>();
/** Phrases whose reading is kept: more than a page shows, fewer than would matter. */
const MOST_KEPT = 200;

/** What a principle asks for, or why it cannot be asked. */
export function readingOf(phrase: string): Reading {
  const known = readings.get(phrase);
  if (known) return known;
  if (readings.size >= MOST_KEPT) readings.clear();
  const reading = readPrinciple(phrase);
  readings.set(phrase, reading);
  return reading;
}

/** A reading as a chip says it: as it was typed, or as it is asked where that is too long or holds other signs than words. */
function phraseOf(reading: Reading): string {
  const { typed } = reading;
  const asked = askedText(reading);
  const stands = typed.length <= LONGEST_PHRASE && PLAIN_WORDS.test(typed);
  return stands && askedText(readingOf(typed)) === asked ? typed : asked;
}

/** What became of a text: the principles with those that it names, and what of it is not among them. */
export interface Added {
  principles: Principles;
  /** Parts that are asked back. */
  back: readonly Reading[];
}

/** Adds what the text asks for and the constitution does not yet; the list itself when nothing is new. */
export function withText(principles: Principles, text: string): Added {
  const read = readPrinciples(text);
  const list = [...principles];
  const asked = new Set(list.map(({ phrase }) => askedText(readingOf(phrase)) || phrase));
  for (const reading of read) {
    if (reading.trouble || asked.has(askedText(reading)) || list.length >= MOST_PRINCIPLES) continue;
    asked.add(askedText(reading));
    list.push({ phrase: phraseOf(reading), weight: 1 });
  }
  return {
    principles: list.length > principles.length ? list : principles,
    back: read.filter(({ trouble }) => trouble),
  };
}

export function without(principles: Principles, place: number): Principles {
  return principles.filter((_, i) => i !== place);
}

/** Another phrase in the place of one, with its weight; without the one where the other is there already. */
export function instead(principles: Principles, place: number, phrase: string): Principles {
  if (principles.some((one) => one.phrase === phrase)) return without(principles, place);
  return principles.map((one, i) => (i === place ? { ...one, phrase } : one));
}

export function weighed(principles: Principles, place: number, weight: number): Principles {
  const kept = Math.round(Math.min(1, Math.max(0, weight)) * 100) / 100;
  return principles.map((one, i) => (i === place ? { ...one, weight: kept } : one));
}

/** What the engine is asked, in the model's own phrases: what is not understood and what has weight 0 is left out. */
export function constitutionOf(principles: Principles): Constitution {
  return {
    principles: principles
      .filter(({ weight }) => weight > 0)
      .flatMap(({ phrase, weight }) => readingOf(phrase).asked.map((asked) => ({ phrase: asked, weight }))),
  };
}

/** One text for one constitution, to tell two apart. */
export function keyOf(constitution: Constitution): string {
  return constitution.principles.map(({ phrase, weight }) => `${phrase}*${weight}`).join(',');
}
