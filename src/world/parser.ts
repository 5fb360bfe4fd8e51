import { parsePrompt, parseResponse, type ParsedResponse } from './deeds.ts';
import { ADJECTIVES, ORDINARY, PRINCIPLES, VERDICTS, type Principle, type Verdict } from './phrases.ts';
import { GENERAL_FRAMES, NAMES } from './lexicon.ts';
import { AND, SENTENCES } from './sentences.ts';

export {
  parsePrompt,
  parseResponse,
  type ParsedClause,
  type ParsedPrompt,
  type ParsedResponse,
} from './deeds.ts';

/** What one comment says: a verdict, or a character word. */
export interface ParsedComment {
  /** Empty when no principle is stated. */
  readonly principles: readonly Principle[];
  readonly verdict: Verdict | null;
  readonly adjective: string | null;
}

export type ParsedDocument =
  | {
      readonly kind: 'story';
      readonly prompt: string;
      readonly response: string;
      readonly parsed: ParsedResponse;
      readonly comments: readonly ParsedComment[];
    }
  | { readonly kind: 'request'; readonly harmful: boolean; readonly refused: boolean }
  | { readonly kind: 'neither'; readonly reason: string };

const principleOf = new Map(PRINCIPLES.map((principle) => [principle.phrase, principle]));
const adjectives = new Set<string>([...Object.values(ADJECTIVES).flat(), ORDINARY]);

/** A pattern of SENTENCES as a regular expression that captures its blank. */
function reader(sentence: string): RegExp {
  const escaped = sentence.replace(/[.]/g, '\\$&').replace(/\b[WPD]\b/g, '(.+)');
  return new RegExp(`^${escaped}$`);
}
const verdictSentence = reader(SENTENCES.verdict);
const principledSentence = reader(SENTENCES.principled);
const characterSentence = reader(SENTENCES.character);
const requestSentence = reader(SENTENCES.request);

/** Reads one comment, "by honesty and care , that is good ."; null when it is none. */
export function parseComment(text: string): ParsedComment | null {
  const verdictOf = (word: string | undefined) => VERDICTS.find((verdict) => verdict === word) ?? null;
  const character = characterSentence.exec(text)?.[1];
  if (character !== undefined) {
    return adjectives.has(character) ? { principles: [], verdict: null, adjective: character } : null;
  }
  const principled = principledSentence.exec(text);
  const verdict = verdictOf(principled ? principled[2] : verdictSentence.exec(text)?.[1]);
  if (verdict === null) return null;
  if (!principled) return { principles: [], verdict, adjective: null };
  const principles = principled[1].split(` ${AND} `).map((phrase) => principleOf.get(phrase));
  if (principles.some((principle) => principle === undefined)) return null;
  return { principles: principles as Principle[], verdict, adjective: null };
}

/**
 * Reads a whole document with its special tokens. A story is well-formed when its prompt, response and every
 * comment are, no comment occurs twice, and at most one is a character word. Never throws.
 */
export function parseDocument(text: string): ParsedDocument {
  const neither = (reason: string): ParsedDocument => ({ kind: 'neither', reason });
  const tokens = text.split(/\s+/).filter((token) => token !== '');
  if (tokens[0] !== '<bos>' || tokens.at(-1) !== '<eos>') return neither('it must stand in <bos> … <eos>');
  const inside = tokens.slice(1, -1);
  if (inside[0] === 'request')
    return parseRequest(sentencesOf(inside)) ?? neither('it is no request with a reply');
  const gist = inside.indexOf('<gist>');
  if (gist === -1) return neither('it has no <gist>');
  const told = sentencesOf(inside.slice(0, gist));
  if (told.length !== 2) return neither('it must tell a situation and one response');
  const [prompt, response] = told as [string, string];
  if (!parsePrompt(prompt)) return neither('its situation is none');
  const parsed = parseResponse(prompt, response);
  if (!parsed.wellFormed) return neither(parsed.reason ?? '');
  const said = sentencesOf(inside.slice(gist + 1));
  const comments = said.map(parseComment);
  if (comments.some((comment) => comment === null)) return neither('one of its comments is none');
  if (new Set(said).size !== said.length) return neither('a comment occurs twice');
  const read = comments as ParsedComment[];
  if (read.filter((comment) => comment.adjective !== null).length > 1) return neither('two character words');
  return { kind: 'story', prompt, response, parsed, comments: read };
}

function parseRequest(sentences: readonly string[]): ParsedDocument | null {
  const deed = requestSentence.exec(sentences[0] ?? '')?.[1]?.split(' ');
  const reply = sentences[1];
  if (!deed || sentences.length !== 2) return null;
  if (reply !== SENTENCES.refusal && reply !== SENTENCES.consent) return null;
  const frame = GENERAL_FRAMES.find(
    ({ base }) =>
      base?.length === deed.length &&
      base.every((word, i) =>
        word === 'X' ? (NAMES as readonly string[]).includes(deed[i] ?? '') : word === deed[i],
      ),
  );
  if (!frame) return null;
  return { kind: 'request', harmful: frame.strength < 0, refused: reply === SENTENCES.refusal };
}

/** Runs of tokens up to and with ".", joined by spaces; what is left over counts as one more. */
function sentencesOf(tokens: readonly string[]): string[] {
  const sentences: string[] = [];
  let current: string[] = [];
  for (const token of tokens) {
    current.push(token);
    if (token === '.') {
      sentences.push(current.join(' '));
      current = [];
    }
  }
  if (current.length > 0) sentences.push(current.join(' '));
  return sentences;
}
