// N rows, D width, V tokens in the vocabulary
import * as tf from '@tensorflow/tfjs-core';
import { matmul } from '../shared/matmul.ts';
import { differentiable, expectShape, output, pointer, scratch, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';

/**
 * Logits of the head that is tied to the token embedding: y = x wteᵀ.
 * @param x [N, D]
 * @param wte [V, D]
 * @returns [N, V]
 */
export function unembed(x: tf.Tensor2D, wte: tf.Tensor2D): tf.Tensor2D {
  const [V, D] = wte.shape;
  const N = x.shape[0];
  expectShape('x', x, [N, D]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.unembed(x, wte);
  const kernels = wasmKernels();
  if (!kernels) return composedUnembed(x, wte);
  return differentiable([x, wte], () => {
    const y = output<tf.Tensor2D>([N, V]);
    const room = scratch(kernels.unembedForwardScratch(D, V));
    kernels.unembedForward(pointer(x), pointer(wte), N, D, V, pointer(y), room);
    const gradients = (dy: tf.Tensor, [x, wte]: tf.Tensor[]) => {
      const grads = [output(x.shape), output(wte.shape)];
      const [dx, dwte] = grads.map(pointer);
      const room = scratch(kernels.unembedBackwardScratch(D, V));
      kernels.unembedBackward(pointer(x), pointer(wte), pointer(dy), N, D, V, dx, dwte, room);
      return grads;
    };
    return { value: y, saved: [x, wte], gradients };
  });
}

/** {@link unembed} of TensorFlow.js's own operations. */
export function composedUnembed(x: tf.Tensor2D, wte: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => matmul(x, tf.transpose(wte)) as tf.Tensor2D);
}
