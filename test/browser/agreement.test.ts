import { expect, test } from 'vitest';
import type agreement from './agreement.probe.ts';
import { probe } from './harness.ts';

/** How far two backends may differ, relative to the largest number of a list (float32 sums in another order). */
const TOLERANCE = 2e-4;

function distance(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  const largest = Math.max(...a.map(Math.abs), 1e-6);
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]))) / largest;
}

test('WebGPU and WASM agree: logits, texts, verdicts, gradients; neither leaks a tensor', async () => {
  const wasm = await probe<typeof agreement>('agreement', 'wasm');
  const webgpu = await probe<typeof agreement>('agreement', 'webgpu');
  expect([wasm.name, webgpu.name]).toEqual(['wasm', 'webgpu']);
  expect(webgpu.errors).toEqual([]);
  expect([wasm.leaked, webgpu.leaked]).toEqual([0, 0]);
  expect(webgpu.said).toEqual(wasm.said);
  expect(distance(wasm.logits, webgpu.logits)).toBeLessThan(TOLERANCE);
  expect(distance(wasm.logProbs, webgpu.logProbs)).toBeLessThan(TOLERANCE);
  expect(distance(wasm.scores, webgpu.scores)).toBeLessThan(TOLERANCE);
  expect(webgpu.loss).toBeCloseTo(wasm.loss, 4);
  for (const [name, gradient] of Object.entries(wasm.gradients))
    expect(distance(gradient, webgpu.gradients[name]), name).toBeLessThan(TOLERANCE);
}, 240_000);
