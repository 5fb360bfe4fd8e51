// B rows, T positions in a row, D width, V tokens in the vocabulary, P learned positions
import * as tf from '@tensorflow/tfjs-core';
import { asOperand, matmul } from '../shared/matmul.ts';

/**
 * Token and position embedding: y[b,t] = wte[tokens[b,t]] + wpe[offsets[b] + t].
 * @param tokens int32 [B, T]
 * @param offsets int32 [B], the position of each row's first token
 * @param wte [V, D]
 * @param wpe [P, D]
 * @returns [B, T, D]; a token or position outside its table counts as a row of zeros
 */
export function embedding(
  tokens: tf.Tensor2D,
  offsets: tf.Tensor1D,
  wte: tf.Tensor2D,
  wpe: tf.Tensor2D,
): tf.Tensor3D {
  return composedEmbedding(tokens, offsets, wte, wpe);
}

/** {@link embedding} of TensorFlow.js's own operations: one-hot products, because its gather has no gradient on WASM. */
export function composedEmbedding(
  tokens: tf.Tensor2D,
  offsets: tf.Tensor1D,
  wte: tf.Tensor2D,
  wpe: tf.Tensor2D,
): tf.Tensor3D {
  return tf.tidy(() => {
    const [B, T] = tokens.shape;
    const D = wte.shape[1];
    const positions = tf.add(tf.reshape(offsets, [B, 1]), tf.range(0, T, 1, 'int32')); // (row, position)
    const lookUp = (ids: tf.Tensor, table: tf.Tensor2D) =>
      matmul(tf.cast(tf.oneHot(tf.reshape(ids, [B * T]), table.shape[0]), 'float32'), asOperand(table));
    return tf.reshape(tf.add(lookUp(tokens, wte), lookUp(positions, wpe)), [B, T, D]) as tf.Tensor3D;
  });
}
