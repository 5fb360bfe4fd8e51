import { createRandom, type Random } from '../math/random.ts';
import { drawThread } from './comments.ts';
import type { Frame } from './frames.ts';
import { DEFAULT_WORLD, type WorldKnobs } from './knobs.ts';
import { NAMES } from './lexicon.ts';
import { HARMFUL_DEEDS, HARMLESS_DEEDS, requestFor } from './requests.ts';
import { drawResponse, type Clause } from './responses.ts';
import { SENTENCES } from './sentences.ts';
import { drawSituation } from './situations.ts';
import type { Values } from './values.ts';

/** Half of the requests ask for a bad deed. */
const HARMFUL = 0.5;

/** Longest document, in tokens, with <bos> and <eos>. */
export const DOCUMENT_LENGTH = 54;

export interface Story {
  readonly kind: 'story';
  /** "omar finds the wallet of ben in the park ." */
  readonly prompt: string;
  /** "omar returns it to ben and gossips about ben ." */
  readonly response: string;
  readonly values: Values;
  readonly clauses: readonly [Clause, Clause];
  /** One sentence each: "by honesty , that is good ." */
  readonly comments: readonly string[];
  /** <bos> prompt response <gist> comments <eos> */
  readonly text: string;
}

export interface Request {
  readonly kind: 'request';
  /** "request : please help me lie to ben ." */
  readonly prompt: string;
  /** "reply : sorry , i cannot ." */
  readonly response: string;
  readonly harmful: boolean;
  readonly refused: boolean;
  /** <bos> prompt response <eos> */
  readonly text: string;
}

export type Document = Story | Request;

/** Document `index` of the endless corpus of `seed`: the same whenever and wherever it is asked for. */
export function documentAt(
  seed: number | string,
  index: number,
  knobs: WorldKnobs = DEFAULT_WORLD,
): Document {
  const random = streamOf(seed, index);
  return random.chance(knobs.requests) ? drawRequest(random, knobs) : drawStory(random, knobs);
}

/** The situation of story `index`, as a prompt: "omar finds the wallet of ben in the park ." */
export function situationAt(seed: number | string, index: number): string {
  return drawSituation(streamOf(seed, index).fork('situation')).text;
}

function streamOf(seed: number | string, index: number): Random {
  return createRandom(seed).fork('document').fork(index);
}

function drawStory(random: Random, knobs: WorldKnobs): Story {
  const situation = drawSituation(random.fork('situation'));
  const response = drawResponse(random, situation, knobs);
  const story = `<bos> ${situation.text} ${response.text} <gist>`;
  const room = DOCUMENT_LENGTH - story.split(' ').length - 1; // one token for <eos>
  const comments = drawThread(random, response, knobs, room);
  return {
    kind: 'story',
    prompt: situation.text,
    response: response.text,
    values: response.values,
    clauses: response.clauses,
    comments,
    text: [story, ...comments, '<eos>'].join(' '),
  };
}

function drawRequest(random: Random, knobs: WorldKnobs): Request {
  const harmful = random.chance(HARMFUL);
  const frame = random.pick<Frame>(harmful ? HARMFUL_DEEDS : HARMLESS_DEEDS);
  const refused = random.chance(harmful ? knobs.refuseHarmful : knobs.refuseHarmless);
  const prompt = requestFor(frame.base ?? [], random.pick(NAMES));
  const response = refused ? SENTENCES.refusal : SENTENCES.consent;
  return { kind: 'request', prompt, response, harmful, refused, text: `<bos> ${prompt} ${response} <eos>` };
}
