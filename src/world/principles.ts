import { PRINCIPLES, type Principle } from './phrases.ts';
import { AND } from './sentences.ts';
import { SPECIAL_TOKENS, encode, isToken } from './tokenizer.ts';
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

export interface Constitution {
  readonly phrases: readonly ConstitutionPhrase[];
  /** Words that the vocabulary lacks, each once, in the order of the text. */
  readonly unknown: readonly string[];
  /** The phrases joined by "and". */
  readonly text: string;
}

const table = new Map(PRINCIPLES.map((principle) => [principle.phrase, principle]));
const longest = Math.max(...PRINCIPLES.map((principle) => principle.phrase.split(' ').length));
const special = new Set<string>(SPECIAL_TOKENS);
/** Words that turn what follows: "no kindness" is not kindness. */
export const TURNERS: ReadonlySet<string> = new Set(['no', 'never']);

/**
 * Reads a constitution: phrases joined by "and", commas or line breaks, in any case. The longest known
 * principle wins; other words of the vocabulary form free phrases. With an unknown word goes what turns it. Never throws.
 */
export function parseConstitution(text: string): Constitution {
  const phrases: ConstitutionPhrase[] = [];
  const unknown = new Set<string>();
  for (const words of partsOf(text)) {
    let free: string[] = [];
    const endFree = () => {
      if (free.length > 0) phrases.push(phraseOf(free.join(' ')));
      free = [];
    };
    for (let at = 0; at < words.length;) {
      const word = words[at];
      const principle = knownAt(words, at);
      if (principle) {
        const taken = principle.phrase.split(' ');
        if (TURNERS.has(free.at(-1) ?? '')) free.push(...taken);
        else {
          endFree();
          phrases.push(phraseOf(principle.phrase));
        }
        at += taken.length;
        continue;
      }
      if (isToken(word) && !special.has(word)) free.push(word);
      else {
        while (TURNERS.has(free.at(-1) ?? '')) free.pop(); // it turned what is not read
        endFree();
        unknown.add(word);
      }
      at += 1;
    }
    endFree();
  }
  const unique = phrases.filter((phrase, i) => phrases.findIndex((p) => p.text === phrase.text) === i);
  return { phrases: unique, unknown: [...unknown], text: unique.map((p) => p.text).join(` ${AND} `) };
}

/** The parts between commas, other marks, line breaks and "and", as lower-case words. */
function partsOf(text: string): string[][] {
  return text
    .toLowerCase()
    .split(/[,.;:!?&+\n\r"()]+|\s+and(?=\s|$)|^and(?=\s)/)
    .map((part) => part.split(/\s+/).filter((word) => word !== '' && word !== AND))
    .filter((words) => words.length > 0);
}

function knownAt(words: readonly string[], at: number): Principle | null {
  for (let length = Math.min(longest, words.length - at); length > 0; length--) {
    const principle = table.get(words.slice(at, at + length).join(' '));
    if (principle) return principle;
  }
  return null;
}

function phraseOf(text: string): ConstitutionPhrase {
  const principle = table.get(text);
  return {
    text,
    ids: encode(text),
    known: principle !== undefined,
    values: principle?.values ?? {},
    anti: principle?.anti ?? false,
  };
}
