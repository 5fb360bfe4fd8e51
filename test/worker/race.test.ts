import { expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import type { Race } from '../../src/worker/protocol.ts';
import { startFastest, verdictOf, winnerOf } from '../../src/worker/race.ts';
import { SMALL, smallWeights } from '../values/small.ts';

// Which backends run is decided here: 'webgpu' stands for a real graphics adapter unless `adapter` is false.
let adapter = true;
vi.mock('../../src/kernels/index.ts', async (original) => {
  const all = await original<object>();
  const choose: typeof chooseBackend = (wish) =>
    Promise.resolve({
      name: wish === 'wasm' || !adapter ? 'wasm' : 'webgpu',
      reason: 'the usual one',
      relaxed: false,
    });
  return { ...all, chooseBackend: vi.fn(choose) };
});

const browser = (globalThis.navigator as Navigator | undefined)?.userAgent ?? '';
const race = (wasm: number, webgpu: number): Race => ({ wasm, webgpu, browser });
const never = new Promise<never>(() => {});

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
    const { backend, race: kept } = await startFastest(never, undefined, known, {});
    expect(backend).toMatchObject({ name, reason: verdictOf(known) });
    expect(kept).toBe(known);
  }
});

test('without an adapter there is no race, and what WebGPU once won is not believed', async () => {
  adapter = false;
  expect(await startFastest(never, undefined, undefined, {})).toEqual({
    backend: { name: 'wasm', reason: 'the usual one', relaxed: false },
  });
  const { backend } = await startFastest(never, undefined, race(8, 2), {});
  expect(backend).toMatchObject({ name: 'wasm', reason: 'the usual one' });
});

test('a wish is granted whatever is remembered; a race of another browser does not count', async () => {
  adapter = true;
  expect((await startFastest(never, 'wasm', race(8, 2), {})).backend.name).toBe('wasm');
  vi.mocked(chooseBackend).mockClear();
  const model = Promise.resolve({ config: SMALL, weights: smallWeights() });
  const other = { ...race(2, 8), browser: 'another' };
  await startFastest(model, undefined, other, {}).catch(() => {}); // a race: there is no backend to run it on here
  const asked = vi.mocked(chooseBackend).mock.calls.map(([wish]) => wish);
  expect(asked.slice(0, 2)).toEqual([undefined, 'wasm']);
});
