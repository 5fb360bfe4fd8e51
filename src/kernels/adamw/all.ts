import * as tf from '@tensorflow/tfjs-core';
import { squaredNorm } from '../squaredNorm/op.ts';
import { wasmKernels } from '../wasm.ts';
import { webgpuKernels } from '../webgpu.ts';
import type { Moving, WholeStep } from './moving.ts';
import { adamw } from './op.ts';
import { adamwAll as wasmAdamwAll } from './wasm.ts';

/**
 * One step of {@link adamw} over all parameters in place, with the gradient clipped by its norm over all of them.
 * @returns the squared norm before clipping; where it is not finite nothing was changed
 */
export function adamwAll(moving: readonly Moving[], { clip, decay, ...options }: WholeStep): tf.Scalar {
  const gpu = webgpuKernels();
  if (gpu) return gpu.adamwAll(moving, { clip, decay, ...options });
  const kernels = wasmKernels();
  if (kernels) return wasmAdamwAll(kernels, moving, { clip, decay, ...options });
  const square = squaredNorm(moving.map(({ gradient }) => gradient));
  const norm = Math.sqrt(square.dataSync()[0]);
  if (!Number.isFinite(norm)) return square;
  const scale = norm > clip ? clip / norm : 1;
  tf.tidy(() => {
    for (const { parameter, gradient, m, v, decays } of moving)
      adamw(parameter, gradient, m, v, { ...options, scale, decay: decays ? decay : 0 });
  });
  return square;
}
