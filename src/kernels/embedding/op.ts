// B rows, T positions in a row, D width, V tokens in the vocabulary, P learned positions
import * as tf from '@tensorflow/tfjs-core';
import { asOperand, matmul } from '../shared/matmul.ts';
import { oneHot } from '../shared/oneHot.ts';
import { differentiable, expectIndices, expectShape, output, pointer, wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';

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
  const [B, T] = tokens.shape;
  const [V, D] = wte.shape;
  const P = wpe.shape[0];
  expectIndices('tokens', tokens);
  expectIndices('offsets', offsets);
  expectShape('offsets', offsets, [B]);
  expectShape('wpe', wpe, [P, D]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.embedding(tokens, offsets, wte, wpe);
  const kernels = wasmKernels();
  if (!kernels) return composedEmbedding(tokens, offsets, wte, wpe);
  return differentiable([wte, wpe], () => {
    const y = output<tf.Tensor3D>([B, T, D]);
    const ids = [pointer(tokens), pointer(offsets)] as const;
    kernels.embeddingForward(...ids, pointer(wte), pointer(wpe), B, T, D, V, P, pointer(y));
    const gradients = (dy: tf.Tensor, [t, o]: tf.Tensor[]) => {
      const dwte = output(wte.shape);
      const dwpe = output(wpe.shape);
      const from = [pointer(t), pointer(o), pointer(dy)] as const;
      kernels.embeddingBackward(...from, B, T, D, V, P, pointer(dwte), pointer(dwpe));
      return [dwte, dwpe];
    };
    return { value: y, saved: [tokens, offsets], gradients };
  });
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
      matmul(oneHot(tf.reshape(ids, [B * T]), table.shape[0]), asOperand(table));
    return tf.reshape<tf.Rank.R3>(tf.add(lookUp(tokens, wte), lookUp(positions, wpe)), [B, T, D]);
  });
}
