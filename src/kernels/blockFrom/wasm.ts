// B texts, T positions, D channels
import type * as tf from '@tensorflow/tfjs-core';
import { blockParameters } from '../block/wasm.ts';
import type { BlockWeights } from '../block/weights.ts';
import type { Kernels } from '../build/kernels.ts';
import { expectIndices, expectShape, output, pointer, scratch, writeList } from '../wasm.ts';

/** The block at the last positions in one kernel. */
export function blockFrom(
  kernels: Kernels,
  x: tf.Tensor3D,
  from: number,
  gists: tf.Tensor1D,
  heads: number,
  weights: BlockWeights,
  epsilon: number,
): tf.Tensor3D {
  const [B, T, D] = x.shape;
  const d = D / heads;
  if (!Number.isInteger(d)) throw new RangeError(`${heads} heads do not divide ${D} channels`);
  expectIndices('gists', gists);
  expectShape('gists', gists, [B]);
  const y = output<tf.Tensor3D>([B, T - from, D]);
  const list = writeList(0, blockParameters(weights, D));
  const room = scratch(kernels.blockFromScratch(T, heads, d));
  const sizes = [B, T, from, heads, d] as const;
  kernels.blockFromForward(pointer(x), pointer(gists), list, ...sizes, epsilon, pointer(y), room);
  return y;
}
