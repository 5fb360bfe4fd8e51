// B texts, T positions, D channels, H heads
import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../attention/op.ts';
import { LAYER_NORM_EPSILON, layerNorm } from '../layerNorm/op.ts';
import { linear } from '../linear/op.ts';
import { wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import { block as wasmBlock } from './wasm.ts';
import type { BlockWeights } from './weights.ts';

/** What may look at a block from inside, or replace what passes there. */
export interface Inside {
  /** what the heads read, before the projection: [B, T, D] */
  attended: (x: tf.Tensor3D) => tf.Tensor3D;
  /** the neurons after GELU: [B, T, 4D] */
  neurons: (x: tf.Tensor3D) => tf.Tensor3D;
}

/**
 * One transformer block of GPT-2, norms first: m = x + attention(norm x), y = m + MLP(norm m). Without a look inside it is
 * one operation on WebGPU and on WASM, whose backward pass keeps no second copy of the residual stream's gradient.
 * @param x [B, T, D]
 * @param gists int32 [B], see {@link attention}
 * @param heads a divisor of D
 * @param ends int32 [B], from 1 to T: what a text has from there on is read by nobody, and may be left out: zeros
 * @returns [B, T, D]
 */
export function block(
  x: tf.Tensor3D,
  gists: tf.Tensor1D,
  heads: number,
  weights: BlockWeights,
  inside?: Inside,
  ends?: tf.Tensor1D,
): tf.Tensor3D {
  const gpu = webgpuKernels();
  if (gpu && !inside) return gpu.block(x, gists, heads, weights, LAYER_NORM_EPSILON);
  const kernels = wasmKernels();
  if (kernels && !inside) return wasmBlock(kernels, x, gists, heads, weights, LAYER_NORM_EPSILON, ends);
  return blockOfOperations(x, gists, heads, weights, inside);
}

/** {@link block} of this folder's neighbours, each an operation with its own gradient. */
export function blockOfOperations(
  x: tf.Tensor3D,
  gists: tf.Tensor1D,
  heads: number,
  { norm1, qkv, projection, norm2, up, down }: BlockWeights,
  inside?: Inside,
): tf.Tensor3D {
  const look = (site: keyof Inside, seen: tf.Tensor3D) => (inside ? inside[site](seen) : seen);
  const normed = layerNorm(x, norm1.gain, norm1.bias);
  const attended = look('attended', attention(linear(normed, qkv.weight, qkv.bias), gists, heads));
  const middle = linear(attended, projection.weight, projection.bias, 'none', x);
  const hidden = linear(layerNorm(middle, norm2.gain, norm2.bias), up.weight, up.bias, 'gelu');
  return linear(look('neurons', hidden), down.weight, down.bias, 'none', middle);
}
