// B texts, P positions in the cache, D channels
import type * as tf from '@tensorflow/tfjs-core';
import type { KeyValueCache } from '../attendCached/cache.ts';
import type { Places } from '../attendCached/places.ts';
import type { Kernels } from '../build/kernels.ts';
import { blockParameters } from '../block/wasm.ts';
import type { BlockWeights } from '../block/weights.ts';
import { expectShape, output, pointer, scratch, writeList } from '../wasm.ts';

/** The block in one kernel, which writes to the cache in place. */
export function blockCached(
  kernels: Kernels,
  x: tf.Tensor2D,
  cache: KeyValueCache,
  places: Places,
  heads: number,
  weights: BlockWeights,
  epsilon: number,
): tf.Tensor2D {
  const [, P, D] = cache.keys.shape;
  const B = places.rows.length;
  const d = D / heads;
  if (!Number.isInteger(d)) throw new RangeError(`${heads} heads do not divide ${D} channels`);
  expectShape('x', x, [B, D]);
  cache.expectRoom(places);
  const y = output<tf.Tensor2D>([B, D]);
  const list = writeList(0, blockParameters(weights, D));
  const room = scratch(kernels.blockCachedScratch(P, heads, d));
  const cached = [pointer(cache.keys), pointer(cache.values), pointer(places.tensor)] as const;
  kernels.blockCachedForward(pointer(x), list, ...cached, B, P, heads, d, epsilon, pointer(y), room);
  return y;
}
