// N rows, I inputs, O outputs
import * as tf from '@tensorflow/tfjs-core';
import { asOperand, matmul } from '../shared/matmul.ts';
import { composedGelu } from './gelu.ts';

export type Activation = 'none' | 'gelu';

/**
 * Affine map with an optional GELU (GPT-2's "gelu_new"): y = activation(x W + b).
 * @param x [N, I] or [B, T, I]
 * @param weight [I, O], GPT-2's layout
 * @param bias [O]
 * @returns [N, O] or [B, T, O]
 */
export function linear<T extends tf.Tensor2D | tf.Tensor3D>(
  x: T,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: Activation = 'none',
): T {
  return composedLinear(x, weight, bias, activation);
}

/** {@link linear} of TensorFlow.js's own operations. */
export function composedLinear<T extends tf.Tensor2D | tf.Tensor3D>(
  x: T,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: Activation = 'none',
): T {
  return tf.tidy(() => {
    const [I, O] = weight.shape;
    const rows = tf.reshape(x, [-1, I]);
    const before = tf.add(matmul(rows, asOperand(weight)), bias);
    const y = activation === 'gelu' ? composedGelu(before) : before;
    return tf.reshape(y, [...x.shape.slice(0, -1), O] as number[] as [number, number]) as tf.Tensor as T;
  });
}
