import type * as tf from '@tensorflow/tfjs-core';

interface Norm {
  /** [D] */
  gain: tf.Tensor1D;
  bias: tf.Tensor1D;
}

interface Affine {
  /** [inputs, outputs] */
  weight: tf.Tensor2D;
  /** [outputs] */
  bias: tf.Tensor1D;
}

/** The weights of one transformer block of width D. */
export interface BlockWeights {
  norm1: Norm;
  /** D to 3D: queries, keys, values */
  qkv: Affine;
  /** D to D: what the heads read, to the residual stream */
  projection: Affine;
  norm2: Norm;
  /** D to 4D, and back */
  up: Affine;
  down: Affine;
}
