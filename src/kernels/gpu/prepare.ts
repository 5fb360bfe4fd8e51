import { backend } from './backend.ts';
import { allowViews } from './flat.ts';
import { compile, type Program } from './program.ts';
import { watchDevice } from './watch.ts';

/**
 * Makes the active backend, which must be WebGPU, ready for the kernels: views, errors that are noticed, and programs
 * compiled ahead.
 * @throws Error if the device refuses one
 */
export async function prepare(programs: readonly Program[]): Promise<void> {
  const gpu = backend();
  allowViews(gpu);
  watchDevice(gpu);
  await compile(gpu.device, programs);
}
