/** `lab experiments` as a process, and the folders it keeps things in. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, expect, test, vi } from 'vitest';
import { FolderParts, partsName } from '../../src/cli/experiments/parts.ts';
import { EXPERIMENTS } from '../../src/experiments/list.ts';
import { RESULT } from '../../src/experiments/result.ts';
import { lab, labMany, terseWeights, TINY } from '../cli/lab.ts';
import { temporaryFolder, writeFolder } from '../worker/folder.ts';

vi.setConfig({ testTimeout: 240_000 }); // processes, on a machine that may be busy with others

const folder = temporaryFolder();
afterAll(folder.remove);

test('a small version writes a valid result where it is told to, and prints its headline', async () => {
  const model = writeFolder(join(folder.path, 'terse'), TINY, terseWeights());
  const out = join(folder.path, 'results');
  const args = ['experiments', 'E14', '--quick', '--model', model, '--seed', '7', '--out', out];
  const { code, stdout } = await lab(args);
  expect(code).toBe(0);
  expect(readdirSync(out)).toEqual(['E14.json']);
  const result = v.parse(RESULT, JSON.parse(readFileSync(join(out, 'E14.json'), 'utf8')));
  expect(result.seeds).toEqual([7]);
  expect(result.holds).toBe(false); // it knows nothing
  expect(stdout).toBe(`E14 does not hold: ${result.headline}\n`);
  expect(Object.keys(result.model)).toContain('base');
});

test('bad input is told in one line', async () => {
  const names = EXPERIMENTS.map(({ id }) => id).join(', ');
  const runs = await labMany([
    ['experiments', 'E99'],
    ['experiments', 'E1', '--report'],
    ['experiments', 'E1', '--seed', '-1'],
  ]);
  expect(runs.map(({ code, stdout }) => [code, stdout])).toEqual(runs.map(() => [2, '']));
  expect(runs[0].stderr).toBe(`lab: no such experiment: E99; there are ${names}\n`);
  for (const { stderr } of runs) expect(stderr).toMatch(/^lab: [^\n]+\n$/);
});

test('parts are kept by key and by the models that they follow from; half-written ones are made anew', async () => {
  const path = join(folder.path, 'parts');
  const parts = (base: string, other: string) => new FolderParts(path, { base, other });
  let made = 0;
  const make = async () => ({ made: ++made, list: [1, 2] });
  expect(await parts('a', 'x').once('one: two', make)).toEqual({ made: 1, list: [1, 2] });
  expect(await parts('a', 'x').once('one: two', make)).toEqual({ made: 1, list: [1, 2] });
  expect((await parts('a', 'x').once('one; two', make)).made).toBe(2); // another key of the same letters
  expect((await parts('b', 'x').once('one: two', make)).made).toBe(3);
  expect((await parts('a', 'x').about(['base']).once('one: two', make)).made).toBe(4);
  expect((await parts('a', 'y').about(['base']).once('one: two', make)).made).toBe(4);
  await expect(
    parts('a', 'x').once('killed', async () => {
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  writeFileSync(join(path, 'killed-000000000000.json.part'), '{"key":');
  expect((await parts('a', 'x').once('killed', make)).made).toBe(5);
});

test('the folder of parts is another for other settings', () => {
  expect(partsName('E1', { a: 1 })).toBe(partsName('E1', { a: 1 }));
  expect(partsName('E1', { a: 1 })).not.toBe(partsName('E1', { a: 2 }));
  expect(partsName('E1', {})).not.toBe(partsName('E2', {}));
});
