// B rows, V tokens in the vocabulary
import * as tf from '@tensorflow/tfjs-core';
import { composedTokenLogProb } from '../tokenLogProb/op.ts';
import { expectShape, output, pointer, scratch, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import type { Drawn } from './drawn.ts';

/**
 * Draws one token a row by the inverse of the cumulative distribution of softmax(logits / temperature), in token order.
 * No gradient.
 * @param logits [B, V]
 * @param uniforms [B], each in [0, 1)
 * @param temperature above 0; exactly 0 takes the most likely token, which is certain then
 */
export function sample(logits: tf.Tensor2D, uniforms: tf.Tensor1D, temperature = 1): Drawn {
  const [B, V] = logits.shape;
  expectShape('uniforms', uniforms, [B]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.sample(logits, uniforms, temperature);
  const kernels = wasmKernels();
  if (!kernels) return composedSample(logits, uniforms, temperature);
  const tokens = output<tf.Tensor1D>([B], 'int32');
  const logProbs = output<tf.Tensor1D>([B]);
  const to = [pointer(tokens), pointer(logProbs), scratch(V)] as const;
  kernels.sampleRows(pointer(logits), pointer(uniforms), B, V, temperature, ...to);
  return { tokens, logProbs };
}

/** {@link sample} of TensorFlow.js's own operations. */
export function composedSample(logits: tf.Tensor2D, uniforms: tf.Tensor1D, temperature = 1): Drawn {
  return tf.tidy(() => {
    const [B, V] = logits.shape;
    if (temperature === 0)
      return {
        tokens: tf.cast<tf.Tensor1D>(tf.argMax(logits, -1), 'int32'),
        logProbs: tf.zeros<tf.Rank.R1>([B]),
      };
    const scaled = tf.div<tf.Tensor2D>(tf.sub(logits, tf.max(logits, -1, true)), temperature);
    const cumulative = tf.cumsum(tf.exp(scaled), 1); // (row, token)
    const total = tf.slice(cumulative, [0, V - 1], [B, 1]);
    const below = tf.lessEqual(cumulative, tf.mul(tf.reshape(uniforms, [B, 1]), total));
    // u·total may round up to the total itself: the last token that adds to it is taken then.
    const passed = tf.logicalAnd(below, tf.less(cumulative, total));
    const tokens = tf.sum<tf.Tensor1D>(tf.cast(passed, 'int32'), -1);
    return { tokens, logProbs: composedTokenLogProb(scaled, tokens) };
  });
}
