/** `lab experiments` as a process, and the folders it keeps things in. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { comparisonTable } from '../../src/cli/experiments/comparison.ts';
import { folderOf } from '../../src/cli/experiments/folder.ts';
import { EXPERIMENTS } from '../../src/experiments/list.ts';
import { RESULT } from '../../src/experiments/framework/result.ts';
import { lab, labJson, labMany, terseWeights, TINY } from '../cli/lab.ts';
import { temporaryFolder, writeFolder } from '../worker/folder.ts';

vi.setConfig({ testTimeout: 240_000 }); // processes, on a machine that may be busy with others

const MANY = Array.from({ length: 21 }, (_, i) => i).join(',');
const RUNS = join(import.meta.dirname, '../../runs/experiments');

const folder = temporaryFolder();
afterAll(folder.remove);

test('a small version writes a valid result where it is told to, and prints its headline', async () => {
  const model = writeFolder(join(folder.path, 'terse'), TINY, terseWeights());
  const out = join(folder.path, 'results');
  const args = ['experiments', 'E14', '--quick', '--model', model, '--seed', '7', '--out', out];
  const { code, stdout, stderr } = await lab(args);
  expect(code).toBe(0);
  expect(readdirSync(out)).toEqual(['E14.json']);
  const result = v.parse(RESULT, JSON.parse(readFileSync(join(out, 'E14.json'), 'utf8')));
  expect(result.seeds).toEqual([7]);
  expect(result.holds).toBe(false); // it knows nothing
  expect(stdout).toBe(`E14 does not hold: ${result.headline}\n`);
  expect(stderr).toMatch(/^E14: nothing to compare with: .+$/m);
  expect(Object.keys(result.model)).toContain('base');
});

test('seeds that are named are drawn from, into a folder of their own, and told with what they compare to', async () => {
  const model = writeFolder(join(folder.path, 'seeded'), TINY, terseWeights(2));
  const own = join(RUNS, 'quick/seeds-4007-4005');
  onTestFinished(() => rmSync(own, { recursive: true, force: true }));
  const args = ['experiments', 'E14', '--quick', '--model', model, '--seeds', '4007, 4005', '--json'];
  const { json } = await labJson(args);
  expect(json.out).toBe(resolve(own));
  const result = v.parse(RESULT, JSON.parse(readFileSync(join(own, 'E14.json'), 'utf8')));
  expect(result.seeds).toEqual([4007, 4005]);
  expect(json.comparisons).toEqual([{ id: 'E14', why: 'the published one is of other models' }]);
});

test('only what is whole and of the experiments’ own seeds goes where results are published', () => {
  const at = (quick: boolean, seed: number, seeds?: number[]) =>
    relative(RUNS, folderOf({ quick, seed, seeds })).replaceAll('\\', '/');
  expect(at(false, 1)).toBe('../../public/experiments');
  expect(at(true, 1)).toBe('quick');
  expect(at(false, 1, [11, 12])).toBe('seeds-11-12');
  expect(at(true, 1, [11, 12])).toBe('quick/seeds-11-12');
  expect(at(false, 1, [1, 2, 3])).toBe('seeds-1-2-3');
  expect(at(false, 7)).toBe('seeds-from-7');
});

test('a table for people tells counts, what is expected, and which intervals are apart', () => {
  const estimate = { value: -1, low: -2, high: 0 };
  const apart = {
    name: 'late',
    unit: 'steps',
    published: estimate,
    fresh: { value: 3, low: 2, high: 4567.89 },
  };
  const counts = { pairs: 4, inside: 2, overlapping: 3, expected: { inside: 3.34, overlapping: 3.98 } };
  expect(comparisonTable('E9', { ...counts, apart: [apart], left: ['a', 'b'] })).toEqual([
    '| E9 beside the published result | found | expected if only seeds differ |',
    '| --- | --- | --- |',
    '| fresh values inside the published intervals | 2 of 4, 50% | 84% |',
    '| intervals that overlap | 3 of 4, 75% | 100% |',
    '| not compared: without a 95% interval, or in one alone | 2 |  |',
    '',
    '| intervals that share no point | published | fresh |',
    '| --- | --- | --- |',
    '| late, steps | −1 (−2 … 0) | 3 (2 … 4568) |',
  ]);
  expect(comparisonTable('E9', { ...counts, apart: [], left: [] })).toHaveLength(5);
});

test('bad input is told in one line', async () => {
  const names = EXPERIMENTS.map(({ id }) => id).join(', ');
  const runs = await labMany([
    ['experiments', 'E99'],
    ['experiments', 'E1', '--report'],
    ['experiments', 'E1', '--seed', '-1'],
    ...['', '11,', '11,-1', '1.5', '1e3', 'eleven', '11 12', '4294967296', '11,12,11', '1,01', MANY].map(
      (list) => ['experiments', 'E1', `--seeds=${list}`],
    ),
    ['experiments', 'E1', '--seed', '11', '--seeds', '12'],
    ['experiments', '--report', '--seeds', '12'],
    ['experiments', 'E1', '--workers', '0'],
    ['experiments', 'E1', '--shard', '3/2'],
    ['experiments', 'E1', '--plan', '--report'],
    ['experiments', 'E1', '--shard', '1/2', '--out', 'elsewhere'],
    ['experiments', '--only', 'honesty'],
  ]);
  expect(runs.map(({ code, stdout }) => [code, stdout])).toEqual(runs.map(() => [2, '']));
  expect(runs[0].stderr).toBe(`lab: no such experiment: E99; there are ${names}\n`);
  for (const { stderr } of runs) expect(stderr).toMatch(/^lab: [^\n]+\n$/);
  for (const { stderr } of runs.slice(3, -5)) expect(stderr).toContain('--seeds');
  expect(runs[5].stderr).toMatch(
    /whole numbers from 0 to \d+ separated by commas, such as 11,12,13; "-1" is none/,
  );
});

/** A result without what differs from run to run. */
function found(path: string): Record<string, unknown> {
  const { seconds: _, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return rest;
}

test('shares of two machines, put together, and several processes give what one process gives', async () => {
  const rows = join(RUNS, 'rows');
  const args = (seed: number) => {
    const model = writeFolder(join(folder.path, `shared-${seed}`), TINY, terseWeights(3));
    return ['experiments', 'E14', '--quick', '--model', model, '--seed', '4011'];
  };
  const mine = new Set(readdirSync(join(rows, 'E14')));
  const forget = () => {
    for (const name of readdirSync(join(rows, 'E14')))
      if (!mine.has(name)) rmSync(join(rows, 'E14', name), { force: true });
  };
  onTestFinished(forget);
  const one = join(folder.path, 'one');
  expect((await lab([...args(1), '--out', one])).code).toBe(0);
  forget();

  const plans = await labJson([...args(1), '--plan', '--json']);
  const [plan] = plans.json.plans as { parts: number; kept: number; minutes: number }[];
  expect([plan.parts, plan.kept]).toEqual([7, 0]);
  const shares = [];
  for (const index of [1, 2])
    shares.push((await labJson([...args(1), '--shard', `${index}/2`, '--json'])).json);
  const counts = shares.map((share) => (share.rows as { E14: number }).E14);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(counts[0] + counts[1]).toBe(7);
  const after = await labJson([...args(1), '--plan', '--json']);
  expect((after.json.plans as { parts: number }[])[0].parts).toBe(0);
  const two = join(folder.path, 'two');
  expect((await lab([...args(1), '--out', two])).code).toBe(0);
  expect(found(join(two, 'E14.json'))).toEqual(found(join(one, 'E14.json')));
  forget();

  const three = join(folder.path, 'three');
  const many = await lab([...args(1), '--workers', '3', '--out', three]);
  expect([many.code, many.stderr.includes('worker')]).toEqual([0, false]);
  expect(found(join(three, 'E14.json'))).toEqual(found(join(one, 'E14.json')));

  const row = await lab([...args(1), '--only', 'mixed/4011']);
  expect(row.code).toBe(0);
  expect(JSON.parse(row.stdout)).toMatchObject({ id: 'E14', name: 'mixed/4011', same: true });
  const none = await lab([...args(1), '--only', 'nowhere']);
  expect([none.code, none.stderr]).toEqual([
    2,
    expect.stringMatching(/^lab: E14 has no row "nowhere"; such as ".*" there are 7\n$/),
  ]);
});
