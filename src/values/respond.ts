import { silent, type Progress } from '../math/progress.ts';
import type { Random } from '../math/random.ts';
import { decode } from '../model/decode.ts';
import type { Model } from '../model/parameters.ts';
import type { Spoken } from '../model/score.ts';
import { parseResponse } from '../world/parser.ts';
import { BOS, decode as textOf, encode } from '../world/tokenizer.ts';
import { NO_VALUES, trueValue, type TrueWeights, type Values } from '../world/values.ts';

/** A sampled response with its ground truth, read off the grammar. */
export interface Response extends Spoken {
  promptText: string;
  responseText: string;
  values: Values;
  /** V*, by the weights that count: as it is drawn, by TRUE_WEIGHTS. */
  trueValue: number;
  wellFormed: boolean;
}

/** A response as a model said it. */
export interface Said extends Response {
  /** log π under the model that said it, nats, summed over its tokens. */
  logProb: number;
}

/** Longest response, tokens: the grammar's own are shorter. */
const LONGEST = 26;
const END = encode('.')[0];
/** Texts decoded together. */
export const BATCH = 640;

/** One response to each prompt (texts without <bos>), sampled at temperature 1. */
export async function respond(
  model: Model,
  prompts: readonly string[],
  random: Random,
  progress: Progress = silent,
): Promise<Said[]> {
  const responses: Said[] = [];
  for (let from = 0; from < prompts.length; from += BATCH) {
    const some = prompts.slice(from, from + BATCH);
    const streams = some.map((_, i) => streamOf(random, from + i));
    responses.push(...(await say(model, some, streams)));
    await progress(responses.length / prompts.length);
  }
  return responses;
}

/** The stream of one of many responses. */
export function streamOf(random: Random, index: number): Random {
  const within = index % BATCH;
  return random.fork(index - within).fork(within);
}

/** One response to each of no more than BATCH prompts, from a stream of its own. */
export async function say(
  model: Model,
  prompts: readonly string[],
  streams: readonly Random[],
): Promise<Said[]> {
  const ids = prompts.map((prompt) => [BOS, ...encode(prompt)]);
  const said = await decode(model, ids, streams, { longest: LONGEST, end: END });
  return said.map(({ tokens, logProb }, i) => ({ ...responseOf(prompts[i], ids[i], tokens), logProb }));
}

/** A response from its tokens, with ground truth. An ill-formed one is worth 0 in every value. */
export function responseOf(
  promptText: string,
  prompt: readonly number[],
  response: readonly number[],
): Response {
  const responseText = textOf(response);
  const { wellFormed, values } = parseResponse(promptText, responseText);
  const truth = wellFormed ? values : { ...NO_VALUES };
  return {
    prompt,
    response,
    promptText,
    responseText,
    values: truth,
    trueValue: trueValue(truth),
    wellFormed,
  };
}

/** The same responses, with the true value that these weights give them. */
export function valuedBy<One extends Response>(responses: readonly One[], weights: TrueWeights): One[] {
  return responses.map((one) => ({ ...one, trueValue: trueValue(one.values, weights) }));
}

/** Responses to situations, several each: `situations[i]` is the situation of `responses[i]`. */
export interface Sample<One extends Response = Response> {
  responses: One[];
  situations: Int32Array;
}

/** `each` responses to every prompt. */
export async function sampleResponses(
  model: Model,
  prompts: readonly string[],
  each: Each,
  random: Random,
  progress?: Progress,
): Promise<Sample<Said>> {
  const situations = situationsOf(prompts.length, each);
  const repeated = Array.from(situations, (x) => prompts[x]);
  return { responses: await respond(model, repeated, random, progress), situations };
}

/** How many responses to a situation: as many to all, or its own number to each. */
export type Each = number | ((situation: number) => number);

/** The situation of every response. */
export function situationsOf(count: number, each: Each): Int32Array {
  const repeated = (x: number) => new Array<number>(typeof each === 'number' ? each : each(x)).fill(x);
  return Int32Array.from(Array.from({ length: count }, (_, x) => repeated(x)).flat());
}

/** Exactly n responses in as many situations as have at least `least` each. */
export function inAll(n: number, least: number): { count: number; each: Each } {
  const count = Math.max(1, Math.floor(n / least));
  return { count, each: (x) => Math.floor(n / count) + (x < n % count ? 1 : 0) };
}
