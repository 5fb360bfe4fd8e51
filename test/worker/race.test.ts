import { expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import type { Race } from '../../src/worker/protocol.ts';
import { startFastest, verdictOf, winnerOf } from '../../src/worker/race.ts';
import { SMALL, smallWeights } from '../values/small.ts';

// Which backends run is decided here: 'webgpu' stands for a real graphics adapter unless `adapter` is false.
let adapter = true;
vi.mock('../../src/kernels/index.ts', async (original) => {
  const all = await original<object>();
  const choose: typeof chooseBackend = (wish, { webgpuFault } = {}) =>
    Promise.resolve({
      name: wish === 'wasm' || !adapter || webgpuFault ? 'wasm' : 'webgpu',
      reason: webgpuFault ?? 'the usual one',
      relaxed: false,
    });
  return { ...all, chooseBackend: vi.fn(choose) };
});

const browser = (globalThis.navigator as Navigator | undefined)?.userAgent ?? '';
const race = (wasm: number, webgpu: number): Race => ({ wasm, webgpu, browser });
const none = () => Promise.resolve(null);
const small = Promise.resolve({ config: SMALL, weights: smallWeights() });

/** What WebGPU is found to do wrong. */
let fault: string | null = null;
vi.mock('../../src/worker/proof.ts', () => ({ webgpuFault: () => Promise.resolve(fault) }));

test('the faster wins; of equals the one that every browser has', () => {
  expect(winnerOf(race(3, 2))).toBe('webgpu');
  expect(winnerOf(race(2, 3))).toBe('wasm');
  expect(winnerOf(race(2, 2))).toBe('wasm');
  expect(verdictOf(race(3, 12.3))).toBe('It runs the model 4.1 times as fast as this device’s WebGPU.');
  expect(verdictOf(race(50, 2))).toBe('It runs the model 25 times as fast as WebAssembly.');
});

test('a remembered race is not run again', async () => {
  adapter = true;
  for (const [known, name] of [
    [race(8, 2), 'webgpu'],
    [race(2, 8), 'wasm'],
  ] as const) {
    const { backend, race: kept } = await startFastest(small, undefined, known, {}, none);
    expect(backend).toMatchObject({ name, reason: verdictOf(known) });
    expect(kept).toBe(known);
  }
});

test('without an adapter there is no race, and what WebGPU once won is not believed', async () => {
  adapter = false;
  expect(await startFastest(small, undefined, undefined, {}, none)).toEqual({
    backend: { name: 'wasm', reason: 'the usual one', relaxed: false },
  });
  const { backend } = await startFastest(small, undefined, race(8, 2), {}, none);
  expect(backend).toMatchObject({ name: 'wasm', reason: 'the usual one' });
});

test('a wish is granted whatever is remembered; a race of another browser does not count', async () => {
  adapter = true;
  expect((await startFastest(small, 'wasm', race(8, 2), {}, none)).backend.name).toBe('wasm');
  vi.mocked(chooseBackend).mockClear();
  const other = { ...race(2, 8), browser: 'another' };
  await startFastest(small, undefined, other, {}, none).catch(() => {}); // a race: there is no backend to run it on here
  const asked = vi.mocked(chooseBackend).mock.calls.map(([wish]) => wish);
  expect(asked.slice(0, 2)).toEqual([undefined, 'wasm']);
});

test('WebGPU that does not prove itself gives way, wished for or not, and is not remembered', async () => {
  adapter = true;
  fault = 'its logits are off by 3%';
  for (const [wish, known] of [
    [undefined, undefined],
    [undefined, race(8, 2)],
    ['webgpu', undefined],
  ] as const) {
    const started = await startFastest(small, wish, known, {}, none);
    expect(started).toEqual({ backend: { name: 'wasm', reason: fault, relaxed: false } });
  }
  fault = null;
  expect((await startFastest(small, 'webgpu', undefined, {}, none)).backend.name).toBe('webgpu');
});
