// B rows, T positions, H heads, d head size, D = H·d width
import * as tf from '@tensorflow/tfjs-core';
import { matmul } from '../shared/matmul.ts';

/**
 * One third of qkv as heads.
 * @param qkv [B, T, 3D]
 * @param part 0 queries, 1 keys, 2 values
 * @returns [B, H, T, d]
 */
export function splitHeads(qkv: tf.Tensor3D, part: 0 | 1 | 2, heads: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [B, T, threeD] = qkv.shape;
    const D = threeD / 3;
    const third = tf.slice(qkv, [0, 0, part * D], [B, T, D]);
    return tf.transpose(tf.reshape<tf.Rank.R4>(third, [B, T, heads, D / heads]), [0, 2, 1, 3]);
  });
}

/**
 * 1 where a query may see a key, else 0.
 * @param gists int32 [B]
 * @returns [B, 1, T, T]: (row, 1, query, key)
 */
export function visible(gists: tf.Tensor1D, T: number): tf.Tensor4D {
  return tf.tidy(() => {
    const g = tf.reshape(gists, [-1, 1, 1, 1]);
    const query = tf.reshape(tf.range(0, T, 1, 'int32'), [1, 1, T, 1]);
    const key = tf.reshape(tf.range(0, T, 1, 'int32'), [1, 1, 1, T]);
    const reaches = tf.logicalOr(tf.lessEqual(query, g), tf.greaterEqual(key, g));
    return tf.cast<tf.Tensor4D>(tf.logicalAnd(tf.lessEqual(key, query), reaches), 'float32');
  });
}

/**
 * Attention weights: softmax over the visible keys of q·k/√d.
 * @param qkv [B, T, 3D]
 * @param gists int32 [B]
 * @returns [B, H, T, T]: (row, head, query, key); rows sum to 1
 */
export function attentionPattern(qkv: tf.Tensor3D, gists: tf.Tensor1D, heads: number): tf.Tensor4D {
  return tf.tidy(() => {
    const q = splitHeads(qkv, 0, heads);
    const k = splitHeads(qkv, 1, heads);
    const scores = tf.mul(matmul(q, tf.transpose(k, [0, 1, 3, 2])), 1 / Math.sqrt(q.shape[3]));
    const mask = visible(gists, qkv.shape[1]);
    // A query always sees itself, so a large negative score leaves exactly nothing of a hidden key.
    return tf.softmax<tf.Tensor4D>(tf.add(tf.mul(scores, mask), tf.mul(tf.sub(mask, 1), 1e9)));
  });
}

/**
 * What the heads read with the given weights, heads side by side.
 * @param pattern [B, H, T, T]
 * @param qkv [B, T, 3D], of which only the values are used
 * @returns [B, T, D]
 */
export function attentionValues(pattern: tf.Tensor4D, qkv: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => {
    const [B, H, T] = pattern.shape;
    const read = matmul(pattern, splitHeads(qkv, 2, H)); // (row, head, query, channel)
    return tf.reshape<tf.Rank.R3>(tf.transpose(read, [0, 2, 1, 3]), [B, T, qkv.shape[2] / 3]);
  });
}
