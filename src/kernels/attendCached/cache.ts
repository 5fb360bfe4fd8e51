// R rows, P positions, D width, B texts
import * as tf from '@tensorflow/tfjs-core';
import { output, pointer, wasmKernels } from '../wasm.ts';
import type { Places } from './places.ts';

/**
 * Keys and values of one block for decoding, [R, P, D] each. With kernels new positions are written in place; elsewhere the
 * two tensors are replaced, so read `keys` and `values` afresh after every write. The owner disposes of it.
 */
export class KeyValueCache {
  keys: tf.Tensor3D;
  values: tf.Tensor3D;

  /** An empty cache, to be filled from position 0 on, or one of the given tensors. */
  constructor(
    R: number,
    P: number,
    D: number,
    keys = tf.zeros<tf.Rank.R3>([R, P, D]),
    values = tf.zeros<tf.Rank.R3>([R, P, D]),
  ) {
    this.keys = tf.keep(keys);
    this.values = tf.keep(values);
  }

  /** Puts new tensors in place of the two, with the keys and values, [B, D] each, of newest tokens in them. */
  replace(keys: tf.Tensor2D, values: tf.Tensor2D, { tensor }: Places): void {
    const next = (old: tf.Tensor3D, fresh: tf.Tensor2D) => {
      const updated = tf.keep(tf.tensorScatterUpdate<tf.Rank.R3>(old, tensor, fresh));
      old.dispose();
      return updated;
    };
    this.keys = next(this.keys, keys);
    this.values = next(this.values, values);
  }

  /**
   * A cache of some of the rows, in the given order; a row may come more than once.
   * @param t positions that are held so far; what follows them need not be the same
   */
  select(rows: readonly number[], t: number): KeyValueCache {
    const [R, P, D] = this.keys.shape;
    if (rows.some((row) => row < 0 || row >= R)) throw new RangeError(`a row outside a cache of ${R}`);
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

  /** @throws RangeError where a place is outside the cache */
  expectRoom({ rows, positions }: Places): void {
    const [R, P] = this.keys.shape;
    for (const [b, row] of rows.entries()) {
      if (row < 0 || row >= R) throw new RangeError(`row ${row} is outside a cache of ${R}`);
      const t = positions[b];
      if (t < 0 || t >= P) throw new RangeError(`position ${t} is outside a cache of ${P}`);
    }
  }

  dispose(): void {
    this.keys.dispose();
    this.values.dispose();
  }
}
