/**
 * Tensors that are views into one buffer, so that one dispatch reaches all parameters of a model. A parameter's gradient
 * is written to the same place of a buffer of gradients. TensorFlow.js's own operations work on views.
 */
import * as tf from '@tensorflow/tfjs-core';
import { backend, output, type WebGPUBackend } from './backend.ts';

interface View {
  /** data of the whole buffer; it lives as long as a view of it */
  whole: object;
  /** bytes */
  offset: number;
  size: number;
}

/** Places in a buffer, in floats. */
interface Layout {
  offsets: number[];
  total: number;
}

/** Floats to which a binding's offset is aligned (256 bytes). */
const ALIGNMENT = 64;

/** A buffer of gradients, and by offset the view that was last made at each place. */
interface Gradients {
  whole: object;
  places: Map<number, object>;
}

const views = new WeakMap<object, View>();
/** the buffer of gradients that was last begun, by the buffer of parameters */
const gradients = new WeakMap<object, Gradients>();

/** Teaches the backend to bind, read and free views. */
export function allowViews(gpu: WebGPUBackend): void {
  const { tensorToBinding, read, readSync, releaseResource } = gpu;
  gpu.tensorToBinding = (tensor) => {
    const view = views.get(tensor.dataId);
    const binding = tensorToBinding.call(gpu, tensor);
    return view ? { ...binding, offset: view.offset, size: view.size } : binding;
  };
  gpu.read = async (id) => {
    const view = views.get(id);
    if (!view) return read.call(gpu, id);
    const copy = wholeOf(view.size / 4);
    copyInto(gpu, copy, 0, id, view.size);
    const values = await read.call(gpu, copy);
    gpu.disposeData(copy);
    return values;
  };
  gpu.readSync = (id) => {
    if (views.has(id)) throw new Error('a view of a flat buffer can only be read with data()');
    return readSync.call(gpu, id);
  };
  gpu.releaseResource = (id) => {
    const view = views.get(id);
    views.delete(id);
    releaseResource.call(gpu, id);
    if (view) gpu.disposeData(view.whole);
  };
}

/**
 * Moves variables into one buffer, in their order, unless they are there already.
 * @returns the whole buffer as a tensor's data, which lives as long as the variables do
 */
export function flatten(variables: readonly tf.Variable[]): tf.TensorInfo {
  const gpu = backend();
  const { offsets, total } = layoutOf(variables);
  const first = views.get(variables[0].dataId);
  const isFlat = variables.every(({ dataId }, i) => {
    const view = views.get(dataId);
    return view && view.whole === first?.whole && view.offset === 4 * offsets[i];
  });
  if (first && isFlat) return infoOf(first.whole, total);
  const whole = wholeOf(total);
  variables.forEach((variable, i) => {
    copyInto(gpu, whole, 4 * offsets[i], variable.dataId, 4 * variable.size);
    const view = viewOf(whole, 4 * offsets[i], variable.shape);
    variable.assign(view);
    view.dispose();
  });
  gpu.disposeData(whole); // the views hold it
  return infoOf(whole, total);
}

/**
 * Room for a parameter's gradient: its place in the buffer of gradients, where the parameter is flat and no other gradient
 * lives there.
 */
export function gradientOf<T extends tf.Tensor>(parameter: T): T {
  const at = views.get(parameter.dataId);
  if (!at) return output<T>(parameter.shape);
  const gpu = backend();
  const known = gradients.get(at.whole);
  const begun = known && isLive(known.whole) ? known : undefined;
  if (isLive(begun?.places.get(at.offset))) return output<T>(parameter.shape);
  const { whole, places } = begun ?? { whole: wholeOf(sizeOf(at.whole)), places: new Map<number, object>() };
  const view = viewOf(whole, at.offset, parameter.shape) as T;
  places.set(at.offset, view.dataId);
  if (!begun) {
    gradients.set(at.whole, { whole, places });
    gpu.disposeData(whole); // the view holds it
  }
  return view;
}

/**
 * Brings gradients into one buffer, in their order; most are there already.
 * @param parameters what {@link flatten} returned for their parameters
 * @returns the whole buffer; dispose of its data after its use is recorded
 */
export function gather(tensors: readonly tf.Tensor[], parameters: tf.TensorInfo): tf.TensorInfo {
  const gpu = backend();
  const { offsets, total } = layoutOf(tensors);
  const known = gradients.get(parameters.dataId);
  const isPlaced = ({ dataId }: tf.Tensor, i: number) => {
    const view = views.get(dataId);
    return view !== undefined && view.whole === known?.whole && view.offset === 4 * offsets[i];
  };
  const fits = (tensor: tf.Tensor, i: number) =>
    isPlaced(tensor, i) || !isLive(known?.places.get(4 * offsets[i]));
  const begun = known && isLive(known.whole) && tensors.every(fits);
  const whole = begun ? known.whole : wholeOf(total);
  if (begun) gpu.tensorMap.get(whole).refCount++;
  tensors.forEach((tensor, i) => {
    if (!begun || !isPlaced(tensor, i)) copyInto(gpu, whole, 4 * offsets[i], tensor.dataId, 4 * tensor.size);
  });
  return infoOf(whole, total);
}

/** Floats that tensors take side by side. */
export const floatsOf = (tensors: readonly tf.Tensor[]): number => layoutOf(tensors).total;

/** Whether some tensor still uses this data; it may wait for its commands to be submitted without being used. */
function isLive(dataId: object | undefined): boolean {
  const { tensorMap } = backend();
  return dataId !== undefined && tensorMap.has(dataId) && tensorMap.get(dataId).refCount > 0;
}

function layoutOf(tensors: readonly tf.Tensor[]): Layout {
  let total = 0;
  const offsets = tensors.map(({ size }) => {
    const offset = total;
    total += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    return offset;
  });
  return { offsets, total };
}

const infoOf = (dataId: object, size: number): tf.TensorInfo => ({ dataId, shape: [size], dtype: 'float32' });

const sizeOf = (whole: object): number => backend().tensorMap.get(whole).shape[0];

/** Data of so many floats, all 0: what lies between views must not count in a norm. */
function wholeOf(floats: number): object {
  const gpu = backend();
  const { dataId } = gpu.makeTensorInfo([floats], 'float32');
  gpu.uploadToGPU(dataId);
  gpu.ensureCommandEncoderReady();
  gpu.endComputePassEncoder();
  gpu.commandEncoder.clearBuffer(gpu.tensorMap.get(dataId).resource as GPUBuffer);
  gpu.commandQueueOwnedIds.add(dataId);
  return dataId;
}

function viewOf(whole: object, offset: number, shape: number[]): tf.Tensor {
  const gpu = backend();
  const data = gpu.tensorMap.get(whole);
  data.refCount++;
  const dataId = { id: gpu.nextDataId() };
  const { resource } = data;
  gpu.tensorMap.set(dataId, { values: null, dtype: 'float32', shape, refCount: 1, resource, external: true });
  views.set(dataId, { whole, offset, size: 4 * shape.reduce((product, n) => product * n, 1) });
  return tf.engine().makeTensorFromDataId(dataId, shape, 'float32', gpu);
}

function copyInto(gpu: WebGPUBackend, whole: object, offset: number, from: object, bytes: number): void {
  gpu.uploadToGPU(from);
  const source = gpu.tensorToBinding(infoOf(from, bytes / 4));
  gpu.ensureCommandEncoderReady();
  gpu.endComputePassEncoder();
  const target = gpu.tensorMap.get(whole).resource as GPUBuffer;
  gpu.commandEncoder.copyBufferToBuffer(source.buffer, source.offset ?? 0, target, offset, bytes);
  gpu.commandQueueOwnedIds.add(from).add(whole);
}
