/**
 * Errors of the graphics device. TensorFlow.js goes on after them and returns zeros: a shader that does not compile takes
 * all commands with it that are submitted together. Here reading a tensor fails instead.
 */
import type { WebGPUBackend } from './backend.ts';

const errors: string[] = [];
const lostDevices = new WeakSet<GPUDevice>();

/** Messages of errors that the GPU reported without an exception since the start, oldest first. */
export function deviceErrors(): readonly string[] {
  return errors;
}

/** Whether the device of a backend is gone. */
export const isLost = (backend: object): boolean => lostDevices.has((backend as WebGPUBackend).device);

/** The graphics device reported an error that makes its numbers worthless. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

/** The graphics device is gone: its tensors are lost, and another device has to be asked for. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** Makes every read from the backend throw DeviceError after an error, DeviceLostError after the device was lost. */
export function watchDevice(gpu: WebGPUBackend): void {
  let broken: string | undefined;
  let lost: string | undefined;
  gpu.device.addEventListener('uncapturederror', ({ error }) => {
    errors.push(error.message);
    broken ??= error.message;
  });
  void gpu.device.lost.then(({ message }) => {
    lost = message || 'no reason given';
    lostDevices.add(gpu.device);
  });
  const { read } = gpu;
  gpu.read = async (id) => {
    try {
      const values = await read.call(gpu, id);
      if (broken === undefined && lost === undefined) return values;
    } catch (error) {
      await Promise.resolve(); // the news of the loss may be one turn behind
      if (broken === undefined && lost === undefined) throw error;
    }
    if (lost !== undefined) throw new DeviceLostError(`the graphics device was lost: ${lost}`);
    throw new DeviceError(`the graphics device reported an error: ${broken}`);
  };
}
