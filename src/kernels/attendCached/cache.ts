// B rows, P positions, T new positions, D width
import * as tf from '@tensorflow/tfjs-core';
import { expectShape, output, pointer, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';

/**
 * Keys and values of one block for decoding, [B, P, D] each. With kernels new positions are written in place; elsewhere the
 * two tensors are replaced, so read `keys` and `values` afresh after every write. The owner disposes of it.
 */
export class KeyValueCache {
  keys: tf.Tensor3D;
  values: tf.Tensor3D;

  /** An empty cache, to be filled from position 0 on, or one of the given tensors. */
  constructor(
    B: number,
    P: number,
    D: number,
    keys = tf.zeros<tf.Rank.R3>([B, P, D]),
    values = tf.zeros<tf.Rank.R3>([B, P, D]),
  ) {
    this.keys = tf.keep(keys);
    this.values = tf.keep(values);
  }

  /**
   * Writes the keys and values of positions t … t + T − 1.
   * @param qkv [B, T, 3D] or, for one position, [B, 3D]
   */
  write(qkv: tf.Tensor3D | tf.Tensor2D, t: number): void {
    const [B, P, D] = this.keys.shape;
    const T = qkv.rank === 2 ? 1 : qkv.shape[1];
    this.expectRoom(t, T);
    const kernels = wasmKernels();
    const gpu = webgpuKernels();
    if (kernels || gpu) expectShape('qkv', qkv, qkv.rank === 2 ? [B, 3 * D] : [B, T, 3 * D]);
    if (gpu) return gpu.writeCache(qkv, T, t, this.keys, this.values);
    if (kernels) {
      kernels.cacheWrite(pointer(qkv), B, T, P, D, t, pointer(this.keys), pointer(this.values));
      return;
    }
    const rows = tf.reshape<tf.Rank.R3>(qkv, [B, T, 3 * D]);
    this.keys = this.replaced(this.keys, rows, D, t);
    this.values = this.replaced(this.values, rows, 2 * D, t);
    rows.dispose();
  }

  /**
   * A cache of some of the rows, in the given order; a row may come more than once.
   * @param t positions that are held so far; what follows them need not be the same
   */
  select(rows: readonly number[], t: number): KeyValueCache {
    const [B, P, D] = this.keys.shape;
    if (rows.some((row) => row < 0 || row >= B)) throw new RangeError(`a row outside a cache of ${B}`);
    if (t < 0 || t > P) throw new RangeError(`a cache of ${P} positions does not hold ${t}`);
    const [keys, values] = tf.tidy((): [tf.Tensor3D, tf.Tensor3D] => {
      const chosen = tf.tensor1d([...rows], 'int32');
      const kernels = wasmKernels();
      const pick = (all: tf.Tensor3D): tf.Tensor3D => {
        if (!kernels) return tf.gather(all, chosen);
        const some = output<tf.Tensor3D>([rows.length, P, D]);
        kernels.cacheSelect(pointer(all), pointer(chosen), rows.length, P, D, t, pointer(some));
        return some;
      };
      return [pick(this.keys), pick(this.values)];
    });
    return new KeyValueCache(rows.length, P, D, keys, values);
  }

  /** @throws RangeError unless positions t … t + T − 1 are in the cache */
  expectRoom(t: number, T: number): void {
    const P = this.keys.shape[1];
    if (t < 0 || t + T > P)
      throw new RangeError(`positions ${t} to ${t + T - 1} are outside a cache of ${P}`);
  }

  dispose(): void {
    this.keys.dispose();
    this.values.dispose();
  }

  private replaced(old: tf.Tensor3D, qkv: tf.Tensor3D, channel: number, t: number): tf.Tensor3D {
    const [B, P, D] = old.shape;
    const T = qkv.shape[1];
    const next = tf.tidy(() => {
      const fresh = tf.slice(qkv, [0, 0, channel], [B, T, D]);
      const parts = [
        tf.slice(old, [0, 0, 0], [B, t, D]),
        fresh,
        tf.slice(old, [0, t + T, 0], [B, P - t - T, D]),
      ];
      return tf.keep(
        tf.concat(
          parts.filter((part) => part.shape[1] > 0),
          1,
        ),
      );
    });
    old.dispose();
    return next;
  }
}
