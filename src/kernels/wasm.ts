/**
 * The kernels' WASM module inside the memory of TensorFlow.js's WASM backend: linking, pointers, outputs, scratch.
 * The heap moves when it grows, so nothing here keeps a view of it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from './build/kernels.ts';
import { coming } from './files.ts';

/** What of TensorFlow.js's WASM backend the kernels rely on. */
interface WasmBackend {
  wasm: {
    asm?: { memory?: WebAssembly.Memory };
    wasmMemory?: WebAssembly.Memory;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
  };
  dataIdMap: { get(id: object): { memoryOffset: number; refCount: number } };
  incRef(id: object): void;
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
}

interface Linked {
  backend: WasmBackend;
  build: 'simd' | 'relaxed';
  kernels: Kernels;
  memory: WebAssembly.Memory;
  /** where lists for kernels are written */
  lists: number;
  scratch: number;
  scratchBytes: number;
}

/** Entries that `writeList` has room for. */
const LONGEST_LIST = 512;

let linked: Linked | undefined;

/**
 * Instantiates the kernels in the memory of the active backend, which must be WASM; once, unless the other build is asked
 * for.
 * @param relaxed takes the build with relaxed SIMD where the host reads it
 * @returns whether it is that build
 */
export async function linkKernels(relaxed: boolean): Promise<boolean> {
  const backend = tf.backend() as unknown as WasmBackend;
  const build = relaxed && readsRelaxed() ? 'relaxed' : 'simd';
  if (linked?.backend === backend && linked.build === build) return build === 'relaxed';
  const memory = backend.wasm.asm?.memory ?? backend.wasm.wasmMemory;
  if (!memory) throw new Error('the WASM backend of TensorFlow.js shows no memory');
  const { MODULE } = await coming<{ MODULE: string }>(
    build === 'relaxed' ? import('./build/relaxed.ts') : import('./build/simd.ts'),
  );
  const bytes = Uint8Array.from(atob(MODULE), (c) => c.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const kernels = instance.exports as unknown as Kernels;
  const room =
    linked?.backend === backend
      ? linked
      : { lists: backend.wasm._malloc(4 * LONGEST_LIST), scratch: 0, scratchBytes: 0 };
  linked = { ...room, backend, build, kernels, memory };
  shareOnIdentity();
  return build === 'relaxed';
}

/** Whether a function of one relaxed multiply-add is a valid module here. */
function readsRelaxed(): boolean {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const type = [1, 4, 1, 0x60, 0, 0]; // () → ()
  const functions = [3, 2, 1, 0];
  const local = [0x20, 0];
  const body = [1, 1, 0x7b, ...local, ...local, ...local, 0xfd, 0x85, 2, 0x1a, 0x0b]; // drop(relaxed_madd(v, v, v))
  const code = [10, body.length + 2, 1, body.length, ...body];
  return WebAssembly.validate(Uint8Array.from([...header, ...type, ...functions, ...code]));
}

/** The kernels, where the active backend is the one they are linked to; elsewhere the composed operations run. */
export function wasmKernels(): Kernels | undefined {
  return linked && tf.getBackend() === 'wasm' && (tf.backend() as unknown) === linked.backend
    ? linked.kernels
    : undefined;
}

/** Byte offset of a tensor's data. */
export function pointer(tensor: tf.TensorInfo): number {
  return link().backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** Whether other tensors share this one's data, so that a write in place would reach them. */
export function isShared(tensor: tf.TensorInfo): boolean {
  return link().backend.dataIdMap.get(tensor.dataId).refCount > 1;
}

/** A tensor whose elements are whatever the memory held. */
export function output<T extends tf.Tensor>(shape: number[], dtype: 'float32' | 'int32' = 'float32'): T {
  return tf.engine().makeTensorFromTensorInfo(link().backend.makeOutput(shape, dtype)) as T;
}

/** Room for at least this many floats, the same for all kernels and lost at the next call. */
export function scratch(floats: number): number {
  const room = link();
  if (4 * floats > room.scratchBytes) {
    const { wasm } = room.backend;
    if (room.scratch) wasm._free(room.scratch);
    room.scratchBytes = 8 * floats; // twice what is asked for: growing is rare
    room.scratch = wasm._malloc(room.scratchBytes);
    if (!room.scratch) throw new Error(`no memory for ${room.scratchBytes} bytes of scratch`);
  }
  return room.scratch;
}

/**
 * Writes addresses and sizes one after the other, for kernels that take many; lost when overwritten.
 * @param from place of the first in the list
 * @param entries tensors stand for the addresses of their data
 * @returns byte offset of the first
 */
export function writeList(from: number, entries: readonly (tf.TensorInfo | number)[]): number {
  const { memory, lists } = link();
  if (from + entries.length > LONGEST_LIST)
    throw new RangeError(`a list of more than ${LONGEST_LIST} entries`);
  const numbers = entries.map((entry) => (typeof entry === 'number' ? entry : pointer(entry)));
  new Uint32Array(memory.buffer, lists, LONGEST_LIST).set(numbers, from);
  return lists + 4 * from;
}

/** Whether operations are recorded for a gradient; if not, nothing need be computed for it. */
export function isRecording(): boolean {
  return tf.engine().state.gradientDepth > 0;
}

/**
 * An operation with its own gradient.
 * @param inputs what gradients flow to, in the order of `gradients`' result
 * @param forward computes the value; `saved` are the tensors that `gradients` is given after the output's gradient
 */
export function differentiable<T extends tf.Tensor>(
  inputs: tf.Tensor[],
  forward: () => {
    value: T;
    saved: tf.Tensor[];
    gradients: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
  },
): T {
  const operation = tf.customGrad((...all: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const { value, saved, gradients } = forward();
    (all[inputs.length] as tf.GradSaveFunc)(saved);
    return { value, gradFunc: gradients };
  });
  return operation(...inputs);
}

/** @throws RangeError unless the tensor has this shape: a kernel would read beyond it. */
export function expectShape(name: string, tensor: tf.Tensor, shape: readonly number[]): void {
  if (tensor.shape.length !== shape.length || shape.some((size, axis) => size !== tensor.shape[axis]))
    throw new RangeError(`${name} has shape [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`);
}

/** @throws TypeError unless the tensor holds int32: a kernel would read floats as indices. */
export function expectIndices(name: string, tensor: tf.Tensor): void {
  if (tensor.dtype !== 'int32') throw new TypeError(`${name} must be int32, not ${tensor.dtype}`);
}

function link(): Linked {
  if (!linked) throw new Error('the kernels are not linked: await chooseBackend first');
  return linked;
}

/** TensorFlow.js's WASM Identity copies, and every tensor saved for a gradient passes through it: share instead. */
function shareOnIdentity(): void {
  tf.unregisterKernel('Identity', 'wasm');
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
      (backend as unknown as WasmBackend).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}
