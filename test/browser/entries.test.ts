/** WebKit evaluates a module worker's entry a second time when one of its chunks imports it. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, inject, test } from 'vitest';

/** Scripts that a script imports, now or later, by their file names. */
const importedBy = (script: string): string[] =>
  [...script.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'`]([^"'`]+\.js)["'`]/g)].map(([, path]) =>
    basename(path),
  );

test('no script of the built site imports a worker’s entry', () => {
  const assets = join(inject('site'), 'assets');
  const scripts = (readdirSync(assets, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({ file, text: readFileSync(join(assets, file), 'utf8') }));
  const entries = scripts.flatMap(({ text }) =>
    [...text.matchAll(/new Worker\(\s*new URL\([^)]*?["'`]([^"'`]+\.js)["'`]/g)].map(([, path]) =>
      basename(path),
    ),
  );
  expect(entries).toEqual([expect.stringMatching(/^engine-/)]);
  const imported = scripts.flatMap(({ text }) => importedBy(text));
  expect(imported).toContainEqual(expect.stringMatching(/^begin-/)); // imports are found
  expect(entries.filter((entry) => imported.includes(entry))).toEqual([]);
});
