import { expect, test } from 'vitest';
import { probe } from './harness.ts';
import type wasm from './wasm.probe.ts';

test('WASM, TensorFlow.js’s and our own, runs in a module worker below a sub-path', async () => {
  const { name, product, normed } = await probe<typeof wasm>('wasm');
  expect(name).toBe('wasm');
  expect(product).toEqual([33, 45, 86, 118]);
  [3, 10, 3, 10].forEach((expected, i) => expect(normed[i]).toBeCloseTo(expected, 4));
});
