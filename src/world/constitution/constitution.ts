/**
 * Reads a constitution that somebody wrote in plain English, for the page's field, links and the command line alike. No word
 * that could turn the sense is dropped: what is not understood is asked back.
 */
import { normalise } from './normalise.ts';
import { offersFor } from './offers.ts';
import { isPrinciple, signOf } from './patterns.ts';
import { readPhrase, type Phrase } from './read.ts';
import { split, type Joint, type Part } from './split.ts';

/** A phrase that the model is asked by, and how much it counts. */
export interface Principle {
  phrase: string;
  weight: number;
}

/** What a judge goes by. With none it is asked without a principle. */
export interface Constitution {
  principles: Principle[];
}

/** Why a part is asked back; the page and the command line have the words for it. */
export interface Trouble {
  /**
   * unknown: words that the reader does not know; unclear: it knows them, and not what they ask for together; nothing: words that
   * ask for nothing; marks: no words at all.
   */
  code: 'unknown' | 'unclear' | 'nothing' | 'marks';
  /** The unknown ones. */
  words: readonly string[];
  /** What may have been meant, nearest first, each a phrase that is understood. */
  offers: readonly string[];
  /** True when none of its words means anything here, so that asking for it word for word turns nothing. */
  senseless: boolean;
}

/** One principle as written and as asked. */
export interface Reading {
  /** Normalised: lower case, one space between words. */
  typed: string;
  /** The model's own phrases, asked for as they stand here; none where it is asked back. */
  asked: readonly string[];
  trouble: Trouble | null;
}

/** The one line that a reading is asked by: "honesty and no cruelty". */
export const askedText = ({ asked }: Pick<Reading, 'asked'>): string => asked.join(' and ');

/** The principles of a text in their order; what asks for the same is there once. Never throws. */
export function readPrinciples(text: string): Reading[] {
  const whole = normalise(text).trim();
  const parts = joined(split(whole));
  if (parts.length === 0 && whole !== '') return [askedBack(whole)];
  const readings: Reading[] = [];
  const seen = new Set<string>();
  /** What the last part that "never" reaches over asked for, and was. */
  let reach: { sign: number } | null = null;
  let lost = false;
  for (const { text: part, joint } of parts) {
    const typed = part.replace(/^by (?=.)/, '');
    let phrase = readPhrase(typed);
    let written = typed;
    if (joint === 'stop') reach = null;
    if (lost) phrase = unclear(phrase);
    else if (reach && !phrase.turned && phrase.asked.length > 0) {
      const carried = carriedOver(typed, phrase, joint, reach.sign);
      if (carried === 'unclear') phrase = unclear(phrase);
      else if (carried) [phrase, written] = [carried, `not ${typed}`];
      if (!phrase.turned) reach = null;
    }
    if (phrase.turned && phrase.asked.length > 0) reach = { sign: signOf(phrase.asked) };
    lost = phrase.trouble === 'turn';
    if (lost) takeBack(readings); // "honest or not"
    const reading = { typed: written, asked: phrase.asked, trouble: troubleOf(written, phrase) };
    const key = phrase.asked.length > 0 ? askedText(reading) : written;
    if (!seen.has(key)) readings.push(reading);
    seen.add(key);
  }
  return readings.length > 1 ? readings.filter(({ trouble }) => trouble?.code !== 'nothing') : readings;
}

/** One principle; a text of several is none. */
export function readPrinciple(text: string): Reading {
  const readings = readPrinciples(text);
  if (readings.length === 1) return readings[0];
  const asked = readings.flatMap((one) => one.asked);
  const trouble = readings.find((one) => one.trouble)?.trouble ?? null;
  return { typed: normalise(text).trim(), asked: trouble ? [] : asked, trouble };
}

/**
 * Whether "never" before an earlier part of a list reaches this one: never, where it says the same without; always after "or";
 * else where it is no principle by itself ("don't lie, cheat"). 'unclear' where it may or may not ("no lies and cruelty").
 */
function carriedOver(typed: string, phrase: Phrase, joint: Joint, sign: number): Phrase | 'unclear' | null {
  if (joint !== 'or') {
    if (signOf(phrase.asked) === sign) return null;
    if (sign > 0 && signOf(phrase.asked) > 0) return null;
    if (joint === 'comma' && isPrinciple(typed)) return null;
    if (isPrinciple(typed) || sign < 0 || /^(?:be|always|please|you|we|i|it|the)\b/.test(typed))
      return 'unclear';
  }
  const turned = readPhrase(`not ${typed}`);
  return turned.asked.length > 0 && signOf(turned.asked) !== signOf(phrase.asked) ? turned : 'unclear';
}

/** Parts that say nothing by themselves go with their neighbours: "treat men and women equally", "never, ever lie". */
function joined(parts: readonly Part[]): Part[] {
  const list: Part[] = [];
  for (const part of parts) {
    const before = list.at(-1);
    const waits = before && part.joint !== 'stop' ? readPhrase(before.text).trouble : null;
    if (before && (waits === 'nothing' || waits === 'turn'))
      list[list.length - 1] = { text: `${before.text} ${part.text}`, joint: before.joint };
    else list.push(part);
  }
  return list;
}

/** The last reading is not clear after all. */
function takeBack(readings: Reading[]): void {
  const last = readings.pop();
  if (last)
    readings.push({
      ...last,
      asked: [],
      trouble: { code: 'unclear', words: [], offers: last.asked, senseless: false },
    });
}

/** A text of marks and joints alone. */
const askedBack = (typed: string): Reading => ({
  typed,
  asked: [],
  trouble: { code: /\p{L}/u.test(typed) ? 'nothing' : 'marks', words: [], offers: [], senseless: false },
});

const unclear = (phrase: Phrase): Phrase => ({ ...phrase, asked: [], trouble: 'unclear' });

function troubleOf(typed: string, phrase: Phrase): Trouble | null {
  if (phrase.trouble === null) return null;
  const { unknown: words, senses } = phrase;
  if (!/[\p{L}\p{N}]/u.test(typed)) return { code: 'marks', words: [], offers: [], senseless: false };
  const code = phrase.trouble === 'turn' ? 'unclear' : phrase.trouble;
  const senseless = (code === 'unknown' || code === 'nothing') && senses.length === 0 && !phrase.turned;
  return { code, words, offers: offersFor(typed, phrase), senseless };
}
