/** The kernels' WGSL programs inside TensorFlow.js's WebGPU backend. Their code is loaded only where WebGPU runs. */
import * as tf from '@tensorflow/tfjs-core';
import type * as Kernels from './gpu/kernels.ts';
import { isLost } from './gpu/watch.ts';
import { coming } from './files.ts';

const PRIORITY = 3; // as TensorFlow.js registers it

let linked: { backend: tf.KernelBackend; kernels: typeof Kernels } | undefined;

/**
 * Compiles the kernels for the active backend, which must be WebGPU.
 * @throws Error if the device refuses one
 */
export async function linkPrograms(): Promise<void> {
  const backend = tf.backend();
  if (linked?.backend === backend) return;
  const [kernels, { prepare }] = await coming(
    Promise.all([import('./gpu/kernels.ts'), import('./gpu/prepare.ts')]),
  );
  await prepare(kernels.PROGRAMS);
  linked = { backend, kernels };
}

/** The kernels, where the active backend is the one they were compiled for; elsewhere other operations run. */
export function webgpuKernels(): typeof Kernels | undefined {
  return linked && tf.getBackend() === 'webgpu' && tf.backend() === linked.backend
    ? linked.kernels
    : undefined;
}

/** Whether the kernels' graphics device is gone; news of it may be one turn of the event loop behind an error. */
export async function deviceWasLost(): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  return linked !== undefined && isLost(linked.backend);
}

/** Takes a backend whose device was lost out of TensorFlow.js, so that its next start asks for another device. */
export function dropLostBackend(): void {
  if (!linked || !isLost(linked.backend)) return;
  linked = undefined;
  const factory = tf.findBackendFactory('webgpu');
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', factory, PRIORITY);
}
