import * as tf from '@tensorflow/tfjs-core';
import { padRows } from '../model/encode.ts';
import { forward } from '../model/forward.ts';
import type { Model } from '../model/parameters.ts';
import { CHUNK, textsOf, type Spoken } from '../model/score.ts';
import { betweenBlocks } from '../model/sites.ts';
import { encode, GIST } from '../world/tokenizer.ts';
import { pickRows, type Gists } from './gists.ts';
import { difference } from './verdicts.ts';

// B texts, T positions, D channels

/**
 * Verdicts of a model that was trained without the gist mask: the question's tokens see the whole text, so all of
 * it is run. With `gists` the stream at `<gist>` is overwritten at every block after the first, as it is where
 * the mask makes of it all that a verdict can see. Returns (n).
 */
export async function unmaskedVerdicts(
  model: Model,
  spoken: readonly Spoken[],
  question: string,
  gists?: Gists,
): Promise<Float32Array> {
  const asked = [GIST, ...encode(question)];
  const out = new Float32Array(spoken.length);
  for (let from = 0; from < spoken.length; from += CHUNK) {
    const some = spoken.slice(from, from + CHUNK);
    const rows = padRows(some.map(({ prompt, response }) => [...prompt, ...response, ...asked]));
    const ends = Int32Array.from(some, ({ prompt, response }) => prompt.length + response.length);
    const scores = tf.tidy(() => {
      const { B, T } = rows;
      const D = model.config.width;
      const at = (positions: Int32Array, shape: [number, number, number]) =>
        tf.tensor3d(pickRows(positions, T), shape);
      const visit = betweenBlocks((site, layer, x) => {
        if (!gists || site !== 'residual' || layer === 0 || layer === model.config.layers) return x;
        const put = new Float32Array(B * D);
        for (let b = 0; b < B; b++) {
          const first = (from + b) * gists.size + (layer - 1) * D;
          put.set(gists.data.subarray(first, first + D), b * D);
        }
        const here = at(ends, [B, T, 1]);
        return tf.add(tf.mul(x, tf.sub(1, here)), tf.mul(here, tf.tensor3d(put, [B, 1, D])));
      });
      const final = forward(model, textsOf({ ...rows, gists: new Int32Array(B).fill(T) }), visit);
      const last = at(
        ends.map((end) => end + asked.length - 1),
        [B, 1, T],
      );
      return tf.sum(tf.mul(tf.reshape(tf.matMul(last, final), [B, D]), difference(model)), 1);
    });
    out.set(await scores.data(), from);
    scores.dispose();
  }
  return out;
}
