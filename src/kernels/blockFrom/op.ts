// B texts, T positions, D channels, H heads
import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../attention/op.ts';
import type { BlockWeights } from '../block/weights.ts';
import { LAYER_NORM_EPSILON, layerNorm } from '../layerNorm/op.ts';
import { linear } from '../linear/op.ts';
import { wasmKernels } from '../wasm.ts';
import { blockFrom as wasmBlockFrom } from './wasm.ts';

/**
 * One transformer block at the positions from `from` on, where no earlier one is asked for, see `block`: of those only
 * what the others read of them is computed. No gradient.
 * @param x [B, T, D]
 * @param from from 0 to T − 1
 * @param gists int32 [B], see `attention`
 * @param heads a divisor of D
 * @returns [B, T − from, D]
 */
export function blockFrom(
  x: tf.Tensor3D,
  from: number,
  gists: tf.Tensor1D,
  heads: number,
  weights: BlockWeights,
): tf.Tensor3D {
  const T = x.shape[1];
  if (!Number.isInteger(from) || from < 0 || from >= T)
    throw new RangeError(`a text of ${T} positions has none from ${from} on`);
  const kernels = wasmKernels();
  if (kernels) return wasmBlockFrom(kernels, x, from, gists, heads, weights, LAYER_NORM_EPSILON);
  return blockFromOfOperations(x, from, gists, heads, weights);
}

/** {@link blockFrom} of this folder's neighbours. */
export function blockFromOfOperations(
  x: tf.Tensor3D,
  from: number,
  gists: tf.Tensor1D,
  heads: number,
  { norm1, qkv, projection, norm2, up, down }: BlockWeights,
): tf.Tensor3D {
  const asked = (all: tf.Tensor3D): tf.Tensor3D => tf.slice(all, [0, from, 0]);
  const heard = linear(layerNorm(x, norm1.gain, norm1.bias), qkv.weight, qkv.bias);
  const attended = asked(attention(heard, gists, heads));
  const middle = linear(attended, projection.weight, projection.bias, 'none', asked(x));
  const hidden = linear(layerNorm(middle, norm2.gain, norm2.bias), up.weight, up.bias, 'gelu');
  return linear(hidden, down.weight, down.bias, 'none', middle);
}
