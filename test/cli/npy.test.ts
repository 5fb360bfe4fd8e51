/** Columns as numpy reads them, and as the same bytes whenever and wherever they are written. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { npz } from '../../src/cli/npy.ts';
import { temporaryFolder } from '../worker/folder.ts';

const COLUMNS = {
  score: { numbers: Float32Array.of(0.1, -2.5, 3e-40) },
  gist: { numbers: Float32Array.from({ length: 6 }, (_, i) => i / 7), width: 2 },
  text: { texts: ['rosa lies .', '', 'naïve 🙂 ∅'] },
  one: { texts: ['a'] },
};

const folder = temporaryFolder();
afterAll(() => folder.remove());
const { TZ } = process.env;
afterEach(() => {
  vi.useRealTimers();
  if (TZ === undefined) delete process.env['TZ'];
  else process.env['TZ'] = TZ;
});

test('the same columns are the same bytes, on any day and in any time zone', () => {
  const first = npz(COLUMNS);
  for (const [zone, day] of [
    ['Pacific/Kiritimati', '2027-01-01T23:00:00Z'],
    ['America/Adak', '2093-07-01T01:00:00Z'],
  ]) {
    process.env['TZ'] = zone;
    vi.setSystemTime(day);
    expect(npz(COLUMNS)).toEqual(first);
  }
});

const python = spawnSync('python3', ['-c', 'import numpy; print(numpy.__version__)'], { encoding: 'utf8' });
const hasNumpy = python.status === 0;
if (!hasNumpy) console.warn('skipped: what numpy reads, because there is no python3 with numpy here');

const READ = `
import json, sys
import numpy as np
rows = np.load(sys.argv[1])
json.dump({name: {"dtype": str(rows[name].dtype), "shape": rows[name].shape, "list": rows[name].tolist()} for name in rows}, sys.stdout)
`;

test.skipIf(!hasNumpy)('numpy reads the numbers to the last bit, and every letter', () => {
  const file = join(folder.path, 'rows.npz');
  writeFileSync(file, npz(COLUMNS));
  const { stdout, stderr } = spawnSync('python3', ['-c', READ, file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { score, gist, text, one } = COLUMNS;
  expect(JSON.parse(stdout)).toEqual({
    score: { dtype: 'float32', shape: [3], list: [...score.numbers] },
    gist: {
      dtype: 'float32',
      shape: [3, 2],
      list: [0, 1, 2].map((row) => [...gist.numbers.subarray(2 * row, 2 * row + 2)]),
    },
    text: { dtype: '<U11', shape: [3], list: text.texts },
    one: { dtype: '<U1', shape: [1], list: one.texts },
  });
});
