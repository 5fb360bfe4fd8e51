import * as tf from '@tensorflow/tfjs-core';
import { embedding, tokenLogProb } from '../kernels/index.ts';
import { padRows, type TokenRows } from './encode.ts';
import { forward, logitsOf, type Texts } from './forward.ts';
import { GIST } from '../world/tokenizer.ts';
import type { Model } from './parameters.ts';
import type { Visit } from './sites.ts';

// B texts, T positions, D channels

/** Rows on the active backend, read from position 0 (or from `offsets`). Call inside tf.tidy. */
export function textsOf({ tokens, gists, B, T }: TokenRows, offsets?: Int32Array): Texts {
  return {
    tokens: tf.tensor2d(tokens, [B, T], 'int32'),
    offsets: tf.tensor1d(offsets ?? new Int32Array(B), 'int32'),
    gists: tf.tensor1d(gists, 'int32'),
  };
}

/** Prompt and response as token ids; the response begins where the prompt ends. */
export interface Spoken {
  /** <bos> and the situation. */
  prompt: readonly number[];
  /** The response with its final ".", or cut off where it ran too long. */
  response: readonly number[];
}

/**
 * log π(response | prompt) of each text, nats, summed over the response's tokens (its end included): (B),
 * differentiable. Call inside tf.tidy. `rows` hold prompt and response, and may hold more after them. Logits are computed
 * where a token of a response is predicted alone: elsewhere they would be half of all, and not be used.
 */
export function responseLogProb(
  model: Model,
  rows: TokenRows,
  spoken: readonly Spoken[],
  visit?: Visit,
): tf.Tensor1D {
  const { B, T } = rows;
  const R = Math.max(1, ...spoken.map(({ response }) => response.length)); // positions that predict, of a text
  const places = new Int32Array(B * R).fill(-1);
  const targets = new Int32Array(B * R);
  const counted = new Float32Array(B * R);
  spoken.forEach(({ prompt, response }, b) => {
    targets.set(response, b * R);
    counted.fill(1, b * R, b * R + response.length);
    // the position before a token predicts it
    response.forEach((_, r) => (places[b * R + r] = b * T + prompt.length - 1 + r));
  });
  const logits = logitsOf(model, rowsAt(forward(model, textsOf(rows), visit), places, R));
  const each = tokenLogProb(logits, tf.tensor1d(targets, 'int32'));
  return tf.sum(tf.reshape(tf.mul(each, tf.tensor1d(counted)), [B, R]), 1);
}

/**
 * Rows of x [B, T, D], counted through all texts: [B, R, D], differentiable; zeros where there is no such row. It is an
 * embedding with x as its table, since TensorFlow.js's own gather has no gradient on WASM.
 */
function rowsAt(x: tf.Tensor3D, places: Int32Array, R: number): tf.Tensor3D {
  const [B, T, D] = x.shape;
  const nowhere = tf.tensor1d(new Int32Array(B).fill(1), 'int32'); // beyond the only learned position
  return embedding(
    tf.tensor2d(places, [B, R], 'int32'),
    nowhere,
    tf.reshape<tf.Rank.R2>(x, [B * T, D]),
    tf.zeros<tf.Rank.R2>([1, D]),
  );
}

/**
 * Prompts and responses as rows, with `<gist>` after them if asked. A "<gist>" that a policy happened to say is a
 * token like any other, as it was when it was sampled.
 */
export function spokenRows(spoken: readonly Spoken[], withGist = false): TokenRows {
  const gist = withGist ? [GIST] : [];
  const rows = padRows(spoken.map(({ prompt, response }) => [...prompt, ...response, ...gist]));
  const ends = spoken.map(({ prompt, response }) => prompt.length + response.length);
  return { ...rows, gists: Int32Array.from(ends, (end) => (withGist ? end : rows.T)) };
}

/** Texts that are run together: bounds memory. */
export const CHUNK = 512;
/** Of texts that differ in length: few, so that they can be about equal. */
const TOGETHER = 64;

/** Indices of texts that are run together: of about the same length, since what is shorter is padded. */
export function byLength(spoken: readonly Spoken[], together = TOGETHER): number[][] {
  const length = ({ prompt, response }: Spoken) => prompt.length + response.length;
  const ids = [...spoken.keys()].sort((a, b) => length(spoken[a]) - length(spoken[b]));
  const groups = Math.ceil(ids.length / together);
  return Array.from({ length: groups }, (_, g) => ids.slice(g * together, (g + 1) * together));
}

/** log π of many responses: (n) nats. */
export async function logProbs(model: Model, spoken: readonly Spoken[]): Promise<Float32Array> {
  const out = new Float32Array(spoken.length);
  for (const ids of byLength(spoken)) {
    const some = ids.map((id) => spoken[id]);
    const rows = spokenRows(some);
    const scores = tf.tidy(() => responseLogProb(model, rows, some));
    const values = await scores.data();
    ids.forEach((id, i) => (out[id] = values[i]));
    scores.dispose();
  }
  return out;
}

/** Logits of every position of one text: T rows of V numbers. */
export async function logits(model: Model, ids: readonly number[]): Promise<number[][]> {
  const result = tf.tidy(() => logitsOf(model, forward(model, textsOf(padRows([ids])))));
  const values = await result.data();
  result.dispose();
  const V = model.config.vocabulary;
  return ids.map((_, t) => Array.from(values.subarray(t * V, (t + 1) * V)));
}
