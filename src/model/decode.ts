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
  const at = (name: string) => model.parameters[`transformer.${name}`];
  const x = readToken(model, caches, tokens, t);
  const final = layerNorm(x, at('ln_f.weight') as tf.Tensor1D, at('ln_f.bias') as tf.Tensor1D);
  return unembed(final, at('wte.weight') as tf.Tensor2D);
}

/** The residual stream after the last block, (B, D); position t is written to the caches. */
function readToken(
  model: Model,
  caches: readonly KeyValueCache[],
  tokens: tf.Tensor1D,
  t: number,
): tf.Tensor2D {
  const { config } = model;
  const at = (name: string) => model.parameters[`transformer.${name}`] as tf.Tensor as tf.Tensor2D;
  const B = tokens.shape[0];
  const offsets = tf.tensor1d(new Int32Array(B).fill(t), 'int32');
  const start = embedding(tf.reshape(tokens, [B, 1]), offsets, at('wte.weight'), at('wpe.weight'));
  let x = tf.reshape<tf.Rank.R2>(start, [B, config.width]);
  for (const [l, cache] of caches.entries())
    x = blockCached(x, cache, t, config.heads, blockWeights(model, l));
  return x;
}

export interface DecodeOptions {
  /** Tokens after the prompt at the most. */
  longest: number;
  /** The token that ends a text; it is part of the result. */
  end: number;
  temperature?: number;
}

/** Steps between two looks at which texts have ended: a look waits for the backend. */
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
  if (prompts.length === 0) return [];
  const lengths = prompts.map((prompt) => prompt.length);
  const total = Math.min(model.config.positions, Math.max(...lengths) + longest);
  const start = Math.max(0, Math.min(...lengths, total) - 1); // up to here nothing is sampled
  const uniforms = prompts.map((_, b) => random.fork(b));
  for (const stream of uniforms) for (let t = 0; t < start; t++) stream.uniform();
  const said: number[][] = prompts.map(() => []);
  const hasEnded = (b: number) => said[b].length === longest || said[b].at(-1) === end;

  let rows = [...prompts.keys()]; // the texts that go on: text rows[r] in row r of the caches
  let caches = readBeginnings(model, prompts, start, total);
  let sampled: tf.Tensor1D[] = []; // the last one that was looked at, and those since
  let seen = 0;
  try {
    for (let t = start; t + 1 < total && rows.length > 0; t++) {
      const next = tf.tidy(() => {
        const draws = tf.tensor1d(Float32Array.from(rows, (b) => uniforms[b].uniform()));
        const given = rows.map((b) => prompts[b]);
        const tokens = nextTokens(given, t, sampled.at(-1));
        return sample(decodeStep(model, caches, tokens, t), draws, temperature);
      });
      sampled.push(next);
      if (t % LOOK_EVERY !== LOOK_EVERY - 1 && t + 2 < total) continue;

      const first = t + 2 - sampled.length; // the token sampled after position t stands at t + 1
      for (let i = seen; i < sampled.length; i++) {
        const ids = await sampled[i].data();
        rows.forEach((b, r) => {
          if (first + i >= lengths[b] && !hasEnded(b)) said[b].push(ids[r]);
        });
      }
      tf.dispose(sampled.slice(0, -1));
      sampled = [next];
      seen = 1;
      const going = [...rows.keys()].filter((r) => !hasEnded(rows[r]));
      if (going.length > GOES_ON * rows.length) continue;
      const fewer = caches.map((cache) => cache.select(going, t + 1));
      for (const cache of caches) cache.dispose();
      caches = fewer;
      sampled = [tf.tidy(() => tf.gather(next, tf.tensor1d(going, 'int32')))];
      next.dispose();
      rows = going.map((r) => rows[r]);
    }
  } finally {
    for (const cache of caches) cache.dispose();
    tf.dispose(sampled);
  }
  return said;
}

/** Ended texts are left out of the caches when no more than this share goes on. */
const GOES_ON = 2 / 3;

/** Caches of all prompts up to a position; beginnings that prompts have in common are read once. */
function readBeginnings(
  model: Model,
  prompts: readonly (readonly number[])[],
  length: number,
  total: number,
): KeyValueCache[] {
  const known = new Map<string, number>();
  const beginnings: (readonly number[])[] = [];
  const beginningOf = prompts.map((prompt) => {
    const beginning = prompt.slice(0, length);
    const key = beginning.join();
    if (!known.has(key)) known.set(key, beginnings.push(beginning) - 1);
    return known.get(key)!;
  });
  const { layers, width } = model.config;
  const caches = Array.from({ length: layers }, () => new KeyValueCache(beginnings.length, total, width));
  try {
    for (let t = 0; t < length; t++)
      tf.tidy(() => {
        const tokens = Int32Array.from(beginnings, (beginning) => beginning[t]);
        readToken(model, caches, tf.tensor1d(tokens, 'int32'), t);
      });
    return caches.map((cache) => cache.select(beginningOf, length));
  } finally {
    for (const cache of caches) cache.dispose();
  }
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
