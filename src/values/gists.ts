import * as tf from '@tensorflow/tfjs-core';
import type { Points } from '../math/linear.ts';
import { silent, type Progress } from '../math/progress.ts';
import { gistSize } from '../model/config.ts';
import type { Model } from '../model/parameters.ts';
import { byLength, responseLogProb, spokenRows, type Spoken } from '../model/score.ts';
import { betweenBlocks } from '../model/sites.ts';

// n responses, D channels, L blocks; H = (L − 1)·D

/**
 * What a judge can know of responses: h(x,y), the residual stream at `<gist>` as later tokens read it, that
 * is entering every block after the first, concatenated.
 */
export interface Gists extends Points {
  /** Position of `<gist>` in each text; later tokens read on from there. */
  positions: Int32Array;
}

/** Runs prompt, response and `<gist>`; returns gists and log π(response | prompt) under the same model. */
export async function readGists(
  model: Model,
  spoken: readonly Spoken[],
  progress: Progress = silent,
): Promise<{ gists: Gists; logProbs: Float32Array }> {
  const size = gistSize(model.config);
  const count = spoken.length;
  const gists: Gists = {
    data: new Float32Array(count * size),
    positions: Int32Array.from(spoken, ({ prompt, response }) => prompt.length + response.length),
    count,
    size,
  };
  const logProbs = new Float32Array(count);
  let done = 0;
  for (const ids of byLength(spoken)) {
    const some = ids.map((id) => spoken[id]);
    const rows = spokenRows(some, true);
    const read: tf.Tensor2D[] = [];
    const scores = tf.tidy(() => {
      // One-hot over positions picks each row's gist: (B, 1, T) × (B, T, D).
      const pick = tf.tensor3d(pickRows(rows.gists, rows.T), [rows.B, 1, rows.T]);
      const visit = betweenBlocks((site, layer, x) => {
        if (site === 'residual' && layer > 0 && layer < model.config.layers)
          read.push(tf.keep(tf.reshape(tf.matMul(pick, x), [rows.B, model.config.width])));
        return x;
      });
      return responseLogProb(model, rows, some, visit);
    });
    const likely = await scores.data();
    ids.forEach((id, b) => (logProbs[id] = likely[b]));
    for (const [i, tensor] of read.entries()) {
      const values = await tensor.data();
      const D = model.config.width;
      ids.forEach((id, b) => gists.data.set(values.subarray(b * D, (b + 1) * D), id * size + i * D));
    }
    tf.dispose([scores, ...read]);
    done += ids.length;
    await progress(done / count);
  }
  return { gists, logProbs };
}

/** One-hot rows over T positions: (n, T), row by row. */
export function pickRows(indices: Int32Array, T: number): Float32Array {
  const pick = new Float32Array(indices.length * T);
  indices.forEach((t, b) => (pick[b * T + t] = 1));
  return pick;
}

/** The same positions with other gists in them: an intervention at every site at once. */
export function withData(gists: Gists, data: Float32Array): Gists {
  return { ...gists, data };
}

/** The gists of several lists as those of one. */
export function joinGists(lists: readonly Gists[]): Gists {
  const { size } = lists[0];
  const count = lists.reduce((sum, gists) => sum + gists.count, 0);
  const joined = { data: new Float32Array(count * size), positions: new Int32Array(count), count, size };
  let at = 0;
  for (const gists of lists) {
    joined.data.set(gists.data, at * size);
    joined.positions.set(gists.positions, at);
    at += gists.count;
  }
  return joined;
}

/** Some of the gists, by index. */
export function selectGists(gists: Gists, ids: ArrayLike<number>): Gists {
  const { size } = gists;
  const data = new Float32Array(ids.length * size);
  for (let i = 0; i < ids.length; i++)
    data.set(gists.data.subarray(ids[i] * size, (ids[i] + 1) * size), i * size);
  return { data, size, count: ids.length, positions: Int32Array.from(ids, (id) => gists.positions[id]) };
}
