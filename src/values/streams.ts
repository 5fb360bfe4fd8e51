import * as tf from '@tensorflow/tfjs-core';
import type { Points } from '../math/linear.ts';
import { forward } from '../model/forward.ts';
import type { Model } from '../model/parameters.ts';
import { CHUNK, spokenRows, textsOf, type Spoken } from '../model/score.ts';
import { betweenBlocks } from '../model/sites.ts';
import { pickRows } from './gists.ts';

// n responses, D channels, L blocks

/**
 * The residual stream at the `<gist>` after each response, at every depth: L + 1 times (n, D), entering block
 * 0 … L − 1 and leaving the last. A judge reads those of 1 … L − 1.
 */
export async function readStreams(model: Model, spoken: readonly Spoken[]): Promise<Points[]> {
  const { layers, width: D } = model.config;
  const count = spoken.length;
  const streams = Array.from({ length: layers + 1 }, () => new Float32Array(count * D));
  for (let from = 0; from < count; from += CHUNK) {
    const rows = spokenRows(spoken.slice(from, from + CHUNK), true);
    const read: tf.Tensor[] = [];
    tf.tidy(() => {
      // One-hot over positions picks each row's gist: (B, 1, T) × (B, T, D).
      const pick = tf.tensor3d(pickRows(rows.gists, rows.T), [rows.B, 1, rows.T]);
      const visit = betweenBlocks((site, _layer, x) => {
        if (site === 'residual') read.push(tf.keep(tf.matMul(pick, x)));
        return x;
      });
      forward(model, textsOf(rows), visit);
    });
    for (const [l, tensor] of read.entries()) streams[l].set(await tensor.data(), from * D);
    tf.dispose(read);
  }
  return streams.map((data) => ({ data, count, size: D }));
}
