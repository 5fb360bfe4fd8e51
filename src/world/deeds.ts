import type { Frame } from './frames.ts';
import { KINDS, type Kind } from './kinds.ts';
import { ADVERBS, GENERAL_FRAMES, NAMES, PLACES } from './lexicon.ts';
import { AND, NEVER } from './sentences.ts';
import { NO_VALUES, type MoralValue, type Values } from './values.ts';

/** What a prompt says. */
export interface ParsedPrompt {
  readonly kind: Kind;
  readonly actor: string;
  /** The other people, in the order of the sentence. */
  readonly others: readonly string[];
  /** What "it" means; null: nothing. */
  readonly object: string | null;
}

/** What one deed of a response says, and where its words are. Positions count the response's tokens from 0. */
export interface ParsedClause {
  readonly value: MoralValue | null;
  /** Signed, "never" counted in: never lying to someone is +2. */
  readonly strength: number;
  readonly politeness: number;
  readonly person: string | null;
  readonly never: boolean;
  readonly adverb: string | null;
  /** Whether the deed belongs to this situation alone. */
  readonly own: boolean;
  /** Where the words of the deed itself stand, the person's name left out. */
  readonly verbAt: readonly number[];
  /** Where "never" or the adverb stands; null: there is neither. */
  readonly adverbAt: number | null;
  readonly personAt: number | null;
}

export interface ParsedResponse {
  readonly wellFormed: boolean;
  /** All 0 when the response is not well-formed. */
  readonly values: Values;
  /** Empty when the response is not well-formed. */
  readonly clauses: readonly ParsedClause[];
  /** Why the response is not well-formed. */
  readonly reason?: string;
}

const places = new Map<string, string>(Object.entries(PLACES).map(([place, words]) => [words, place]));
const isName = (word: string | undefined) => (NAMES as readonly (string | undefined)[]).includes(word);

/** Reads a situation such as "omar finds the wallet of ben in the park ."; null when it is none. */
export function parsePrompt(text: string): ParsedPrompt | null {
  const tokens = tokensOf(text);
  for (const kind of KINDS) {
    const parsed = matchKind(kind, tokens);
    if (parsed) return parsed;
  }
  return null;
}

function matchKind(kind: Kind, tokens: readonly string[]): ParsedPrompt | null {
  const people: string[] = [];
  let object: string | null = null;
  let at = 0;
  for (const word of kind.template) {
    if (word === 'P') {
      const place = places.get(tokens.slice(at, at + 3).join(' '));
      if (!(kind.places as readonly (string | undefined)[]).includes(place)) return null;
      at += 3;
      continue;
    }
    const token = tokens[at++];
    if (token === undefined) return null;
    if (word === 'A' || word === 'B' || word === 'C') {
      if (!isName(token) || people.includes(token)) return null;
      people.push(token);
    } else if (word === 'O') {
      if (!kind.objects.includes(token)) return null;
      object = token;
    } else if (word !== token) return null;
  }
  const [actor, ...others] = people;
  if (at !== tokens.length || actor === undefined) return null;
  return { kind, actor, others, object };
}

/** Says why a text is not well-formed. Caught in parseResponse. */
class IllFormed extends Error {}

/**
 * The ground truth of a response to a prompt, read off the text. Well-formed is "ACTOR deed and deed .",
 * each deed a general one or one of this kind of situation, done to another person of the situation, with
 * one adverb or "never" at most; to one person the two may not be the same nor contradict each other. A little
 * more is understood than the corpus says: the same deed to two people ("hugs sam and hugs noah"), two good
 * deeds of one value to one person ("defends sam and stays with sam"), "never hums a song", "politely hums a
 * song", the same adverb twice. Never throws.
 */
export function parseResponse(prompt: string, response: string): ParsedResponse {
  try {
    const situation = parsePrompt(prompt);
    if (!situation) throw new IllFormed('the prompt is no situation');
    const clauses = readClauses(situation, tokensOf(response));
    const values: Values = { ...NO_VALUES };
    for (const clause of clauses) {
      if (clause.value !== null) values[clause.value] += clause.strength;
      values.politeness += clause.politeness;
    }
    return { wellFormed: true, values, clauses };
  } catch (error) {
    if (!(error instanceof IllFormed)) throw error;
    return { wellFormed: false, values: { ...NO_VALUES }, clauses: [], reason: error.message };
  }
}

function readClauses(situation: ParsedPrompt, tokens: readonly string[]): ParsedClause[] {
  if (tokens[0] !== situation.actor) throw new IllFormed(`it must begin with ${situation.actor}`);
  if (tokens.at(-1) !== '.') throw new IllFormed('it must end with "."');
  const and = tokens.indexOf(AND);
  if (and === -1 || tokens.lastIndexOf(AND) !== and) throw new IllFormed('it must have exactly two deeds');
  const first = readClause(situation, tokens, 1, and);
  const second = readClause(situation, tokens, and + 1, tokens.length - 1);
  const { value, person, strength } = first.clause;
  const apart = person !== null && second.clause.person !== null && person !== second.clause.person;
  if (first.frame === second.frame && !apart) throw new IllFormed('it tells the same deed twice');
  if (value !== null && value === second.clause.value && strength * second.clause.strength < 0) {
    if (!apart) throw new IllFormed(`two deeds of ${value} to one person contradict each other`);
  }
  return [first.clause, second.clause];
}

/** Reads tokens[from … to), a deed without its actor. */
function readClause(
  situation: ParsedPrompt,
  tokens: readonly string[],
  from: number,
  to: number,
): { clause: ParsedClause; frame: Frame } {
  const before = tokens[from];
  const never = before === NEVER;
  const politeness = before !== undefined && Object.hasOwn(ADVERBS, before) ? ADVERBS[before] : undefined;
  const adverb = politeness === undefined ? null : before;
  const start = never || adverb !== null ? from + 1 : from;
  const words = tokens.slice(start, to);
  let reason = `"${words.join(' ')}" is no deed that fits here`;
  for (const frame of [...situation.kind.frames, ...GENERAL_FRAMES]) {
    const matches =
      words.length === frame.words.length &&
      frame.words.every((word, i) => (word === 'X' ? isName(words[i]) : word === words[i]));
    if (!matches) continue;
    const personIndex = frame.words.indexOf('X');
    const person = personIndex === -1 ? null : words[personIndex];
    if (person !== null && !situation.others.includes(person)) {
      reason = `${person} is not another person of the situation`;
      continue;
    }
    const clause: ParsedClause = {
      value: frame.value,
      strength: (never ? -1 : 1) * frame.strength || 0,
      politeness: politeness ?? 0,
      person,
      never,
      adverb,
      own: situation.kind.frames.includes(frame),
      verbAt: frame.words.flatMap((word, i) => (word === 'X' ? [] : [start + i])),
      adverbAt: start === from ? null : from,
      personAt: person === null ? null : start + personIndex,
    };
    return { clause, frame };
  }
  throw new IllFormed(reason);
}

/** Tokens are separated by white space. */
function tokensOf(text: string): string[] {
  return text.split(/\s+/).filter((token) => token !== '');
}
