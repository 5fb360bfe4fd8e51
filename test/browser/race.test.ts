import { expect, test } from 'vitest';
import { probe } from './harness.ts';
import type race from './race.probe.ts';

test('a WebGPU that is imitated loses the race, which is remembered, and runs all the same where it is asked for', async () => {
  const { ran, left, remembered, active, forced } = await probe<typeof race>('race');
  expect(ran!.wasm).toBeGreaterThan(0);
  expect(ran!.webgpu).toBeGreaterThan(ran!.wasm);
  expect(left).toBe(0);
  expect(remembered.race).toEqual(ran);
  expect(remembered.backend.name).toBe('wasm');
  expect(remembered.backend.reason).toMatch(
    /^It runs the model \d+(\.\d)? times as fast as this device’s WebGPU\.$/,
  );
  expect(active).toBe('wasm');
  expect(forced.backend.name).toBe('webgpu');
  expect(forced.race).toBeUndefined();
}, 240_000);
