import * as tf from '@tensorflow/tfjs-core';
import { tokenLogProb, unembed } from '../../kernels/index.ts';
import { leadingAxes, Matrix } from '../../math/linear.ts';
import { forward } from '../../model/forward.ts';
import type { Model } from '../../model/parameters.ts';
import { byLength, spokenRows, textsOf, type Spoken } from '../../model/score.ts';

// n responses, N of their tokens, D channels, V tokens in the vocabulary

/** Tokens of responses as a model is about to say them. */
export interface FinalStreams {
  /** The stream that the unembedding reads where a token is predicted: (N, D). */
  data: Float32Array;
  /** The token itself, and the response that it belongs to: (N). */
  targets: Int32Array;
  owners: Int32Array;
  count: number;
  size: number;
}

/** Final streams of all tokens of responses; the same responses give the same order for every model. */
export async function finalStreams(model: Model, spoken: readonly Spoken[]): Promise<FinalStreams> {
  const D = model.config.width;
  const count = spoken.reduce((sum, { response }) => sum + response.length, 0);
  const streams: FinalStreams = {
    data: new Float32Array(count * D),
    targets: new Int32Array(count),
    owners: new Int32Array(count),
    count,
    size: D,
  };
  let at = 0;
  for (const ids of byLength(spoken)) {
    const some = ids.map((id) => spoken[id]);
    const rows = spokenRows(some);
    const places: number[] = [];
    const from = at;
    some.forEach(({ prompt, response }, b) =>
      response.forEach((token, r) => {
        places.push(b * rows.T + prompt.length - 1 + r); // the position before a token predicts it
        streams.targets[at] = token;
        streams.owners[at++] = ids[b];
      }),
    );
    const read = tf.tidy(() => {
      const final = tf.reshape(forward(model, textsOf(rows)), [rows.B * rows.T, D]);
      return tf.gather(final, tf.tensor1d(places, 'int32'));
    });
    streams.data.set(await read.data(), from * D);
    read.dispose();
  }
  return streams;
}

/** Where a policy's change is cut: in the final stream, or in the logits that follow from it. */
export const SPACES = ['final stream', 'logits'] as const;
export type Space = (typeof SPACES)[number];

/** Rows that are run together: bounds memory. */
const ROWS = 4096;

/** A policy beside its reference, token by token of the same responses. */
export class PolicyChange {
  readonly #reference: Model;
  readonly #policy: Model;
  readonly #before: FinalStreams;
  readonly #after: FinalStreams;
  readonly #n: number;

  constructor(reference: Model, policy: Model, before: FinalStreams, after: FinalStreams, n: number) {
    this.#reference = reference;
    this.#policy = policy;
    this.#before = before;
    this.#after = after;
    this.#n = n;
  }

  /**
   * Axes of the change in a space, those with the largest mean square first: (size, all). What all logits of a token share
   * changes no probability, and is left out of it. `shares` are of the whole mean square.
   */
  async axes(space: Space): Promise<{ axes: Matrix; shares: number[] }> {
    const size = space === 'logits' ? this.#policy.config.vocabulary : this.#before.size;
    const total = Matrix.zeros(size, size);
    for (let from = 0; from < this.#before.count; from += ROWS) {
      const product = tf.tidy(() => {
        const [after, before] = this.#ends(space, from);
        const change = tf.sub<tf.Tensor2D>(after, before);
        return tf.matMul(tf.transpose(change), change);
      });
      total.add(Matrix.from1DArray(size, size, Array.from(await product.data())));
      product.dispose();
    }
    const leading = leadingAxes(total, size);
    const all = leading.reduce((sum, { variance }) => sum + variance, 0);
    return {
      axes: new Matrix(leading.map(({ axis }) => axis)).transpose(),
      shares: leading.map(({ variance }) => (all > 0 ? variance / all : 0)),
    };
  }

  /**
   * log π of every response where only the part of the change along `axes` (size, k) is made, or all but that part. (n) The
   * unembedding is the policy's own. Logits keep what they share.
   */
  async logProbs(space: Space, axes: Matrix, part: 'kept' | 'removed'): Promise<Float64Array> {
    const out = new Float64Array(this.#n);
    const { count, targets, owners } = this.#before;
    for (let from = 0; from < count; from += ROWS) {
      const some = targets.subarray(from, Math.min(count, from + ROWS));
      const each = tf.tidy(() => {
        const [after, before] = this.#ends(space, from);
        const change = tf.sub(after, before);
        const Q = tf.tensor2d(axes.to2DArray(), [axes.rows, axes.columns]);
        const along =
          axes.columns === 0 ? tf.zerosLike(change) : tf.matMul(tf.matMul(change, Q), tf.transpose(Q));
        const cut = part === 'kept' ? tf.add<tf.Tensor2D>(before, along) : tf.sub<tf.Tensor2D>(after, along);
        const logits = space === 'logits' ? cut : unembed(cut, headOf(this.#policy));
        return tokenLogProb(logits, tf.tensor1d(some, 'int32'));
      });
      const values = await each.data();
      each.dispose();
      values.forEach((x, i) => (out[owners[from + i]] += x));
    }
    return out;
  }

  /** The rows from here on, after and before: streams, or logits less their mean. */
  #ends(space: Space, from: number): [after: tf.Tensor2D, before: tf.Tensor2D] {
    const { size, count } = this.#before;
    const to = Math.min(count, from + ROWS);
    const rows = ({ data }: FinalStreams) =>
      tf.tensor2d(data.subarray(from * size, to * size), [to - from, size]);
    const [after, before] = [rows(this.#after), rows(this.#before)];
    if (space === 'final stream') return [after, before];
    const centred = (logits: tf.Tensor2D) => tf.sub<tf.Tensor2D>(logits, tf.mean(logits, 1, true));
    return [centred(unembed(after, headOf(this.#policy))), centred(unembed(before, headOf(this.#reference)))];
  }
}

const headOf = (model: Model) => model.parameters['transformer.wte.weight'] as tf.Tensor as tf.Tensor2D;
