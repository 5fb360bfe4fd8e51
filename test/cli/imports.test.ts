/** What a file loads, and what changes the hash of its code. */
import { expect, test } from 'vitest';
import { closureOf, codeHash, readSource, sourceFiles } from '../../src/cli/imports.ts';
import { EXPERIMENTS } from '../../src/experiments/list.ts';

const FILES: Record<string, string> = {
  'a/main.ts': `import { b } from '../b.ts';\nimport type { T } from './type.ts';\nimport * as tf from '@tensorflow/tfjs-core/dist/x.js';\nexport const main = b;\n`,
  'b.ts': `// says what b is\nexport const b = async () => (await import('./c.ts')).c;\nnew URL('./unread.ts', import.meta.url);\n`,
  'c.ts': `import './b.ts';\nimport { d3 } from 'd3-array';\nexport const c = d3; /* end */\n`,
};
const reading =
  (changed: Record<string, string> = {}) =>
  (path: string): string => {
    const text = { ...FILES, ...changed }[path];
    if (text === undefined) throw new Error(`${path} should not be read`);
    return text;
  };
const hash = (changed?: Record<string, string>) => codeHash('a/main.ts', reading(changed));

test('a closure is what is loaded, at once or later, in a ring too; types and urls are not', () => {
  expect(closureOf('a/main.ts', reading())).toEqual({
    files: ['a/main.ts', 'b.ts', 'c.ts'],
    packages: ['@tensorflow/tfjs-core', 'd3-array'],
  });
});

test('comments and layout change no hash; code and what is imported do', () => {
  expect(
    hash({
      'c.ts': `import './b.ts';\nimport { d3 } from 'd3-array';\n\n// the end\nexport const c =\n  d3;\n`,
    }),
  ).toBe(hash());
  expect(hash({ 'c.ts': FILES['c.ts'].replace('c = d3', 'c = 1 + d3') })).not.toBe(hash());
  expect(hash({ 'c.ts': FILES['c.ts'].replace('d3-array', 'd3-scale') })).not.toBe(hash());
  expect(hash({ 'c.ts': `${FILES['c.ts']}import '../new.ts';`, '../new.ts': '' })).not.toBe(hash());
});

const touched = (path: string) => (file: string) =>
  file === path ? `${readSource(file)}\nexport const touched = 1;\n` : readSource(file);

test.each(EXPERIMENTS.map(({ id }) => id))(
  'rows of %s follow from the kernels, and from no page, outcome or other experiment',
  (id) => {
    const entry = `experiments/${id}/measure.ts`;
    const { files } = closureOf(entry);
    expect(files).toContain('kernels/build/simd.ts');
    const foreign =
      /^(worker|words|figures|state|views|page|cli)\/|\/(outcome|claim)\.ts$|^experiments\/(?!framework)/;
    expect(files.filter((path) => foreign.test(path) && !path.startsWith(`experiments/${id}/`))).toEqual([]);
    expect(files.filter((path) => /\/(outcome|claim)\.ts$/.test(path))).toEqual([]);
  },
);

test('a changed kernel changes the hash of a row’s code, a changed view does not', () => {
  const entry = 'experiments/E3/measure.ts';
  const before = codeHash(entry);
  expect(codeHash(entry, touched('kernels/build/simd.ts'))).not.toBe(before);
  const view = sourceFiles().find((path) => path.startsWith('views/') && path.endsWith('.ts'))!;
  expect(codeHash(entry, touched(view))).toBe(before);
});
