import { expect, test } from 'vitest';
import type faults from './gpu-faults.probe.ts';
import { probe } from './harness.ts';

test('WebGPU: what a device computes after it refused a program cannot be read as numbers', async () => {
  const seen = await probe<typeof faults>('gpu-faults', 'refused');
  expect(seen.refused?.sound).toEqual([1, 1, 1]);
  expect(seen.refused?.failure).toBe('DeviceError');
  expect(seen.refused?.errors).toBeGreaterThan(0);
}, 240_000);

test('WebGPU: a run goes on in the same worker when its device is lost, and is the run that it would have been', async () => {
  const { whole, broken } = await probe<typeof faults>('gpu-faults', 'lost');
  expect([whole?.devices, broken?.devices]).toEqual([1, 3]);
  expect(whole?.run.backend).toBe('webgpu');
  expect(whole?.run.rows.map(([step]) => step)).toEqual([0, 1, 2]);
  expect(broken?.run).toEqual(whole?.run);
}, 600_000);
