// N rows, I inputs, O outputs
import * as tf from '@tensorflow/tfjs-core';
import { asOperand, matmul } from '../shared/matmul.ts';
import { differentiable, expectShape, isRecording, output, pointer, scratch, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import { composedGelu } from './gelu.ts';

export type Activation = 'none' | 'gelu';

/**
 * Affine map with an optional GELU (GPT-2's "gelu_new") and what goes past it: y = activation(x W + b) + past.
 * @param x [N, I] or [B, T, I]
 * @param weight [I, O], GPT-2's layout
 * @param bias [O]
 * @param past y's shape: the residual stream
 * @returns [N, O] or [B, T, O]
 */
export function linear<T extends tf.Tensor2D | tf.Tensor3D>(
  x: T,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: Activation = 'none',
  past?: T,
): T {
  const [I, O] = weight.shape;
  const N = x.size / I;
  expectShape('x', x, [...x.shape.slice(0, -1), I]);
  expectShape('bias', bias, [O]);
  const gpu = webgpuKernels();
  if (gpu && !(past && activation === 'gelu'))
    return gpu.linear(x, weight, bias, activation === 'gelu', past) as T;
  if (past) return tf.add(past, linear(x, weight, bias, activation));
  const kernels = wasmKernels();
  if (!kernels) return composedLinear(x, weight, bias, activation);
  return differentiable<tf.Tensor>([x, weight, bias], () => {
    const y = output([...x.shape.slice(0, -1), O]);
    const gelu = activation === 'gelu';
    const slope = gelu && isRecording() ? output(y.shape) : undefined; // GELU′ at each output
    const from = [pointer(x), pointer(weight), pointer(bias)] as const;
    const room = scratch(kernels.linearForwardScratch(I, O));
    kernels.linearForward(...from, N, I, O, Number(gelu), pointer(y), slope ? pointer(slope) : 0, room);
    const gradients = (dy: tf.Tensor, [x, weight, slope]: tf.Tensor[]) => {
      const grads = [output(x.shape), output([I, O]), output([O])];
      const [dx, dw, db] = grads.map(pointer);
      const room = scratch(kernels.linearBackwardScratch(I, O));
      const from = [pointer(x), pointer(weight), slope ? pointer(slope) : 0, pointer(dy)] as const;
      kernels.linearBackward(...from, N, I, O, dx, dw, db, room);
      return grads;
    };
    return { value: y, saved: slope ? [x, weight, slope] : [x, weight], gradients };
  }) as T;
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
    const shape: number[] = [...x.shape.slice(0, -1), O];
    const shaped: tf.Tensor = tf.reshape(y, shape);
    return shaped as T;
  });
}
