import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

const BAND = 64; // bytes before and after every allocation
const MARK = 0xa5;

interface Heap {
  HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
  _free: (pointer: number) => void;
}

/**
 * Puts a marked band before and after every tensor and scratch area that is allocated from now on in the memory of the
 * WASM backend. The returned function fails the test if any band was written to.
 */
export function guardAllocations(): () => void {
  tf.scalar(0).dispose(); // Emscripten replaces its allocator at the first call
  const heap = (tf.backend() as unknown as { wasm: Heap }).wasm;
  const { _malloc: malloc, _free: free } = heap;
  const live = new Map<number, number>();
  const broken: string[] = [];

  const check = (pointer: number) => {
    const size = live.get(pointer) as number;
    const before = heap.HEAPU8.subarray(pointer - BAND, pointer);
    const after = heap.HEAPU8.subarray(pointer + size, pointer + size + BAND);
    if (before.some((byte) => byte !== MARK)) broken.push(`before ${size} bytes`);
    if (after.some((byte) => byte !== MARK)) broken.push(`after ${size} bytes`);
  };
  heap._malloc = (size) => {
    const pointer = malloc(size + 2 * BAND) + BAND;
    heap.HEAPU8.fill(MARK, pointer - BAND, pointer + size + BAND);
    live.set(pointer, size);
    return pointer;
  };
  heap._free = (pointer) => {
    if (!live.has(pointer)) return free(pointer);
    check(pointer);
    live.delete(pointer);
    free(pointer - BAND);
  };
  return () => {
    for (const pointer of live.keys()) check(pointer);
    expect(broken).toEqual([]);
  };
}
