import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { pointer } from '../../src/kernels/wasm.ts';
import { guardAllocations } from './guards.ts';

test.each([
  ['after', 12],
  ['before', -1],
])('a byte written %s a tensor is noticed', async (_, offset) => {
  await chooseBackend('wasm');
  const check = guardAllocations();
  const tensor = tf.tensor1d([1, 2, 3]);
  check();
  const heap = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8;
  heap[pointer(tensor) + offset] = 0;
  expect(check).toThrow();
});
