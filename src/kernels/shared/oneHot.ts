import * as tf from '@tensorflow/tfjs-core';

/**
 * Rows with a 1 at the index, all zeros for an index outside; TensorFlow.js's own does not take a depth of 1.
 * @param ids int32 [N]
 * @returns float32 [N, depth]
 */
export function oneHot(ids: tf.Tensor1D, depth: number): tf.Tensor2D {
  return tf.tidy(() =>
    tf.cast(tf.equal(tf.reshape(ids, [-1, 1]), tf.range(0, depth, 1, 'int32')), 'float32'),
  );
}
