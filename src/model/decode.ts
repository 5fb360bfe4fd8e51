import * as tf from '@tensorflow/tfjs-core';
import { blockCached, embedding, KeyValueCache, layerNorm, sample, unembed } from '../kernels/index.ts';
import type { Random } from '../math/random.ts';
import { PAD } from '../world/tokenizer.ts';
import { blockWeights, type Model } from './parameters.ts';

// B texts, T positions, D channels, V tokens

/**
 * One step of decoding: the token at position t of every text, (B) int32, to the logits of the next, (B, V).
 * `caches` has one entry a block and holds positions 0 … t − 1. For texts without `<gist>`. Call inside tf.tidy.
 */
export function decodeStep(
  model: Model,
  caches: readonly KeyValueCache[],
  tokens: tf.Tensor1D,
  t: number,
): tf.Tensor2D {
  const { config } = model;
  const at = (name: string) => model.parameters[`transformer.${name}`];
  const B = tokens.shape[0];
  const wte = at('wte.weight') as tf.Tensor2D;
  const offsets = tf.tensor1d(new Int32Array(B).fill(t), 'int32');
  const start = embedding(tf.reshape(tokens, [B, 1]), offsets, wte, at('wpe.weight') as tf.Tensor2D);
  let x = tf.reshape<tf.Rank.R2>(start, [B, config.width]);
  for (const [l, cache] of caches.entries())
    x = blockCached(x, cache, t, config.heads, blockWeights(model, l));
  return unembed(layerNorm(x, at('ln_f.weight') as tf.Tensor1D, at('ln_f.bias') as tf.Tensor1D), wte);
}

export interface DecodeOptions {
  /** Tokens after the prompt at the most. */
  longest: number;
  /** The token that ends a text; it is part of the result. */
  end: number;
  temperature?: number;
}

/** Steps between two looks at whether all texts have ended: a look waits for the backend. */
const LOOK_EVERY = 4;

/**
 * Continues every prompt until `end` or `longest` tokens. Prompts may differ in length. One uniform number a
 * text and position, drawn in order, decides the sample: the same random stream gives the same texts, and
 * two models with the same stream differ only where their distributions do.
 */
export async function decode(
  model: Model,
  prompts: readonly (readonly number[])[],
  random: Random,
  { longest, end, temperature = 1 }: DecodeOptions,
): Promise<number[][]> {
  const B = prompts.length;
  if (B === 0) return [];
  const total = Math.min(model.config.positions, Math.max(...prompts.map((p) => p.length)) + longest);
  const uniforms = prompts.map((_, b) => random.fork(b));
  const caches = Array.from(
    { length: model.config.layers },
    () => new KeyValueCache(B, total, model.config.width),
  );
  const sampled: tf.Tensor1D[] = [];
  const texts: number[][] = prompts.map((prompt) => [...prompt]);
  const ended = new Array<boolean>(B).fill(false);
  let read = 0; // sampled tensors already moved into texts

  const collect = async () => {
    const values = await Promise.all(sampled.slice(read).map((tensor) => tensor.data()));
    values.forEach((ids, i) => {
      const position = read + i + 1; // the token sampled after position t stands at t + 1
      texts.forEach((text, b) => {
        if (ended[b] || position < prompts[b].length) return;
        text.push(ids[b]);
        ended[b] = ids[b] === end || text.length - prompts[b].length === longest;
      });
    });
    read = sampled.length;
  };

  try {
    for (let t = 0; t + 1 < total; t++) {
      sampled.push(
        tf.tidy(() => {
          const draws = tf.tensor1d(Float32Array.from(uniforms, (u) => u.uniform()));
          const tokens = nextTokens(prompts, t, sampled[t - 1]);
          return sample(decodeStep(model, caches, tokens, t), draws, temperature);
        }),
      );
      if (t % LOOK_EVERY === LOOK_EVERY - 1) await collect();
      if (ended.every(Boolean)) break;
    }
    await collect();
  } finally {
    for (const cache of caches) cache.dispose();
    tf.dispose(sampled);
  }
  return texts.map((text, b) => text.slice(prompts[b].length));
}

/** Tokens at position t: the prompt's own where it reaches so far, else what was sampled. */
function nextTokens(prompts: readonly (readonly number[])[], t: number, sampled?: tf.Tensor1D): tf.Tensor1D {
  const given = tf.tensor1d(
    Int32Array.from(prompts, (p) => p[t] ?? PAD),
    'int32',
  );
  if (!sampled || prompts.every((p) => p.length > t)) return given;
  if (prompts.every((p) => p.length <= t)) return tf.clone(sampled);
  const isGiven = tf.tensor1d(
    Uint8Array.from(prompts, (p) => (p.length > t ? 1 : 0)),
    'bool',
  );
  return tf.where<tf.Tensor1D>(isGiven, given, sampled);
}
