// N rows, D width
import * as tf from '@tensorflow/tfjs-core';
import { differentiable, expectShape, output, pointer, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';

/** Added to the variance, as in GPT-2. */
export const LAYER_NORM_EPSILON = 1e-5;

/**
 * Layer normalisation over the last axis: y = gain ∘ (x − mean) / √(variance + 1e-5) + bias.
 * @param x [.., D]
 * @param gain [D]
 * @param bias [D]
 * @returns x's shape
 */
export function layerNorm<R extends tf.Rank>(
  x: tf.Tensor<R>,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
): tf.Tensor<R> {
  const D = x.shape[x.rank - 1];
  const N = x.size / D;
  expectShape('gain', gain, [D]);
  expectShape('bias', bias, [D]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.layerNorm(x, gain, bias, LAYER_NORM_EPSILON);
  const kernels = wasmKernels();
  if (!kernels) return composedLayerNorm(x, gain, bias);
  return differentiable([x, gain, bias], () => {
    const y = output<tf.Tensor<R>>(x.shape);
    const stats = output([N, 2]); // mean and 1/deviation of each row
    const from = [pointer(x), pointer(gain), pointer(bias)] as const;
    kernels.layerNormForward(...from, N, D, LAYER_NORM_EPSILON, pointer(y), pointer(stats));
    const gradients = (dy: tf.Tensor, [x, gain, stats]: tf.Tensor[]) => {
      const grads = [output(x.shape), output([D]), output([D])];
      const [dx, dgain, dbias] = grads.map(pointer);
      kernels.layerNormBackward(
        pointer(x),
        pointer(gain),
        pointer(stats),
        pointer(dy),
        N,
        D,
        dx,
        dgain,
        dbias,
      );
      return grads;
    };
    return { value: y, saved: [x, gain, stats], gradients };
  });
}

/** {@link layerNorm} of TensorFlow.js's own operations. */
export function composedLayerNorm<R extends tf.Rank>(
  x: tf.Tensor<R>,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
): tf.Tensor<R> {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true); // (.., 1)
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, LAYER_NORM_EPSILON)));
    return tf.add<tf.Tensor<R>>(tf.mul(normal, gain), bias);
  });
}
