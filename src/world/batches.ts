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
  readonly B: number;
  readonly T: number;
}

export interface BatchOptions {
  readonly batch: number;
  readonly length?: number;
  readonly knobs?: WorldKnobs;
}

/** Situations and requests only set the scene: learning to write them would take most of the loss. */
const PROMPT_WEIGHT = 0.1;
/** Verdicts and character words are few, and all that is known about values is in them. */
const JUDGEMENT_WEIGHT = 1.5;
const [IS, CALL, THAT] = encode('is call that') as [number, number, number];

/** Documents first … first + batch − 1 of the corpus of `seed`. */
export function batchAt(seed: number | string, first: number, options: BatchOptions): Batch {
  const { batch: B, length: T = DOCUMENT_LENGTH, knobs = DEFAULT_WORLD } = options;
  const tokens = new Int32Array(B * T).fill(PAD);
  const weights = new Float32Array(B * T);
  const gists = new Int32Array(B).fill(T);
  for (let b = 0; b < B; b++) {
    const document = documentAt(seed, first + b, knobs);
    const ids = encode(document.text).slice(0, T);
    const promptEnd = 1 + document.prompt.split(' ').length; // first position after <bos> and the prompt
    tokens.set(ids, b * T);
    for (let t = 0; t + 1 < ids.length; t++) {
      const judges = ids[t] === IS || (ids[t] === THAT && ids[t - 1] === CALL);
      weights[b * T + t] = t + 1 < promptEnd ? PROMPT_WEIGHT : judges ? JUDGEMENT_WEIGHT : 1;
    }
    const gist = ids.indexOf(GIST);
    if (gist !== -1) gists[b] = gist;
  }
  return { tokens, weights, gists, B, T };
}
