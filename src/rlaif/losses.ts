import * as tf from '@tensorflow/tfjs-core';

/**
 * DPO with soft labels (Rafailov et al. 2023, equation 7; labels as in Bai et al. 2022):
 * −mean[p·log σ(m) + (1 − p)·log σ(−m)], m = β[(log π_a − log π₀_a) − (log π_b − log π₀_b)].
 * `policy` holds the pairs' log π: first all a, then all b, (2n); `reference` likewise; `prefer` is p, (n).
 */
export function dpoLoss(policy: tf.Tensor1D, reference: Float32Array, prefer: Float32Array, beta: number): tf.Scalar {
  const n = prefer.length;
  const advantage = tf.sub(policy, tf.tensor1d(reference));
  const margin = tf.mul(tf.sub(tf.slice(advantage, 0, n), tf.slice(advantage, n, n)), beta);
  const p = tf.tensor1d(prefer);
  // log σ(m) = −softplus(−m); p·softplus(−m) + (1 − p)·softplus(m) = softplus(m) − p·m
  return tf.mean(tf.sub(tf.softplus(margin), tf.mul(p, margin)));
}
