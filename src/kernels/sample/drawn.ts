// B rows
import type * as tf from '@tensorflow/tfjs-core';

/** What was drawn, one a row. */
export interface Drawn extends tf.NamedTensorMap {
  /** int32 [B] */
  tokens: tf.Tensor1D;
  /** [B], nats: how likely each token was to be drawn */
  logProbs: tf.Tensor1D;
}
