// N rows, V tokens in the vocabulary
import * as tf from '@tensorflow/tfjs-core';
import { oneHot } from '../shared/oneHot.ts';
import { differentiable, expectIndices, expectShape, output, pointer, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';

/**
 * Log-likelihood of each row's target: logits[i, targetᵢ] − log Σⱼ exp(logitsᵢⱼ).
 * @param logits [N, V]
 * @param targets int32 [N]
 * @returns [N], in nats
 */
export function tokenLogProb(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor1D {
  const [N, V] = logits.shape;
  expectIndices('targets', targets);
  expectShape('targets', targets, [N]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.tokenLogProb(logits, targets);
  const kernels = wasmKernels();
  if (!kernels) return composedTokenLogProb(logits, targets);
  return differentiable([logits], () => {
    const y = output<tf.Tensor1D>([N]);
    const lse = output([N]);
    kernels.tokenLogProbForward(pointer(logits), pointer(targets), N, V, pointer(y), pointer(lse));
    const gradients = (dy: tf.Tensor, [logits, targets, lse]: tf.Tensor[]) => {
      const dlogits = output(logits.shape);
      const from = [pointer(logits), pointer(targets), pointer(lse), pointer(dy)] as const;
      kernels.tokenLogProbBackward(...from, N, V, pointer(dlogits));
      return [dlogits];
    };
    return { value: y, saved: [logits, targets, lse], gradients };
  });
}

/** {@link tokenLogProb} of TensorFlow.js's own operations. */
export function composedTokenLogProb(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => {
    const chosen = oneHot(targets, logits.shape[1]);
    return tf.sum<tf.Tensor1D>(tf.mul(tf.logSoftmax(logits), chosen), -1);
  });
}
