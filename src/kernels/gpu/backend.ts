/**
 * What of TensorFlow.js's WebGPU backend the kernels rely on. Dispatches are recorded into the backend's own compute
 * pass, so that they keep their order among its operations and are submitted with them.
 */
import * as tf from '@tensorflow/tfjs-core';

/** The data of one tensor as the backend keeps it. */
export interface TensorData {
  /** a copy on the CPU, or null */
  values: tf.BackendValues | null;
  dtype: tf.DataType;
  shape: number[];
  refCount: number;
  resource: GPUBuffer | null;
  /** the backend does not own the buffer */
  external?: boolean;
}

export interface WebGPUBackend extends tf.KernelBackend {
  device: GPUDevice;
  bufferManager: {
    acquireBuffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
  };
  tensorMap: {
    get(id: object): TensorData;
    has(id: object): boolean;
    set(id: object, data: TensorData): void;
  };
  /** data that recorded commands use: it is freed after they are submitted */
  commandQueueOwnedIds: WeakSet<object>;
  commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  nextDataId(): number;
  uploadToGPU(id: object): void;
  tensorToBinding(tensor: tf.TensorInfo): GPUBufferBinding;
  makeUniforms(values: { type: 'uint32' | 'int32' | 'float32'; data: number[] }[]): GPUBufferBinding;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  releaseResource(id: object): void;
}

/** The active backend, which must be WebGPU. */
export const backend = (): WebGPUBackend => tf.backend() as unknown as WebGPUBackend;

/** A tensor whose elements are whatever the memory held. */
export function output<T extends tf.Tensor>(
  shape: readonly number[],
  dtype: 'float32' | 'int32' = 'float32',
): T {
  return tf.engine().makeTensorFromTensorInfo(backend().makeTensorInfo([...shape], dtype)) as T;
}
