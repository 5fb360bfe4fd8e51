// N rows, V tokens in the vocabulary
import * as tf from '@tensorflow/tfjs-core';
import { oneHot } from '../shared/oneHot.ts';
import {
  differentiable,
  expectIndices,
  expectShape,
  isRecording,
  output,
  pointer,
  wasmKernels,
} from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';

/**
 * Weighted mean of the negative log-likelihood: Σ wᵢ·nllᵢ / Σ wᵢ, nllᵢ = log Σⱼ exp(logitsᵢⱼ) − logits[i, targetᵢ].
 * @param logits [N, V]
 * @param targets int32 [N]
 * @param weights [N]; no gradient flows to them
 * @returns scalar, in nats; 0, with a gradient of 0, where the weights sum to 0
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  const [N, V] = logits.shape;
  expectIndices('targets', targets);
  expectShape('targets', targets, [N]);
  expectShape('weights', weights, [N]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.crossEntropy(logits, targets, weights);
  const kernels = wasmKernels();
  if (!kernels) return composedCrossEntropy(logits, targets, weights);
  return differentiable([logits], () => {
    const loss = output<tf.Scalar>([]);
    const dlogits = isRecording() ? output([N, V]) : undefined;
    const from = [pointer(logits), pointer(targets), pointer(weights)] as const;
    kernels.crossEntropyForward(...from, N, V, pointer(loss), dlogits ? pointer(dlogits) : 0);
    const gradients = (dloss: tf.Tensor, [dlogits]: tf.Tensor[]) => {
      kernels.crossEntropyBackward(pointer(dlogits), pointer(dloss), N * V);
      return [tf.clone(dlogits)];
    };
    return { value: loss, saved: dlogits ? [dlogits] : [], gradients };
  });
}

/** {@link crossEntropy} of TensorFlow.js's own operations. */
export function composedCrossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor1D,
  weights: tf.Tensor1D,
): tf.Scalar {
  return tf.tidy(() => {
    const chosen = oneHot(targets, logits.shape[1]);
    const logProb = tf.sum(tf.mul(tf.logSoftmax(logits), chosen), -1); // (row)
    const total = tf.sum(weights);
    const divisor = tf.add(total, tf.cast(tf.equal(total, 0), 'float32'));
    return tf.neg<tf.Scalar>(tf.div(tf.sum(tf.mul(logProb, weights)), divisor));
  });
}
