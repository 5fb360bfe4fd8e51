// B texts, T positions, H heads, D = H·d channels
import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../build/kernels.ts';
import {
  differentiable,
  expectIndices,
  expectShape,
  isRecording,
  output,
  pointer,
  scratch,
  writeList,
} from '../wasm.ts';
import type { BlockWeights } from './weights.ts';

/** The block as one kernel forward and one backward; between them stays one tensor of all activations. */
export function block(
  kernels: Kernels,
  x: tf.Tensor3D,
  gists: tf.Tensor1D,
  heads: number,
  weights: BlockWeights,
  epsilon: number,
  ends?: tf.Tensor1D,
): tf.Tensor3D {
  const [B, T, D] = x.shape;
  const d = D / heads;
  if (!Number.isInteger(d)) throw new RangeError(`${heads} heads do not divide ${D} channels`);
  expectIndices('gists', gists);
  expectShape('gists', gists, [B]);
  if (ends) {
    expectIndices('ends', ends);
    expectShape('ends', ends, [B]);
  }
  const parameters = blockParameters(weights, D);
  const sizes = [B, T, heads, d] as const;
  return differentiable<tf.Tensor3D>([x, ...parameters], () => {
    const y = output<tf.Tensor3D>([B, T, D]);
    const kept = isRecording() ? output([kernels.blockKeptFloats(...sizes)]) : undefined;
    const list = writeList(0, parameters);
    const room = scratch(kernels.blockForwardScratch(T, heads, d));
    const to = [pointer(y), kept ? pointer(kept) : 0, room] as const;
    kernels.blockForward(
      pointer(x),
      pointer(gists),
      ends ? pointer(ends) : 0,
      list,
      ...sizes,
      epsilon,
      ...to,
    );
    const gradients = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, gists, kept, ...parameters] = saved;
      const until = ends ? pointer(parameters.shift()!) : 0;
      const grads = [x, ...parameters].map(({ shape }) => output(shape));
      const from = writeList(0, parameters);
      const to = writeList(parameters.length, grads.slice(1));
      const room = scratch(kernels.blockBackwardScratch(T, heads, d));
      const given = [pointer(x), pointer(gists), until, from, pointer(dy)] as const;
      kernels.blockBackward(...given, ...sizes, pointer(kept), pointer(grads[0]), to, room);
      return grads;
    };
    return {
      value: y,
      saved: kept ? [x, gists, kept, ...(ends ? [ends] : []), ...parameters] : [],
      gradients,
    };
  });
}

/** A block's parameters in the order in which the kernels take their addresses, with their shapes checked. */
export function blockParameters(
  { norm1, qkv, projection, norm2, up, down }: BlockWeights,
  D: number,
): tf.Tensor[] {
  const named = [
    ['norm1.gain', norm1.gain, [D]],
    ['norm1.bias', norm1.bias, [D]],
    ['qkv.weight', qkv.weight, [D, 3 * D]],
    ['qkv.bias', qkv.bias, [3 * D]],
    ['projection.weight', projection.weight, [D, D]],
    ['projection.bias', projection.bias, [D]],
    ['norm2.gain', norm2.gain, [D]],
    ['norm2.bias', norm2.bias, [D]],
    ['up.weight', up.weight, [D, 4 * D]],
    ['up.bias', up.bias, [4 * D]],
    ['down.weight', down.weight, [4 * D, D]],
    ['down.bias', down.bias, [D]],
  ] as const;
  for (const [name, tensor, shape] of named) expectShape(name, tensor, shape);
  return named.map(([, tensor]) => tensor);
}
