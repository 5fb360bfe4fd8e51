import * as tf from '@tensorflow/tfjs-core';
import {
  blockCached,
  embedding,
  KeyValueCache,
  layerNorm,
  placesOf,
  sample,
  unembed,
  type Drawn,
  type Places,
} from '../kernels/index.ts';
import type { Random } from '../math/random.ts';
import { blockWeights, type Model } from './parameters.ts';

// B texts, D channels, V tokens

/**
 * One step of decoding: the newest token of every text, (B) int32, to the logits of the next, (B, V). `caches` has one entry
 * a block and holds what comes before. For texts without `<gist>`. Call inside tf.tidy.
 */
export function decodeStep(
  model: Model,
  caches: readonly KeyValueCache[],
  tokens: tf.Tensor1D,
  places: Places,
): tf.Tensor2D {
  const at = (name: string) => model.parameters[`transformer.${name}`];
  const x = readToken(model, caches, tokens, places);
  const final = layerNorm(x, at('ln_f.weight') as tf.Tensor1D, at('ln_f.bias') as tf.Tensor1D);
  return unembed(final, at('wte.weight') as tf.Tensor2D);
}

/** The residual stream after the last block, (B, D); the caches hold the tokens from here on. */
function readToken(
  model: Model,
  caches: readonly KeyValueCache[],
  tokens: tf.Tensor1D,
  places: Places,
): tf.Tensor2D {
  const { config } = model;
  const at = (name: string) => model.parameters[`transformer.${name}`] as tf.Tensor as tf.Tensor2D;
  const B = tokens.shape[0];
  const offsets = tf.tensor1d([...places.positions], 'int32');
  const start = embedding(tf.reshape(tokens, [B, 1]), offsets, at('wte.weight'), at('wpe.weight'));
  let x = tf.reshape<tf.Rank.R2>(start, [B, config.width]);
  for (const [l, cache] of caches.entries())
    x = blockCached(x, cache, places, config.heads, blockWeights(model, l));
  return x;
}

export interface DecodeOptions {
  /** Tokens after the prompt at the most. */
  longest: number;
  /** The token that ends a text; it is part of the result. */
  end: number;
  temperature?: number;
}

/** What was decoded after a prompt. */
export interface Continuation {
  tokens: number[];
  /** How likely it was to be drawn, nats. */
  logProb: number;
}

/**
 * Steps between two looks at which texts have ended: a look waits for a graphics card. Elsewhere there is nothing to wait
 * for.
 */
const lookEvery = () => (tf.getBackend() === 'webgpu' ? 4 : 1);

/**
 * Continues every prompt until `end` or `longest` tokens. Prompts may differ in length. One uniform number a position, drawn
 * in order from the text's own stream, decides the sample: the same stream gives the same text, whatever is decoded beside
 * it, and two models with the same stream differ only where their distributions do.
 */
export async function decode(
  model: Model,
  prompts: readonly (readonly number[])[],
  streams: readonly Random[],
  { longest, end, temperature = 1 }: DecodeOptions,
): Promise<Continuation[]> {
  const said = prompts.map((): Continuation => ({ tokens: [], logProb: 0 }));
  // No token of a prompt is drawn.
  for (const [b, { length }] of prompts.entries()) for (let t = 0; t < length - 1; t++) streams[b].uniform();
  const room = prompts.map(({ length }) => Math.min(longest, model.config.positions - length));
  const goesOn = (b: number) => said[b].tokens.length < room[b] && said[b].tokens.at(-1) !== end;
  let texts = [...prompts.keys()].filter(goesOn);
  if (texts.length === 0) return said;

  const caches = readBeginnings(model, prompts, Math.max(...texts.map((b) => prompts[b].length + room[b])));
  let newest = tf.tensor1d(
    texts.map((b) => prompts[b].at(-1)!),
    'int32',
  );
  let unseen: Drawn[] = [];
  try {
    for (let i = 0; texts.length > 0; i++) {
      const before = newest;
      const drawn = tf.tidy(() => {
        const positions = texts.map((b) => prompts[b].length - 1 + i);
        const draws = tf.tensor1d(Float32Array.from(texts, (b) => streams[b].uniform()));
        return sample(decodeStep(model, caches, before, placesOf(texts, positions)), draws, temperature);
      });
      unseen.push(drawn);
      newest = tf.clone(drawn.tokens);
      before.dispose();
      const full = texts.some((b) => room[b] === i + 1);
      if ((i + 1) % lookEvery() !== 0 && !full) continue;

      for (const { ids, logProbs } of await read(unseen))
        for (const [k, b] of texts.entries())
          if (goesOn(b)) {
            said[b].tokens.push(ids[k]);
            said[b].logProb += logProbs[k];
          }
      disposeAll(unseen);
      unseen = [];
      const kept = [...texts.keys()].filter((k) => goesOn(texts[k]));
      if (kept.length === texts.length) continue;
      const all = newest;
      newest = tf.tidy(() => tf.gather(all, tf.tensor1d(kept, 'int32')));
      all.dispose();
      texts = kept.map((k) => texts[k]);
    }
  } finally {
    for (const cache of caches) cache.dispose();
    newest.dispose();
    disposeAll(unseen);
  }
  return said;
}

const read = (drawn: readonly Drawn[]) =>
  Promise.all(
    drawn.map(async ({ tokens, logProbs }) => {
      const [ids, each] = await Promise.all([tokens.data(), logProbs.data()]);
      return { ids, logProbs: each };
    }),
  );

const disposeAll = (drawn: readonly Drawn[]) =>
  tf.dispose(drawn.flatMap(({ tokens, logProbs }) => [tokens, logProbs]));

/** Caches of all prompts but for their last tokens; beginnings that prompts have in common are read once. */
function readBeginnings(
  model: Model,
  prompts: readonly (readonly number[])[],
  total: number,
): KeyValueCache[] {
  const known = new Map<string, number>();
  const beginnings: (readonly number[])[] = [];
  const beginningOf = prompts.map((prompt) => {
    const beginning = prompt.slice(0, -1);
    const key = beginning.join();
    if (!known.has(key)) known.set(key, beginnings.push(beginning) - 1);
    return known.get(key)!;
  });
  const { layers, width } = model.config;
  const caches = Array.from({ length: layers }, () => new KeyValueCache(beginnings.length, total, width));
  const length = Math.max(...beginnings.map((beginning) => beginning.length));
  try {
    for (let t = 0; t < length; t++)
      tf.tidy(() => {
        const rows = [...beginnings.keys()].filter((row) => beginnings[row].length > t);
        const tokens = rows.map((row) => beginnings[row][t]);
        const positions = rows.map(() => t);
        readToken(model, caches, tf.tensor1d(tokens, 'int32'), placesOf(rows, positions));
      });
    return caches.map((cache) => cache.select(beginningOf, length));
  } finally {
    for (const cache of caches) cache.dispose();
  }
}
