// B texts, D channels, H heads
import type * as tf from '@tensorflow/tfjs-core';
import type { KeyValueCache } from '../attendCached/cache.ts';
import { attendCached } from '../attendCached/op.ts';
import type { Places } from '../attendCached/places.ts';
import type { BlockWeights } from '../block/weights.ts';
import { LAYER_NORM_EPSILON, layerNorm } from '../layerNorm/op.ts';
import { linear } from '../linear/op.ts';
import { wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import { blockCached as wasmBlockCached } from './wasm.ts';

/**
 * One transformer block at the newest token of each text for decoding, see `block`. No gradient.
 * @param x [B, D]
 * @param cache holds what comes before each place; the place is written
 * @param heads a divisor of D
 * @returns [B, D]
 */
export function blockCached(
  x: tf.Tensor2D,
  cache: KeyValueCache,
  places: Places,
  heads: number,
  weights: BlockWeights,
): tf.Tensor2D {
  const gpu = webgpuKernels();
  if (gpu?.fitsBlockCached(x.shape[1])) {
    cache.expectRoom(places);
    return gpu.blockCached(x, cache.keys, cache.values, places, heads, weights, LAYER_NORM_EPSILON);
  }
  const kernels = wasmKernels();
  if (kernels) return wasmBlockCached(kernels, x, cache, places, heads, weights, LAYER_NORM_EPSILON);
  return blockCachedOfOperations(x, cache, places, heads, weights);
}

/** {@link blockCached} of this folder's neighbours. */
export function blockCachedOfOperations(
  x: tf.Tensor2D,
  cache: KeyValueCache,
  places: Places,
  heads: number,
  { norm1, qkv, projection, norm2, up, down }: BlockWeights,
): tf.Tensor2D {
  const normed = layerNorm(x, norm1.gain, norm1.bias);
  const attended = attendCached(linear(normed, qkv.weight, qkv.bias), cache, places, heads);
  const middle = linear(attended, projection.weight, projection.bias, 'none', x);
  const hidden = linear(layerNorm(middle, norm2.gain, norm2.bias), up.weight, up.bias, 'gelu');
  return linear(hidden, down.weight, down.bias, 'none', middle);
}
