/** The results that are shipped: valid, of these models, of criteria that were there before, and told truly. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FolderModels } from '../../src/cli/experiments/models.ts';
import { readResults, reportOf } from '../../src/cli/experiments/report.ts';
import { SHIPPED } from '../../src/cli/model.ts';
import { EXPERIMENTS } from '../../src/experiments/list.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RESULTS = join(ROOT, 'public/experiments');
const results = readResults(RESULTS); // throws where one is not valid
const models = new FolderModels(SHIPPED, 'wasm');

function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}

/** The constant `CRITERION` of an experiment's file, from its name to the end of its braces. */
function criterionIn(source: string): string {
  const found = /^export const CRITERION[^]*?^};$/m.exec(source);
  if (!found) throw new Error('the file has no CRITERION');
  return found[0];
}

/** The whole history is here: not a shallow clone, nor a download without one. */
const history = git('rev-parse', '--is-shallow-repository')?.trim() === 'false';
if (!history) console.warn('Commits of criteria and results are not compared: the history is not here.');

test('experiments are listed once each, in order, with a claim, a criterion and its reason', () => {
  const numbers = EXPERIMENTS.map(({ id }) => Number(id.slice(1)));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  for (const { claim, criterion } of EXPERIMENTS)
    for (const text of [claim, criterion.text, criterion.because]) expect(text).toMatch(/^[A-Z“].{30,}\.$/s);
});

describe.each(results.map((result) => ({ name: result.id, result })))('$name', ({ result }) => {
  const experiment = EXPERIMENTS.find(({ id }) => id === result.id)!;

  test('is of an experiment that there is, with its claim and criterion, and says what its numbers say', () => {
    expect(experiment.claim).toBe(result.claim);
    expect(result.criterion).toEqual({
      text: experiment.criterion.text,
      because: experiment.criterion.because,
    });
    const measures = [...result.estimates, ...result.controls];
    expect(result.holds).toBe(experiment.criterion.holds(measures));
    expect(result.headline.startsWith('Not all of it holds.')).toBe(!result.holds);
    expect(new Set(measures.map(({ name }) => name)).size).toBe(measures.length);
    for (const { name, value, low, high } of measures)
      expect(low <= value && value <= high, `${name}: ${value} outside ${low} … ${high}`).toBe(true);
    expect(result.seeds).toHaveLength(experiment.full.seeds.length);
  });

  test('is of the models that are shipped, and of all of them that it asks for', async () => {
    for (const name of experiment.models)
      if (await models.has(name)) expect(result.model).toHaveProperty([name]);
    for (const [name, id] of Object.entries(result.model)) {
      expect(await models.has(name), name).toBe(true);
      expect(await models.id(name), name).toBe(id);
    }
  });

  test.skipIf(!history)('was run with the criterion that stands there now', () => {
    const path = `src/experiments/${result.id}/claim.ts`;
    const commit = result.commit ?? 'none';
    const then = git('show', `${commit}:${path}`) ?? git('show', `${commit}:src/experiments/${result.id}.ts`);
    expect(then, `${commit} has no criterion of ${result.id}`).not.toBeNull();
    expect(criterionIn(then!)).toBe(criterionIn(readFileSync(join(ROOT, path), 'utf8')));
    // That commit is older than the one that brought the result.
    const brought = git('log', '-1', '--format=%H', '--', `public/experiments/${result.id}.json`)?.trim();
    if (brought) {
      expect(brought).not.toBe(commit);
      expect(git('merge-base', '--is-ancestor', commit, brought)).not.toBeNull();
    }
  });
});

test('docs/results.md and its figures are what the results say', () => {
  for (const [path, text] of Object.entries(reportOf(results))) {
    const file = join(ROOT, 'docs', path);
    expect(existsSync(file), `${path} is missing: npm run --silent lab -- experiments --report`).toBe(true);
    expect(readFileSync(file, 'utf8'), `${path}: npm run --silent lab -- experiments --report`).toBe(text);
  }
});
