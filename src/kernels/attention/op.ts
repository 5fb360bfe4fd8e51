// B rows, T positions, H heads, d head size, D = H·d width
import * as tf from '@tensorflow/tfjs-core';
import {
  differentiable,
  expectIndices,
  expectShape,
  isRecording,
  output,
  pointer,
  scratch,
  wasmKernels,
} from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import { attentionPattern, attentionValues } from './composed.ts';

/**
 * Multi-head attention with the gist mask: query q sees key k iff k ≤ q and (q ≤ g or k ≥ g) with g = gists[b], so
 * what follows `<gist>` reads the text before it only through `<gist>`.
 * @param qkv [B, T, 3D]: queries, keys and values, each a run of D channels, heads side by side
 * @param gists int32 [B], the position of each row's `<gist>`; T or more: none
 * @param heads H, a divisor of D; scores are scaled by 1/√(D/H)
 * @returns [B, T, D]
 */
export function attention(qkv: tf.Tensor3D, gists: tf.Tensor1D, heads: number): tf.Tensor3D {
  const [B, T, threeD] = qkv.shape;
  const d = threeD / 3 / heads;
  if (!Number.isInteger(d))
    throw new RangeError(`${heads} heads do not divide a third of ${threeD} channels`);
  expectIndices('gists', gists);
  expectShape('gists', gists, [B]);
  const gpu = webgpuKernels();
  if (gpu) return gpu.attention(qkv, gists, heads);
  const kernels = wasmKernels();
  if (!kernels) return composedAttention(qkv, gists, heads);
  return differentiable([qkv], () => {
    const y = output<tf.Tensor3D>([B, T, heads * d]);
    const S = (T + 3) & ~3;
    const pattern = isRecording() ? output([B, heads, S / 4, S, 4]) : undefined; // hidden keys are left as they are
    const room = scratch(kernels.attentionForwardScratch(T, d));
    const to = [pointer(y), pattern ? pointer(pattern) : 0, room] as const;
    kernels.attentionForward(pointer(qkv), pointer(gists), B, T, 0, heads, d, ...to);
    const gradients = (dy: tf.Tensor, [qkv, gists, pattern]: tf.Tensor[]) => {
      const dqkv = output(qkv.shape);
      const room = scratch(kernels.attentionBackwardScratch(T, d));
      const from = [pointer(qkv), pointer(gists), pointer(pattern), pointer(dy)] as const;
      kernels.attentionBackward(...from, B, T, heads, d, pointer(dqkv), room);
      return [dqkv];
    };
    return { value: y, saved: pattern ? [qkv, gists, pattern] : [], gradients };
  });
}

/** {@link attention} of TensorFlow.js's own operations. */
export function composedAttention(qkv: tf.Tensor3D, gists: tf.Tensor1D, heads: number): tf.Tensor3D {
  return tf.tidy(() => attentionValues(attentionPattern(qkv, gists, heads), qkv));
}
