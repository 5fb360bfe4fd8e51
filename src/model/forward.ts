import * as tf from '@tensorflow/tfjs-core';
import { block, embedding, layerNorm, unembed, type Inside } from '../kernels/index.ts';
import { blockWeights, type Model } from './parameters.ts';
import { betweenBlocks, looksInside, type Visit } from './sites.ts';

// B texts, T positions, D channels, V tokens

/** Texts as the model reads them. */
export interface Texts {
  /** (B, T) int32 token ids. */
  tokens: tf.Tensor2D;
  /** (B) int32: position of each text's first token. */
  offsets: tf.Tensor1D;
  /** (B) int32: index of `<gist>` in each row; T where there is none. */
  gists: tf.Tensor1D;
  /** (B) int32: length of each text, where later positions count for nothing and need not be computed. */
  ends?: tf.Tensor1D;
}

const lookOnly = betweenBlocks((_site, _layer, x) => x);

/**
 * The transformer without its head: (B, T, D) after the final layer norm. GPT-2 (pre-LN, tanh-GELU, learned
 * positions) with one addition, the gist mask: tokens after `<gist>` attend to `<gist>` and later only.
 * Disposes nothing: call it inside tf.tidy.
 */
export function forward(model: Model, texts: Texts, visit: Visit = lookOnly): tf.Tensor3D {
  const { config } = model;
  const at = (name: string) => model.parameters[`transformer.${name}`];
  let x = embedding(
    texts.tokens,
    texts.offsets,
    at('wte.weight') as tf.Tensor2D,
    at('wpe.weight') as tf.Tensor2D,
  );
  for (let l = 0; l < config.layers; l++) {
    const inside: Inside = {
      attended: (seen) => visit('attended', l, seen),
      neurons: (seen) => visit('neurons', l, seen),
    };
    x = visit('residual', l, x);
    const look = looksInside(visit) ? inside : undefined;
    x = block(x, texts.gists, config.heads, blockWeights(model, l), look, texts.ends);
  }
  x = visit('residual', config.layers, x);
  return visit('final', 0, layerNorm(x, at('ln_f.weight') as tf.Tensor1D, at('ln_f.bias') as tf.Tensor1D));
}

/** Logits of every position: (B·T, V), rows in text order. */
export function logitsOf(model: Model, final: tf.Tensor3D): tf.Tensor2D {
  const D = model.config.width;
  return unembed(tf.reshape(final, [-1, D]), model.parameters['transformer.wte.weight'] as tf.Tensor2D);
}
