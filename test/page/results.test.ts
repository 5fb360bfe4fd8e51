/** What is told of the experiments: read from their files, in README and on the page. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { codeArchive, dataArchive } from '../../src/cli/archives.ts';
import type { Result } from '../../src/experiments/framework/result.ts';
import { toldOf, trust } from '../../src/page/results/told.ts';
import { words } from '../../src/words/en.ts';
import { DECISIVE } from '../../src/words/results.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'public/experiments');
const shipped = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Result);

describe('what is told before the files are asked for', () => {
  test('what does not hold comes first, by number', () => {
    const { ids, failing } = toldOf(shipped);
    const holds = ids.map((id) => shipped.find((one) => one.id === id)!.holds);
    expect(holds).toEqual([...holds].sort((a, b) => Number(a) - Number(b)));
    expect(ids).toHaveLength(shipped.length);
    expect(failing).toBe(holds.filter((one) => !one).length);
    expect(ids.indexOf('E5')).toBeLessThan(ids.indexOf('E14'));
  });

  test('how far predictions held is summed over the right runs', () => {
    const axis = (name: string, ticks: string[]) => ({ name, unit: '', ticks });
    const measure = { low: 0, high: 1, unit: '' };
    const E4 = {
      id: 'E4',
      holds: false,
      estimates: [
        { ...measure, name: 'realised with exact tilt, r', value: 0.9, n: 7 },
        { ...measure, name: 'realised on exact tilt, slope', value: 0.8, n: 7 },
      ],
      series: [
        {
          name: 'runs with DPO',
          unit: '',
          axes: [
            axis('run', ['mercy · mixed-64-0', 'mercy · kind-64-0', 'care · kind-32-0']),
            axis('figure', ['gain', 'exact tilt']),
          ],
          shape: [3, 2],
          data: [9, 9, 0.1, 0.5, 0.3, 0.3],
        },
      ],
    };
    const told = toldOf([E4]);
    expect(told.gains.mixed).toEqual({ runs: 7, r: 0.9, slope: 0.8 });
    expect(told.gains.kind.runs).toBe(2);
    expect(told.gains.kind.share).toBeCloseTo(0.5);
    expect(trust(told).kind.share).toBe('.50');
  });

  test('README says the same of E4, and so does the note under the curve', () => {
    const { mixed, kind } = trust(toldOf(shipped));
    const readme = readFileSync(join(root, 'README.md'), 'utf8').replace(/\s+/g, ' ');
    expect(readme).toContain(
      `over ${mixed.runs} runs on mixed corpora the gain follows its prediction at r 0${mixed.r}, slope 0${mixed.slope}`,
    );
    expect(readme).toContain(`${kind.runs} runs on well-behaved ones gained 0${kind.share} of it`);
    expect(words.curve.more({ mixed, kind }).join()).toContain(`${kind.runs} runs gained ${kind.share}`);
    expect(Number(kind.share)).toBeLessThan(0.5); // "under half"
  });
});

test('every experiment has measures that are shown, each of its file', () => {
  expect(Object.keys(DECISIVE).toSorted()).toEqual(shipped.map(({ id }) => id).toSorted());
  for (const { id, estimates } of shipped)
    for (const [name] of DECISIVE[id])
      expect(
        estimates.map((one) => one.name),
        id,
      ).toContain(name);
});

test('the site brings its code and data along, the same bytes every time, and nothing that is not its own', () => {
  const code = codeArchive(root);
  expect(Buffer.compare(code, codeArchive(root))).toBe(0);
  const files = Object.keys(unzipSync(code));
  for (const name of [
    'README.md',
    'LICENSE',
    'package.json',
    'src/page/main.ts',
    'src/kernels/block/wasm.as.ts',
  ])
    expect(files).toContain(name);
  expect(files.filter((name) => /node_modules|\.git\/|\.npmrc|\.env|kernels\/build/.test(name))).toEqual([]);
  const data = Object.keys(unzipSync(dataArchive(root)));
  expect(data).toContain('models/base/model.safetensors');
  expect(data.filter((name) => name.startsWith('experiments/'))).toHaveLength(shipped.length);
});
