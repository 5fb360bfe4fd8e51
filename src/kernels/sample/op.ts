// B rows, V tokens in the vocabulary
import * as tf from '@tensorflow/tfjs-core';
import { expectShape, output, pointer, scratch, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';

/**
 * Draws one token a row by the inverse of the cumulative distribution of softmax(logits / temperature), in token order.
 * No gradient.
 * @param logits [B, V]
 * @param uniforms [B], each in [0, 1)
 * @param temperature above 0; exactly 0 takes the most likely token
 * @returns int32 [B]
 */
export function sample(logits: tf.Tensor2D, uniforms: tf.Tensor1D, temperature = 1): tf.Tensor1D {
  const [B, V] = logits.shape;
  expectShape('uniforms', uniforms, [B]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.sample(logits, uniforms, temperature);
  const kernels = wasmKernels();
  if (!kernels) return composedSample(logits, uniforms, temperature);
  const tokens = output<tf.Tensor1D>([B], 'int32');
  kernels.sampleRows(pointer(logits), pointer(uniforms), B, V, temperature, pointer(tokens), scratch(V));
  return tokens;
}

/** {@link sample} of TensorFlow.js's own operations. */
export function composedSample(logits: tf.Tensor2D, uniforms: tf.Tensor1D, temperature = 1): tf.Tensor1D {
  return tf.tidy(() => {
    if (temperature === 0) return tf.cast<tf.Tensor1D>(tf.argMax(logits, -1), 'int32');
    const [B, V] = logits.shape;
    const weights = tf.exp(tf.div(tf.sub(logits, tf.max(logits, -1, true)), temperature));
    const cumulative = tf.cumsum(weights, 1); // (row, token)
    const total = tf.slice(cumulative, [0, V - 1], [B, 1]);
    const below = tf.lessEqual(cumulative, tf.mul(tf.reshape(uniforms, [B, 1]), total));
    // u·total may round up to the total itself: the last token that adds to it is taken then.
    const passed = tf.logicalAnd(below, tf.less(cumulative, total));
    return tf.sum<tf.Tensor1D>(tf.cast(passed, 'int32'), -1);
  });
}
