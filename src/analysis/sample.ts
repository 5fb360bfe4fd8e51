/** Samples that measures are taken on. */
import { createRandom } from '../math/random.ts';
import { responseOf, type Sample } from '../values/respond.ts';
import { situationAt } from '../world/documents.ts';
import { DEFAULT_WORLD } from '../world/knobs.ts';
import { parsePrompt } from '../world/parser.ts';
import { drawResponse } from '../world/responses.ts';
import { BOS, encode } from '../world/tokenizer.ts';

/** Responses to one situation at the least: what predicts a gain is taken within the situation. */
export const EACH = 16;

/** Responses that directions and readouts are fitted on: 125 situations × 16. */
export const FITTING = { name: 'fitting', count: 125, each: EACH } as const;

/**
 * Responses that the default world's people give, `each` to every one of `count` situations: the same texts for
 * every model that they are shown to.
 */
export function corpusResponses(seed: number, count: number, each: number): Sample {
  const random = createRandom(seed).fork('world responses');
  const responses = Array.from({ length: count * each }, (_, i) => {
    const prompt = situationAt(`moment/${seed}`, Math.floor(i / each));
    const { text } = drawResponse(random.fork(i), parsePrompt(prompt)!, DEFAULT_WORLD);
    return responseOf(prompt, [BOS, ...encode(prompt)], encode(text));
  });
  return { responses, situations: Int32Array.from(responses, (_, i) => Math.floor(i / each)) };
}
