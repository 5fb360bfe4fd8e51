import * as tf from '@tensorflow/tfjs-core';
import { tokenLogProb } from '../kernels/index.ts';
import { forward, logitsOf } from '../model/forward.ts';
import { padRows } from '../model/encode.ts';
import type { Model } from '../model/parameters.ts';
import { textsOf } from '../model/score.ts';
import type { Visit } from '../model/sites.ts';
import { documentAt } from '../world/documents.ts';
import { encode } from '../world/tokenizer.ts';

/** Documents that are run together: bounds memory. */
const TOGETHER = 64;

/** The first `count` stories of a corpus that no model was trained on, as token ids. */
export function heldOutStories(seed: number, count: number): number[][] {
  const stories: number[][] = [];
  for (let i = 0; stories.length < count; i++) {
    const document = documentAt(`held out/${seed}`, i);
    if (document.kind === 'story') stories.push(encode(document.text));
  }
  return stories;
}

/** Loss of each text, nats a token (all but its first), with what `visit` does to the stream on the way. (n) */
export async function lossOf(
  model: Model,
  texts: readonly (readonly number[])[],
  visit?: Visit,
): Promise<Float64Array> {
  const losses = new Float64Array(texts.length);
  for (let from = 0; from < texts.length; from += TOGETHER) {
    const some = texts.slice(from, from + TOGETHER);
    const rows = padRows(some);
    const targets = new Int32Array(rows.B * rows.T);
    targets.set(rows.tokens.subarray(1));
    const each = tf.tidy(() =>
      tokenLogProb(logitsOf(model, forward(model, textsOf(rows), visit)), tf.tensor1d(targets, 'int32')),
    );
    const values = await each.data();
    each.dispose();
    some.forEach(({ length }, b) => {
      let sum = 0;
      for (let t = 0; t < length - 1; t++) sum -= values[b * rows.T + t];
      losses[from + b] = sum / (length - 1);
    });
  }
  return losses;
}
