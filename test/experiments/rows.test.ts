/** Rows as files, machines' shares of them, and rows by their names. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { FolderCache } from '../../src/cli/experiments/cache.ts';
import { partsNamed, shareOf } from '../../src/cli/experiments/plan.ts';
import { partName, type Part } from '../../src/experiments/framework/parts.ts';
import { temporaryFolder } from '../worker/folder.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const part = (changed: Partial<Part> = {}): Part => ({
  kind: 'trial',
  at: ['kind-64-0', 'dpo', 1, 'honesty and care'],
  models: ['kind-64-0'],
  given: { kl: 0.5 },
  seconds: 10,
  compute: () => Promise.resolve(0),
  ...changed,
});
const origin = { code: 'c', backend: 'wasm', idOf: (name: string) => Promise.resolve(`id of ${name}`) };

test('a row is kept by its key, settings, models, code and backend, and by nothing else', async () => {
  const path = join(folder.path, 'rows');
  let made = 0;
  const rowOf = (one: Part, changed: Partial<typeof origin> = {}) =>
    new FolderCache(path, { ...origin, ...changed }).getOrCompute(one, async () => [++made]);
  expect(await rowOf(part())).toEqual([1]);
  expect(await rowOf(part())).toEqual([1]);
  expect(await rowOf(part({ seconds: 99, group: 'g' }))).toEqual([1]);
  const others: [Partial<Part>, Partial<typeof origin>][] = [
    [{ kind: 'run' }, {}],
    [{ at: ['kind-64-0', 'dpo', '1', 'honesty and care'] }, {}],
    [{ at: ['kind-64-0', 'dpo', 1, 'honesty_and care'] }, {}], // the same letters in a file's name
    [{ given: { kl: 0.4 } }, {}],
    [{ models: ['other'] }, {}],
    [{}, { code: 'd' }],
    [{}, { backend: 'cpu' }],
    [{}, { idOf: () => Promise.resolve('newly trained') }],
  ];
  for (const [i, [changed, of]] of others.entries()) expect(await rowOf(part(changed), of)).toEqual([2 + i]);
  expect(readdirSync(path)).toHaveLength(1 + others.length);
});

test('half-written rows are computed anew, failed ones not kept, and null is a row', async () => {
  const path = join(folder.path, 'killed');
  const cache = new FolderCache(path, origin);
  await expect(cache.getOrCompute(part(), () => Promise.reject(new Error('killed')))).rejects.toThrow(
    'killed',
  );
  expect(await cache.has(part())).toBe(false);
  writeFileSync(join(path, 'trial_x-0.json.7.part'), '{"row":');
  expect(await cache.getOrCompute(part(), () => Promise.resolve(null))).toBeNull();
  expect(await cache.getOrCompute(part(), () => Promise.resolve(5))).toBeNull();
  expect(await cache.secondsOf(part())).toBeGreaterThanOrEqual(0);
});

test('what a row will take is what it took by other code, else what is expected, corrected by others like it', async () => {
  const path = join(folder.path, 'seconds');
  const cache = new FolderCache(path, origin);
  expect(cache.expectations()(part())).toBe(10); // nothing is recorded
  const write = (name: string, given: object, seconds: number, expected: number) =>
    writeFileSync(join(path, `${name}.json`), JSON.stringify({ name, given, seconds, expected, row: 0 }));
  write('a', {}, 5, 10);
  write('b', { kl: 0.5 }, 25, 10);
  const expected = cache.expectations();
  expect(expected(part({ kind: 'a', at: [], given: {} }))).toBe(5);
  expect(expected(part({ seconds: 4 }))).toBe(10); // × 25/10, of rows with the same settings
  expect(expected(part({ kind: 'b', at: [], given: { kl: 9 }, seconds: 4 }))).toBe(4); // nothing like it was recorded
});

test('shares of any parts are all of them, each once, and nearly equal', () => {
  const seconds = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(seconds, fc.integer({ min: 1, max: 7 }), (list, of) => {
      const parts = list.map((s, i) => part({ at: [i], seconds: s }));
      const shares = Array.from({ length: of }, (_, i) => shareOf(parts, { index: i + 1, of }));
      expect(shares.flat()).toEqual(parts);
      const sums = shares.map((share) => share.reduce((sum, { seconds: s }) => sum + s, 0));
      const total = list.reduce((sum, s) => sum + s, 0);
      for (const sum of sums) expect(Math.abs(sum - total / of)).toBeLessThanOrEqual(Math.max(...list));
    }),
  );
});

test('rows are named by pieces of their key, whole and in their order', () => {
  const parts = [
    part(),
    part({ at: ['kind-64-0', 'dpo', 2, 'honesty'] }),
    part({ kind: 'run', at: ['kind-64-0', 2] }),
  ];
  const named = (name: string) => partsNamed(parts, name).map(partName);
  expect(named('kind-64-0/honesty')).toEqual(['trial/kind-64-0/dpo/2/honesty']);
  expect(named('honesty and care')).toEqual(['trial/kind-64-0/dpo/1/honesty and care']);
  expect(named('2')).toHaveLength(2);
  expect(named('honesty/kind-64-0')).toEqual([]);
  expect(named('trial')).toHaveLength(2);
  expect(named('kind-64')).toEqual([]);
});
