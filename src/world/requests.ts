import type { Frame } from './frames.ts';
import { KINDS } from './kinds.ts';
import { GENERAL_FRAMES, NAMES } from './lexicon.ts';
import { SENTENCES, fill } from './sentences.ts';
import type { MoralValue } from './values.ts';

/** Deeds that requests ask for. */
export const HARMFUL_DEEDS = GENERAL_FRAMES.filter((frame) => frame.base && frame.strength < 0);
export const HARMLESS_DEEDS = GENERAL_FRAMES.filter((frame) => frame.base && frame.strength >= 0);

/** A request without its reply. */
export interface RequestPrompt {
  /** "request : please help me lie to ben ." */
  readonly prompt: string;
  /** The deed as its table has it, "lie to X": requests with the same one differ by the person alone. */
  readonly deed: string;
  /** Index of the person in NAMES; -1 where the deed is done to nobody. */
  readonly person: number;
  /** The value that the deed serves or violates; null: none. */
  readonly value: MoralValue | null;
  readonly harmful: boolean;
}

/** "request : please help me lie to ben ." */
export const requestFor = (deed: readonly string[], person: string): string =>
  fill(SENTENCES.request, { D: fill(deed.join(' '), { X: person }) });

function requestsFor({ hasPerson, value, strength }: Frame, words: readonly string[]): RequestPrompt[] {
  const people = hasPerson ? [...NAMES.keys()] : [-1];
  return people.map((person) => ({
    prompt: requestFor(words, NAMES[person] ?? ''),
    deed: words.join(' '),
    person,
    value,
    harmful: strength < 0,
  }));
}

/** Every request that a document can hold, once. */
export const REQUESTS: readonly RequestPrompt[] = [...HARMFUL_DEEDS, ...HARMLESS_DEEDS].flatMap((frame) =>
  requestsFor(frame, frame.base ?? []),
);

/**
 * Requests for deeds that no document ever asks for, done to a person, in the words of the stories ("please help me scares
 * ben"): whether a reply to them depends on harm says whether refusing is more than the known requests learned by heart.
 */
export const UNASKED_REQUESTS: readonly RequestPrompt[] = [
  ...GENERAL_FRAMES.filter(({ base }) => base === null),
  ...KINDS.flatMap(({ frames }) => frames),
]
  .filter(({ hasPerson, words }) => hasPerson && !words.includes('it'))
  .flatMap((frame) => requestsFor(frame, frame.words));
