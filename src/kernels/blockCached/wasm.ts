// B texts, P positions in the cache, D channels
import type * as tf from '@tensorflow/tfjs-core';
import type { KeyValueCache } from '../attendCached/cache.ts';
import type { Kernels } from '../build/kernels.ts';
import { blockParameters } from '../block/wasm.ts';
import type { BlockWeights } from '../block/weights.ts';
import { expectShape, output, pointer, scratch, writeList } from '../wasm.ts';

/** The block in one kernel, which writes to the cache in place. */
export function blockCached(
  kernels: Kernels,
  x: tf.Tensor2D,
  cache: KeyValueCache,
  t: number,
  heads: number,
  weights: BlockWeights,
  epsilon: number,
): tf.Tensor2D {
  const [B, P, D] = cache.keys.shape;
  const d = D / heads;
  if (!Number.isInteger(d)) throw new RangeError(`${heads} heads do not divide ${D} channels`);
  expectShape('x', x, [B, D]);
  cache.expectRoom(t, 1);
  const y = output<tf.Tensor2D>([B, D]);
  const list = writeList(0, blockParameters(weights, D));
  const room = scratch(kernels.blockCachedScratch(P, heads, d));
  const from = [pointer(x), list, pointer(cache.keys), pointer(cache.values)] as const;
  kernels.blockCachedForward(...from, B, P, heads, d, t, epsilon, pointer(y), room);
  return y;
}
