import { documentAt, DOCUMENT_LENGTH } from './documents.ts';
import { DEFAULT_WORLD, type WorldKnobs } from './knobs.ts';
import { GIST, PAD, encode } from './tokenizer.ts';

// B rows, T positions

export interface Batch {
  /** Int32Array(B·T), row by row, padded with PAD. */
  readonly tokens: Int32Array;
  /**
   * Float32Array(B·T): at [b, t] the loss weight of predicting tokens[b, t + 1] from position t; 0 at the last
   * position and where the next token is padding.
   */
  readonly weights: Float32Array;
  /** Int32Array(B): where <gist> stands in each row; T when there is none. */
  readonly gists: Int32Array;
  /** Int32Array(B): how many tokens each row has before its padding, which need not be computed. */
  readonly ends?: Int32Array;
  readonly B: number;
  readonly T: number;
}

export interface BatchOptions {
  readonly batch: number;
  readonly length?: number;
  readonly knobs?: WorldKnobs;
  /** What a token of a response counts in the loss. */
  readonly responseWeight?: number;
}

/**
 * What a token counts in the loss. Who meets whom and which principle somebody names cannot be foreseen: learning their
 * frequencies would take most of the gradient and most of its noise. Verdicts and character words count most, which alone
 * tell of values. Responses at half of that left more of them ill-formed and judges less linear; verdicts at three times
 * the responses measured worse (one model each).
 */
const WEIGHTS = { prompt: 0.1, comment: 0.2, judgement: 2 } as const;
/** Of a token of a response: what people do counts as much as verdicts on it. */
export const RESPONSE_WEIGHT = 2;
const [IS, CALL, THAT] = encode('is call that') as [number, number, number];

/** Documents first … first + batch − 1 of the corpus of `seed`. */
export function batchAt(seed: number | string, first: number, options: BatchOptions): Batch {
  const { batch: B, length: T = DOCUMENT_LENGTH, knobs = DEFAULT_WORLD } = options;
  const counts = { ...WEIGHTS, response: options.responseWeight ?? RESPONSE_WEIGHT };
  const tokens = new Int32Array(B * T).fill(PAD);
  const weights = new Float32Array(B * T);
  const gists = new Int32Array(B).fill(T);
  const ends = new Int32Array(B);
  for (let b = 0; b < B; b++) {
    const document = documentAt(seed, first + b, knobs);
    const ids = encode(document.text).slice(0, T);
    const promptEnd = 1 + document.prompt.split(' ').length; // first position after <bos> and the prompt
    const gist = ids.indexOf(GIST);
    tokens.set(ids, b * T);
    ends[b] = ids.length;
    for (let t = 0; t + 1 < ids.length; t++) {
      weights[b * T + t] = counts[partAt(ids, t, promptEnd, gist)];
    }
    if (gist !== -1) gists[b] = gist;
  }
  return { tokens, weights, gists, ends, B, T };
}

/** Which part of a document the token after position t belongs to. */
function partAt(
  ids: readonly number[],
  t: number,
  promptEnd: number,
  gist: number,
): keyof typeof WEIGHTS | 'response' {
  if (t + 1 < promptEnd) return 'prompt';
  if (gist === -1 || t < gist) return 'response'; // <gist> itself ends the response
  return ids[t] === IS || (ids[t] === THAT && ids[t - 1] === CALL) ? 'judgement' : 'comment';
}
