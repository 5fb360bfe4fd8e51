import * as tf from '@tensorflow/tfjs-core';
import { pointer, wasmKernels } from '../wasm.ts';

/**
 * Sum of the squares of all elements of all tensors; its root is the gradient norm that clipping looks at. No gradient.
 * @param tensors at least one, of any shapes
 * @returns scalar
 */
export function squaredNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  const kernels = wasmKernels();
  if (!kernels) return composedSquaredNorm(tensors);
  return tf.scalar(tensors.reduce((total, t) => total + kernels.sumOfSquares(pointer(t), t.size), 0));
}

/** {@link squaredNorm} of TensorFlow.js's own operations. */
export function composedSquaredNorm(tensors: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() => tf.addN(tensors.map((t) => tf.sum<tf.Scalar>(tf.square(t)))));
}
