import * as tf from '@tensorflow/tfjs-core';
import { block, blockFrom, embedding, layerNorm } from '../kernels/index.ts';
import { blockWeights, type Model } from '../model/parameters.ts';
import { CHUNK } from '../model/score.ts';
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
  const { layers, heads, width: D } = model.config;
  const at = (name: string) => model.parameters[`transformer.${name}`] as tf.Tensor;
  const stored = gists.data.subarray(from * gists.size, (from + B) * gists.size);
  const states = tf.tensor3d(stored, [B, layers - 1, D]);
  const withGist = (question: tf.Tensor3D, layer: number) =>
    tf.concat([tf.slice(states, [0, layer - 1, 0], [B, 1, D]), question], 1);
  const noText = (n: number) => tf.zeros<tf.Rank.R1>([n], 'int32'); // the gist comes first

  // Block 0 reads no response, so that it depends on where the question stands alone: it runs once for each place.
  const positions = gists.positions.subarray(from, from + B);
  const places = [...new Set(positions)];
  const U = places.length;
  const tokens = tf.tensor2d(places.map(() => ids), [U, T], 'int32'); // prettier-ignore
  const offsets = tf.tensor1d(places, 'int32');
  const embedded = embedding(
    tokens,
    offsets,
    at('wte.weight') as tf.Tensor2D,
    at('wpe.weight') as tf.Tensor2D,
  );
  const first = block(embedded, noText(U), heads, blockWeights(model, 0));
  const pick = new Float32Array(B * U); // one-hot: the place of each text
  positions.forEach((position, b) => (pick[b * U + places.indexOf(position)] = 1));
  // From here on x is the question's tokens alone; the gist is put before them for every block.
  const asked = tf.reshape<tf.Rank.R2>(tf.slice(first, [0, 1, 0]), [U, (T - 1) * D]);
  let x: tf.Tensor3D = tf.reshape(tf.matMul(tf.tensor2d(pick, [B, U]), asked), [B, T - 1, D]);

  for (let l = 1; l < layers; l++) {
    const from = l === layers - 1 ? T - 1 : 1; // of the last block only its verdict is read
    x = blockFrom(withGist(x, l), from, noText(B), heads, blockWeights(model, l));
  }
  const last = tf.reshape<tf.Rank.R2>(tf.slice(x, [0, x.shape[1] - 1, 0]), [B, D]);
  const final = layerNorm(last, at('ln_f.weight') as tf.Tensor1D, at('ln_f.bias') as tf.Tensor1D);
  return tf.sum(tf.mul(final, difference(model, words)), 1);
}

/** Unembedding of the first word less that of the second: (1, D). */
export function difference(model: Model, [good, bad]: Words = VERDICT): tf.Tensor2D {
  const wte = model.parameters['transformer.wte.weight'] as tf.Tensor2D;
  const row = (word: string) => tf.slice(wte, [encode(word)[0], 0], [1, model.config.width]);
  return tf.sub(row(good), row(bad));
}
