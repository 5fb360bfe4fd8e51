// N rows, D width, V tokens in the vocabulary
import * as tf from '@tensorflow/tfjs-core';
import { matmul } from '../shared/matmul.ts';

/**
 * Logits of the head that is tied to the token embedding: y = x wteᵀ.
 * @param x [N, D]
 * @param wte [V, D]
 * @returns [N, V]
 */
export function unembed(x: tf.Tensor2D, wte: tf.Tensor2D): tf.Tensor2D {
  return composedUnembed(x, wte);
}

/** {@link unembed} of TensorFlow.js's own operations. */
export function composedUnembed(x: tf.Tensor2D, wte: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => matmul(x, tf.transpose(wte)) as tf.Tensor2D);
}
