/** What a browser keeps, whoever wrote it: under every key any text at all, and what is read is of its kind or nothing. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { importsOf, readSource, sourceFiles } from '../../src/cli/imports.ts';
import { KEPT_RUN } from '../../src/state/keptRun.ts';
import { rememberedRace, rememberRace } from '../../src/state/race.ts';
import { recall } from '../../src/state/storage.ts';
import { fromJson } from '../../src/worker/json.ts';
import { fuzz } from '../fuzz/fuzz.ts';

let kept: string | null;
beforeEach(() => {
  const store = { getItem: () => kept, setItem: (_: string, text: string) => (kept = text) };
  vi.stubGlobal('localStorage', store);
  vi.stubGlobal('sessionStorage', store);
});
afterEach(() => vi.unstubAllGlobals());

const anything = fc.oneof(
  fc.json(),
  fc.string(),
  fc
    .record({ wasm: fc.jsonValue(), webgpu: fc.jsonValue(), browser: fc.jsonValue() })
    .map((one) => JSON.stringify(one)),
  fc
    .record({ reports: fc.jsonValue(), step: fc.jsonValue(), seed: fc.nat() })
    .map((one) => JSON.stringify(one)),
);

test('any text under any key', () => {
  fuzz(anything, (text) => {
    kept = text;
    const race = rememberedRace();
    if (race) expect([race.wasm > 0, race.webgpu > 0, typeof race.browser]).toEqual([true, true, 'string']);
    expect(recall('sessionStorage', 'run', KEPT_RUN, fromJson)).toBeNull();
  });
});

test('a race comes back; one with strings for numbers does not', () => {
  const race = { wasm: 12, webgpu: 3.5, browser: 'one' };
  rememberRace(race);
  expect(rememberedRace()).toEqual(race);
  kept = JSON.stringify({ ...race, wasm: '12' });
  expect(rememberedRace()).toBeNull();
});

test('storage is read in one place, which asks for a schema', () => {
  const readers = sourceFiles().filter((path) => /\b(local|session)Storage\b(?!')/.test(readSource(path)));
  expect(readers).toEqual([]); // by its name as a text alone
  const users = sourceFiles().filter((path) =>
    importsOf(path, readSource(path)).some(({ specifier }) => /\/storage\.ts$/.test(specifier)),
  );
  expect(users.sort()).toEqual(['page/place.ts', 'state/kept.ts', 'state/race.ts', 'state/theme.svelte.ts']);
});
