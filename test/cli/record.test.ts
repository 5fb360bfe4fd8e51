/** `lab record`: what it refuses, before any work. What it writes is looked at in test/worker/recording.test.ts. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { damagedCopy, temporaryFolder, writeFolder } from '../worker/folder.ts';
import { labMany, terseWeights, TINY } from './lab.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

test('a model that cannot be read, or a place that cannot be written to, is bad input', async () => {
  const good = writeFolder(join(folder.path, 'good'), TINY, terseWeights());
  const damaged = join(folder.path, 'damaged');
  damagedCopy(good, damaged, 'model.safetensors', (bytes) => bytes.subarray(0, 99));
  const out = join(folder.path, 'opening.bin');
  writeFileSync(join(folder.path, 'file'), '');
  const runs = await labMany([
    ['record', '--out', out, '--model', join(folder.path, 'nowhere')],
    ['record', '--out', out, '--model', damaged],
    ['record', '--out', join(folder.path, 'file/opening.bin'), '--model', good],
    ['record', '--out', folder.path, '--model', good],
    ['record', '--out', out, '--model', good, '--seed', '1'],
  ]);
  for (const { code, stdout, stderr } of runs) {
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  }
  expect(existsSync(out)).toBe(false);
});
