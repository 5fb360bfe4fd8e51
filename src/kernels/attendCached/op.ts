// B rows, P positions in the cache, H heads, d head size, D = H·d width
import * as tf from '@tensorflow/tfjs-core';
import { expectShape, output, pointer, scratch, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import type { KeyValueCache } from './cache.ts';

/**
 * Attention of the newest position for decoding: writes its key and value to the cache and reads positions from … t.
 * No gradient.
 * @param qkv [B, 3D], of position t
 * @param cache holds positions 0 … t − 1; position t is written
 * @param heads H, a divisor of D
 * @param from first position that is seen: the `<gist>`'s for a position after it
 * @returns [B, D]
 * @throws RangeError if t is outside the cache, from is after t, or the heads do not divide D
 */
export function attendCached(
  qkv: tf.Tensor2D,
  cache: KeyValueCache,
  t: number,
  heads: number,
  from = 0,
): tf.Tensor2D {
  const [B, P, D] = cache.keys.shape;
  if (D % heads) throw new RangeError(`${heads} heads do not divide ${D} channels`);
  if (from < 0 || from > t) throw new RangeError(`position ${t} cannot be read from position ${from} on`);
  const gpu = webgpuKernels();
  if (gpu) {
    cache.expectRoom(t, 1);
    expectShape('qkv', qkv, [B, 3 * D]);
    return gpu.attendCached(qkv, cache.keys, cache.values, t, heads, from);
  }
  const kernels = wasmKernels();
  if (!kernels) return composedAttendCached(qkv, cache, t, heads, from);
  cache.write(qkv, t);
  const y = output<tf.Tensor2D>([B, D]);
  const seen = [pointer(qkv), pointer(cache.keys), pointer(cache.values)] as const;
  kernels.attendCachedForward(...seen, B, P, heads, D / heads, t, from, pointer(y), scratch(4 * (P + 1)));
  return y;
}

/** {@link attendCached} of TensorFlow.js's own operations. */
export function composedAttendCached(
  qkv: tf.Tensor2D,
  cache: KeyValueCache,
  t: number,
  heads: number,
  from = 0,
): tf.Tensor2D {
  cache.write(qkv, t);
  return tf.tidy(() => {
    const B = qkv.shape[0];
    const D = qkv.shape[1] / 3;
    const d = D / heads;
    const length = t + 1 - from;
    const q = tf.reshape(tf.slice(qkv, [0, 0], [B, D]), [B, 1, heads, d]);
    const seen = (all: tf.Tensor3D) =>
      tf.reshape(tf.slice(all, [0, from, 0], [B, length, D]), [B, length, heads, d]);
    const scores = tf.mul(tf.sum(tf.mul(q, seen(cache.keys)), -1), 1 / Math.sqrt(d)); // (row, key, head)
    const pattern = tf.softmax(tf.transpose(scores, [0, 2, 1])); // (row, head, key)
    const weights = tf.reshape(tf.transpose(pattern, [0, 2, 1]), [B, length, heads, 1]);
    return tf.reshape<tf.Rank.R2>(tf.sum(tf.mul(weights, seen(cache.values)), 1), [B, D]);
  });
}
