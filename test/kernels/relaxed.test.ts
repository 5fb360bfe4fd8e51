import { setFlagsFromString } from 'node:v8';
import { describe, expect, vi } from 'vitest';
import type * as kernels from '../../src/kernels/index.ts';

// Every test of a kernel once more, on the build with relaxed SIMD. Node 20 reads it only when told to.

setFlagsFromString('--experimental-wasm-relaxed-simd');

vi.mock('../../src/kernels/index.ts', async (original) => {
  const all = await original<typeof kernels>();
  const chooseBackend: typeof kernels.chooseBackend = async (wish, host) => {
    const chosen = await all.chooseBackend(wish, { ...host, relaxed: true });
    expect(chosen.relaxed).toBe(chosen.name === 'wasm');
    return chosen;
  };
  return { ...all, chooseBackend };
});

describe.each(['ops', 'block', 'decode', 'large', 'optimizer'])('relaxed: %s', async (name) => {
  await import(`./${name}.test.ts`);
});
