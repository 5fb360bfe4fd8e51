import { PRINCIPLES } from './phrases.ts';
import { SPECIAL_TOKENS, UnknownWordError, encode } from './tokenizer.ts';
import type { Values } from './values.ts';

export { PRINCIPLES, type Principle } from './phrases.ts';

/** One phrase of a constitution, as it is put into "by … , that is". */
export interface ConstitutionPhrase {
  readonly text: string;
  readonly ids: readonly number[];
  /** Whether commenters of the world judge by this phrase; a free phrase ("the wallet") is only tried out. */
  readonly known: boolean;
  /** What a known phrase asks for, by its table; empty for a free one. */
  readonly values: Readonly<Partial<Values>>;
  readonly anti: boolean;
}

const table = new Map(PRINCIPLES.map((principle) => [principle.phrase, principle]));
const special = new Set<string>(SPECIAL_TOKENS);

/** A phrase of the vocabulary. Throws UnknownWordError that names what it lacks, a special token among them; RangeError for none. */
export function phraseOf(text: string): ConstitutionPhrase {
  const principle = table.get(text);
  if (text.trim() === '') throw new RangeError('a principle is empty');
  const words = text.split(/\s+/);
  if (words.some((word) => special.has(word)))
    throw new UnknownWordError(words.filter((word) => special.has(word)));
  return {
    text,
    ids: encode(text),
    known: principle !== undefined,
    values: principle?.values ?? {},
    anti: principle?.anti ?? false,
  };
}
