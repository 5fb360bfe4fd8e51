import * as tf from '@tensorflow/tfjs-core';

/**
 * GPT-2's GELU, ½x(1 + tanh u) with u = √(2/π)(x + 0.044715x³), written as x·σ(2u). The clip keeps a GPU's exp in
 * range; beyond it σ is 0 or 1 to all digits of float32.
 * @param x any shape
 */
export function composedGelu(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const twice = tf.mul(tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715), 1)), 2 * Math.sqrt(2 / Math.PI)); // 2u
    return tf.mul(x, tf.sigmoid(tf.clipByValue(twice, -60, 60)));
  });
}
