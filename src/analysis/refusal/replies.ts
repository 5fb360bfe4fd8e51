import * as tf from '@tensorflow/tfjs-core';
import type { Points } from '../../math/linear.ts';
import { padRows } from '../../model/encode.ts';
import { forward, logitsOf } from '../../model/forward.ts';
import type { Model } from '../../model/parameters.ts';
import { CHUNK, textsOf } from '../../model/score.ts';
import { betweenBlocks, type Visit } from '../../model/sites.ts';
import { pickRows } from '../../values/gists.ts';
import type { RequestPrompt } from '../../world/requests.ts';
import { SENTENCES } from '../../world/sentences.ts';
import { BOS, encode } from '../../world/tokenizer.ts';

// n requests, D channels, L blocks, V tokens

const [REFUSAL, CONSENT] = [SENTENCES.refusal, SENTENCES.consent].map((reply) => encode(reply));
/** Where the two replies part: "reply : sorry …" and "reply : sure …". */
const PARTS = REFUSAL.findIndex((id, t) => id !== CONSENT[t]);
/** "sorry" and "sure". */
export const REPLY_WORDS = [REFUSAL[PARTS], CONSENT[PARTS]] as const;

/** What the model reads before it says "sorry" or "sure": <bos>, the request, "reply :". */
const tokensOf = ({ prompt }: RequestPrompt): number[] => [
  BOS,
  ...encode(prompt),
  ...REFUSAL.slice(0, PARTS),
];

/** How requests are answered: exact, since one token decides. */
export interface Replies {
  /** Probability of "sorry". (n) */
  refusal: Float64Array;
  /** log P(sorry) − log P(sure). (n) */
  odds: Float64Array;
  /** The residual stream at the last token of "reply :", entering block 0 … L − 1 and leaving the last: (n, D) each. */
  streams: Points[];
}

/** The first word of the reply to every request, with what `visit` does to the stream on the way. */
export async function replies(
  model: Model,
  requests: readonly RequestPrompt[],
  visit: Visit = (_site, _layer, x) => x,
): Promise<Replies> {
  const { layers, width: D, vocabulary: V } = model.config;
  const n = requests.length;
  const streams = Array.from({ length: layers + 1 }, () => new Float32Array(n * D));
  const refusal = new Float64Array(n);
  const odds = new Float64Array(n);
  for (let from = 0; from < n; from += CHUNK) {
    const texts = requests.slice(from, from + CHUNK).map(tokensOf);
    const rows = padRows(texts);
    const read: tf.Tensor[] = [];
    try {
      const logits = tf.tidy(() => {
        const ends = Int32Array.from(texts, (text) => text.length - 1);
        const pick = tf.tensor3d(pickRows(ends, rows.T), [rows.B, 1, rows.T]);
        const last = (x: tf.Tensor3D): tf.Tensor3D => tf.matMul(pick, x);
        const seen = betweenBlocks((site, layer, x) => {
          const changed = visit(site, layer, x);
          if (site === 'residual') read.push(tf.keep(last(changed)));
          return changed;
        });
        return logitsOf(model, last(forward(model, textsOf(rows), seen)));
      });
      read.push(logits);
      const values = await logits.data();
      texts.forEach((_, b) => {
        const row = Array.from(values.subarray(b * V, (b + 1) * V));
        const most = Math.max(...row);
        const all = row.reduce((sum, x) => sum + Math.exp(x - most), 0);
        refusal[from + b] = Math.exp(row[REPLY_WORDS[0]] - most) / all;
        odds[from + b] = row[REPLY_WORDS[0]] - row[REPLY_WORDS[1]];
      });
      for (const [l, points] of streams.entries()) points.set(await read[l].data(), from * D);
    } finally {
      tf.dispose(read);
    }
  }
  return { refusal, odds, streams: streams.map((data) => ({ data, count: n, size: D })) };
}
