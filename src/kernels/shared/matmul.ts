import * as tf from '@tensorflow/tfjs-core';

const swapLast = (rank: number) => [...Array(rank - 2).keys(), rank - 1, rank - 2];
const transposed = (x: tf.Tensor) => tf.transpose(x, swapLast(x.rank));

/**
 * Matrix product of [.., N, K] and [.., K, M] with a gradient of explicit transposes: the transpose flags that
 * TensorFlow.js's own gradient uses make a WASM product many times slower.
 */
export function matmul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const product = tf.customGrad((...inputs: unknown[]) => {
    const [x, y, save] = inputs as [tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
    save([x, y]);
    // forward: z = x y
    const value = tf.matMul(x, y);
    const gradFunc = (dz: tf.Tensor, saved: tf.Tensor[]) => [
      tf.matMul(dz, transposed(saved[1])), // dx = dz yᵀ
      tf.matMul(transposed(saved[0]), dz), // dy = xᵀ dz
    ];
    return { value, gradFunc: gradFunc };
  });
  return product(a, b);
}

/**
 * A weight as an operand of TensorFlow.js's own product. Its WASM backend caches packed weights by their data's id
 * and would miss updates in place, so there the product gets a copy.
 */
export function asOperand(weight: tf.Tensor): tf.Tensor {
  return tf.getBackend() === 'wasm' ? tf.mul(weight, 1) : weight;
}
