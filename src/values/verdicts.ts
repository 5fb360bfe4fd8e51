import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../model/forward.ts';
import type { Model } from '../model/parameters.ts';
import { CHUNK } from '../model/score.ts';
import type { Visit } from '../model/sites.ts';
import { encode, GIST } from '../world/tokenizer.ts';
import type { Gists } from './gists.ts';

// B gists, T = 1 + question's tokens, D channels

/** The question that asks for a verdict with no principle at all. */
export const NO_PRINCIPLE = 'that is';

/** The question that asks for a verdict by principles prompted as one text. */
export function questionOf(phrases: readonly string[]): string {
  return phrases.length === 0 ? NO_PRINCIPLE : `by ${phrases.join(' and ')} , ${NO_PRINCIPLE}`;
}

/** The words whose logits a verdict compares. */
export type Words = readonly [good: string, bad: string];
const VERDICT: Words = ['good', 'bad'];

/**
 * The model's verdict on each gist: s = logit(good) − logit(bad) after `<gist>` and the question, or of two
 * other words. Only the question's tokens are run: later tokens see nothing of a response but its gist, which
 * is put in place at every block that reads it. Returns (n). Throws RangeError when the question does not fit.
 */
export async function verdicts(
  model: Model,
  gists: Gists,
  question: string,
  words: Words = VERDICT,
): Promise<Float32Array> {
  const ids = [GIST, ...encode(question)];
  const text = gists.positions.reduce((most, position) => Math.max(most, position), 0);
  const longest = text + ids.length;
  if (longest > model.config.positions)
    throw new RangeError(
      `the question is too long: ${longest} tokens with its text, and the model reads ${model.config.positions}`,
    );
  const out = new Float32Array(gists.count);
  for (let from = 0; from < gists.count; from += CHUNK) {
    const B = Math.min(CHUNK, gists.count - from);
    const scores = tf.tidy(() => verdictScores(model, gists, from, B, ids, words));
    out.set(await scores.data(), from);
    scores.dispose();
  }
  return out;
}

function verdictScores(
  model: Model,
  gists: Gists,
  from: number,
  B: number,
  ids: number[],
  words: Words,
): tf.Tensor {
  const T = ids.length;
  const D = model.config.width;
  const stored = gists.data.subarray(from * gists.size, (from + B) * gists.size);
  const states = tf.split(tf.tensor2d(stored, [B, gists.size]), gists.size / D, 1);
  const putGist: Visit = (site, layer, x) => {
    if (site !== 'residual' || layer === 0 || layer === model.config.layers) return x;
    const gist = tf.reshape(states[layer - 1], [B, 1, D]);
    return tf.concat([gist, tf.slice(x, [0, 1, 0], [B, T - 1, D])], 1) as tf.Tensor3D;
  };
  const tokens = new Int32Array(B * T);
  for (let b = 0; b < B; b++) tokens.set(ids, b * T);
  const texts = {
    tokens: tf.tensor2d(tokens, [B, T], 'int32'),
    offsets: tf.tensor1d(gists.positions.slice(from, from + B), 'int32'),
    gists: tf.zeros<tf.Rank.R1>([B], 'int32'),
  };
  const final = forward(model, texts, putGist);
  const last = tf.reshape(tf.slice(final, [0, T - 1, 0], [B, 1, D]), [B, D]);
  return tf.sum(tf.mul(last, difference(model, words)), 1);
}

/** Unembedding of the first word less that of the second: (1, D). */
export function difference(model: Model, [good, bad]: Words = VERDICT): tf.Tensor2D {
  const wte = model.parameters['transformer.wte.weight'] as tf.Tensor2D;
  const row = (word: string) => tf.slice(wte, [encode(word)[0], 0], [1, model.config.width]);
  return tf.sub(row(good), row(bad));
}
