// N rows, V tokens in the vocabulary
import * as tf from '@tensorflow/tfjs-core';

/**
 * Log-likelihood of each row's target: logits[i, targetᵢ] − log Σⱼ exp(logitsᵢⱼ).
 * @param logits [N, V]
 * @param targets int32 [N]
 * @returns [N], in nats
 */
export function tokenLogProb(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor1D {
  return composedTokenLogProb(logits, targets);
}

/** {@link tokenLogProb} of TensorFlow.js's own operations. */
export function composedTokenLogProb(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => {
    const chosen = tf.cast(tf.oneHot(targets, logits.shape[1]), 'float32');
    return tf.sum(tf.mul(tf.logSoftmax(logits), chosen), -1) as tf.Tensor1D;
  });
}
