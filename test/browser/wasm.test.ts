import { expect, test } from 'vitest';
import { probe } from './harness.ts';
import type wasm from './wasm.probe.ts';

test('TensorFlow.js runs on WASM in a module worker below a sub-path', async () => {
  expect(await probe<typeof wasm>('wasm')).toEqual({ backend: 'wasm', product: [33, 45, 86, 118] });
});
