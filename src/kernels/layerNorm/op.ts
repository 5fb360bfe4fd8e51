// N rows, D width
import * as tf from '@tensorflow/tfjs-core';

/** Added to the variance, as in GPT-2. */
export const LAYER_NORM_EPSILON = 1e-5;

/**
 * Layer normalisation over the last axis: y = gain ∘ (x − mean) / √(variance + 1e-5) + bias.
 * @param x [.., D]
 * @param gain [D]
 * @param bias [D]
 * @returns x's shape
 */
export function layerNorm<R extends tf.Rank>(
  x: tf.Tensor<R>,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
): tf.Tensor<R> {
  return composedLayerNorm(x, gain, bias);
}

/** {@link layerNorm} of TensorFlow.js's own operations. */
export function composedLayerNorm<R extends tf.Rank>(
  x: tf.Tensor<R>,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
): tf.Tensor<R> {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true); // (.., 1)
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, LAYER_NORM_EPSILON)));
    return tf.add(tf.mul(normal, gain), bias) as tf.Tensor<R>;
  });
}
