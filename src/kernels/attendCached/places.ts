// B texts
import * as tf from '@tensorflow/tfjs-core';

/** Where the newest token of each text stands, when texts of many lengths are decoded together. */
export interface Places {
  /** [B]: the text's row in the caches; no two are the same */
  rows: readonly number[];
  /** [B]: the position of its newest token */
  positions: readonly number[];
  /** both for kernels, int32 [B, 2] */
  tensor: tf.Tensor2D;
}

/** Call inside tf.tidy. */
export function placesOf(rows: readonly number[], positions: readonly number[]): Places {
  const pairs = Int32Array.from({ length: 2 * rows.length }, (_, i) => (i % 2 ? positions : rows)[i >> 1]);
  return { rows, positions, tensor: tf.tensor2d(pairs, [rows.length, 2], 'int32') };
}
