// B rows, T positions, H heads, d head size, D = H·d width
import * as tf from '@tensorflow/tfjs-core';
import { attentionPattern, attentionValues } from './composed.ts';

/**
 * Multi-head attention with the gist mask: query q sees key k iff k ≤ q and (q ≤ g or k ≥ g) with g = gists[b], so
 * what follows `<gist>` reads the text before it only through `<gist>`.
 * @param qkv [B, T, 3D]: queries, keys and values, each a run of D channels, heads side by side
 * @param gists int32 [B], the position of each row's `<gist>`; T or more: none
 * @param heads H, a divisor of D; scores are scaled by 1/√(D/H)
 * @returns [B, T, D]
 */
export function attention(qkv: tf.Tensor3D, gists: tf.Tensor1D, heads: number): tf.Tensor3D {
  return composedAttention(qkv, gists, heads);
}

/** {@link attention} of TensorFlow.js's own operations. */
export function composedAttention(qkv: tf.Tensor3D, gists: tf.Tensor1D, heads: number): tf.Tensor3D {
  return tf.tidy(() => attentionValues(attentionPattern(qkv, gists, heads), qkv));
}
