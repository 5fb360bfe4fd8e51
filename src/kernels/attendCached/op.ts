// B texts, R rows and P positions in the cache, H heads, d head size, D = H·d width
import * as tf from '@tensorflow/tfjs-core';
import { expectShape, output, pointer, scratch, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import type { KeyValueCache } from './cache.ts';
import type { Places } from './places.ts';

/**
 * Attention of each text's newest token for decoding: writes its key and value to the cache and reads its row up to there.
 * No gradient.
 * @param qkv [B, 3D]
 * @param cache holds what comes before each place; the place is written
 * @param heads H, a divisor of D
 * @returns [B, D]
 * @throws RangeError if a place is outside the cache, or the heads do not divide D
 */
export function attendCached(
  qkv: tf.Tensor2D,
  cache: KeyValueCache,
  places: Places,
  heads: number,
): tf.Tensor2D {
  const [, P, D] = cache.keys.shape;
  const B = places.rows.length;
  if (D % heads) throw new RangeError(`${heads} heads do not divide ${D} channels`);
  cache.expectRoom(places);
  expectShape('qkv', qkv, [B, 3 * D]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.attendCached(qkv, cache.keys, cache.values, places, heads);
  const kernels = wasmKernels();
  if (!kernels) return composedAttendCached(qkv, cache, places, heads);
  const y = output<tf.Tensor2D>([B, D]);
  const from = [qkv, cache.keys, cache.values, places.tensor].map(pointer) as [
    number,
    number,
    number,
    number,
  ];
  kernels.attendCachedForward(...from, B, P, heads, D / heads, pointer(y), scratch(4 * (P + 1)));
  return y;
}

/** {@link attendCached} of TensorFlow.js's own operations. */
export function composedAttendCached(
  qkv: tf.Tensor2D,
  cache: KeyValueCache,
  places: Places,
  heads: number,
): tf.Tensor2D {
  const [query, key, value] = tf.split<tf.Tensor2D>(qkv, 3, 1);
  cache.replace(key, value, places);
  tf.dispose([key, value]);
  return tf.tidy(() => {
    const [, P, D] = cache.keys.shape;
    const B = places.rows.length;
    const d = D / heads;
    const rows = tf.tensor1d([...places.rows], 'int32');
    const positions = tf.tensor2d([...places.positions], [B, 1], 'int32');
    const seen = (all: tf.Tensor3D) => tf.reshape(tf.gather(all, rows), [B, P, heads, d]);
    const q = tf.reshape(query, [B, 1, heads, d]);
    query.dispose();
    const scores = tf.mul(tf.sum(tf.mul(q, seen(cache.keys)), -1), 1 / Math.sqrt(d)); // (text, key, head)
    const isLater = tf.greater(tf.reshape(tf.range(0, P, 1, 'int32'), [1, P]), positions); // (text, key)
    const hidden = tf.mul(tf.cast(isLater, 'float32'), -1e9);
    const pattern = tf.softmax(tf.transpose(tf.add(scores, tf.reshape(hidden, [B, P, 1])), [0, 2, 1]));
    const weights = tf.reshape(tf.transpose(pattern, [0, 2, 1]), [B, P, heads, 1]);
    return tf.reshape<tf.Rank.R2>(tf.sum(tf.mul(weights, seen(cache.values)), 1), [B, D]);
  });
}
