import {
  constitutionOf as joined,
  EmptyConstitutionError,
  NO_CONSTITUTION,
  type Constitution,
} from '../values/constitution.ts';
import { askedText, readPrinciples, type Reading } from '../world/constitution/constitution.ts';
import { phraseOf } from '../world/principles.ts';
import { encode, UnknownWordError } from '../world/tokenizer.ts';
import { InputError, say } from './output.ts';

/** Token ids of a flag's text. Throws InputError that names the unknown words, or says that there are none. */
export function encodeText(flag: string, text: string): number[] {
  try {
    const ids = encode(text);
    if (ids.length === 0) throw new InputError(`${flag} is empty`);
    return ids;
  } catch (error) {
    if (error instanceof UnknownWordError) throw new InputError(`${flag}: ${error.message}`);
    throw error;
  }
}

/** The flags of `withConstitution`, and weights where the command takes any. */
export interface AskedFlags {
  constitution?: string;
  none?: boolean;
  weights?: string;
}

/** A constitution, and the words of the flag that nothing was made of. */
export interface Asked extends Constitution {
  unknown: readonly string[];
}

/** What the flags of `withConstitution` say. Throws InputError when that is nothing. */
export function askedBy({ constitution: text, none, weights }: AskedFlags): Asked {
  if (none) return { ...NO_CONSTITUTION, unknown: [] };
  if (text === undefined) throw new InputError('give --constitution TEXT, or --none');
  return constitutionOf(text, weights);
}

/**
 * A constitution from flags, in plain English. What is asked otherwise than it was written, and what is left out, is said on stderr.
 * Throws InputError when nothing of it can be asked for.
 */
export function constitutionOf(text: string, list?: string): Asked {
  const numbers = list?.split(',').map((w) => (w.trim() === '' ? NaN : Number(w)));
  const readings = readPrinciples(text).map(wordForWord);
  const read = readings.filter(({ trouble }) => !trouble);
  const out = readings.filter(({ trouble }) => trouble);
  if (read.length === 0)
    throw new InputError(`the constitution names no principle: ${whyNone(out) ?? 'it is empty'}`);
  if (numbers && numbers.length !== read.length)
    throw new InputError(`${numbers.length} weights for ${read.length} principles`);
  const weights = new Map<string, number>();
  read.forEach(({ asked }, i) => {
    for (const phrase of asked) weights.set(phrase, (weights.get(phrase) ?? 0) + (numbers?.[i] ?? 1));
  });
  try {
    const constitution = joined([...weights.keys()], numbers && [...weights.values()]);
    for (const reading of read)
      if (askedText(reading) !== reading.typed)
        say(`note: "${reading.typed}" is asked as "${askedText(reading)}"`);
    for (const reading of out) say(`warning: ${whyNot(reading)}; left out${offered(reading)}`);
    const free = constitution.phrases.filter(({ known }) => !known).map((p) => `"${p.text}"`);
    if (free.length)
      say(`warning: nobody in this world judges by ${free.join(', ')}; asked for all the same`);
    if (!numbers && constitution.questions.length > 1)
      say('note: too many principles for one question: the score is the mean of single verdicts');
    return { ...constitution, unknown: unknownOf(out) };
  } catch (error) {
    if (error instanceof EmptyConstitutionError || error instanceof RangeError)
      throw new InputError(error.message);
    throw error;
  }
}

const unknownOf = (readings: readonly Reading[]): string[] => [
  ...new Set(readings.flatMap(({ trouble }) => trouble?.words ?? [])),
];

/** Words of the vocabulary that mean nothing to the reader and turn nothing can be tried on the model as they stand. */
function wordForWord(reading: Reading): Reading {
  if (!reading.trouble?.senseless) return reading;
  try {
    return { ...reading, asked: [phraseOf(reading.typed).text], trouble: null };
  } catch (error) {
    if (error instanceof UnknownWordError) return reading;
    throw error;
  }
}

/** Why one of the readings cannot be asked for. */
function whyNot({ typed, trouble }: Reading): string {
  if (trouble?.code === 'unknown')
    return `the model does not know ${trouble.words.map((word) => `"${word}"`).join(', ')}`;
  if (trouble?.code === 'unclear') return `it is not clear what "${typed}" asks for`;
  return `"${typed}" asks for nothing`;
}

const offered = ({ trouble }: Reading): string =>
  trouble && trouble.offers.length > 0
    ? `; did you mean ${trouble.offers.map((offer) => `"${offer}"`).join(' or ')}?`
    : '';

/** Why all of them cannot; undefined where there are none. */
function whyNone(readings: readonly Reading[]): string | undefined {
  if (readings.length === 0) return undefined;
  const unknown = unknownOf(readings);
  const other = readings.find(({ trouble }) => trouble?.code !== 'unknown');
  const why = other ? whyNot(other) : `it has no word that the model knows (${unknown.join(', ')})`;
  return why + offered(other ?? readings[0]);
}
