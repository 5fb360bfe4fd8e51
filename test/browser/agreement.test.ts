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

test.each([
  { what: 'WASM with relaxed SIMD', args: { backend: 'wasm', relaxed: true } },
  { what: 'WebGPU', args: { backend: 'webgpu' } },
] as const)(
  '$what agrees with WASM: logits, texts, verdicts, gradients; neither leaks a tensor',
  async ({ args }) => {
    const wasm = await probe<typeof agreement>('agreement', { backend: 'wasm' });
    const other = await probe<typeof agreement>('agreement', args);
    expect([wasm.name, wasm.relaxed]).toEqual(['wasm', false]);
    expect([other.name, other.relaxed]).toEqual([args.backend, args.backend === 'wasm']);
    expect(other.errors).toEqual([]);
    expect([wasm.leaked, other.leaked]).toEqual([0, 0]);
    expect(other.said).toEqual(wasm.said);
    expect(distance(wasm.logits, other.logits)).toBeLessThan(TOLERANCE);
    expect(distance(wasm.logProbs, other.logProbs)).toBeLessThan(TOLERANCE);
    for (const { drawn, logProbs } of [wasm, other])
      expect(distance(logProbs, drawn)).toBeLessThan(TOLERANCE);
    expect(distance(wasm.scores, other.scores)).toBeLessThan(TOLERANCE);
    expect(other.loss).toBeCloseTo(wasm.loss, 4);
    for (const [name, gradient] of Object.entries(wasm.gradients))
      expect(distance(gradient, other.gradients[name]), name).toBeLessThan(TOLERANCE);
  },
  240_000,
);
