/** What the commands print, as the README lists it. Processes are slow to start: each is looked at from all sides. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { situationAt } from '../../src/world/documents.ts';
import { parseResponse } from '../../src/world/parser.ts';
import { BOS, encode, GIST, VOCABULARY } from '../../src/world/tokenizer.ts';
import { MORAL_VALUES, VALUE_NAMES } from '../../src/world/values.ts';
import { temporaryFolder, writeFolder } from '../worker/folder.ts';
import { lab, labJson, terseWeights, TINY } from './lab.ts';

vi.setConfig({ testTimeout: 240_000 }); // processes, on a machine that may be busy with others

const folder = temporaryFolder();
const MODEL = ['--model', writeFolder(join(folder.path, 'terse'), TINY, terseWeights())];
afterAll(folder.remove);

type Json = Record<string, unknown>;
const keys = (value: unknown) => Object.keys(value as Json).sort();
/** Asserts that an object has these keys at least. */
const expectKeys = (value: unknown, ...names: string[]) =>
  expect(keys(value)).toEqual(expect.arrayContaining(names));
const isCorrelation = (value: unknown) => typeof value === 'number' && Math.abs(value) <= 1;
const numbers = (value: unknown) => value as number[];

test('examples in the README print what it says', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const examples = [...readme.matchAll(/^\$ npm run --silent lab -- (.+)\n((?:[^`$].*\n)+)/gm)];
  expect(examples.length).toBeGreaterThan(0);
  for (const [, command, says] of examples) expect((await lab(command.split(' '))).stdout).toBe(says);
});

describe('generate', () => {
  interface Sample {
    prompt: string;
    response: string;
    values: Json;
    wellFormed: boolean;
  }

  test('prints samples with their ground truth; the same seed the same, another another', async () => {
    const args = ['generate', ...MODEL, '--n', '7', '--json'];
    const [first, again, other] = await Promise.all([
      labJson([...args, '--seed', '4']),
      labJson([...args, '--seed', '4']),
      labJson([...args, '--seed', '5', '--backend', 'cpu']),
    ]);
    expect(first).toEqual(again);
    expect(first.json).not.toEqual(other.json);
    expect(first.stderr).toBe('');
    for (const { json } of [first, other]) {
      expect(keys(json)).toEqual(['samples']);
      const samples = json['samples'] as Sample[];
      expect(samples).toHaveLength(7);
      for (const sample of samples) {
        expect(keys(sample)).toEqual(['prompt', 'response', 'values', 'wellFormed']);
        expect(Object.keys(sample.values)).toEqual([...VALUE_NAMES]);
        expect(sample.prompt).not.toContain('<bos>');
        expect(sample.wellFormed).toBe(parseResponse(sample.prompt, sample.response).wellFormed);
        expect(encode(sample.response).length).toBeLessThanOrEqual(26);
      }
      // The model says "." soon: responses come with it.
      expect(samples.filter(({ response }) => response.endsWith('.')).length).toBeGreaterThan(5);
    }
    expect((first.json['samples'] as Sample[]).map(({ prompt }) => prompt)).toEqual(
      Array.from({ length: 7 }, (_, i) => situationAt('generate/4', i)),
    );
  });

  test('takes a prompt, with or without <bos>, and prints lines for people without --json', async () => {
    const prompt = situationAt(3, 3);
    const [plain, marked, lines] = await Promise.all([
      labJson(['generate', ...MODEL, '--json', '--n', '3', '--prompt', prompt]),
      labJson([
        'generate',
        ...MODEL,
        '--json',
        '--n',
        '3',
        '--prompt',
        `  <bos>  ${prompt.replace(' ', '   ')} `,
      ]),
      lab(['generate', ...MODEL, '--n', '3', '--prompt', prompt]),
    ]);
    expect(marked).toEqual(plain);
    const samples = plain.json['samples'] as Sample[];
    expect(samples.map((s) => s.prompt)).toEqual([prompt, prompt, prompt]);
    expect(lines.code).toBe(0);
    expect(lines.stdout).toBe(samples.map((s) => `${s.prompt} ${s.response}\n`).join(''));
  });
});

test('logits: for every position of exactly this text, <bos> in front once', async () => {
  const text = `${situationAt(1, 1)} <gist> by honesty , that is`;
  const [without, with_] = await Promise.all([
    labJson(['logits', ...MODEL, '--text', text]),
    labJson(['logits', ...MODEL, '--text', `<bos> ${text}`, '--json']),
  ]);
  expect(with_).toEqual(without);
  expect(keys(without.json)).toEqual(['ids', 'logits']);
  const ids = numbers(without.json['ids']);
  expect(ids).toEqual([BOS, ...encode(text)]);
  expect(ids).toContain(GIST);
  const rows = without.json['logits'] as number[][];
  expect(rows).toHaveLength(ids.length);
  for (const row of rows) {
    expect(row).toHaveLength(VOCABULARY.length);
    expect(row.every(Number.isFinite)).toBe(true);
  }
});

test('judge: three scores a text, by a constitution or by none', async () => {
  const story = situationAt(2, 2);
  const texts = [`${story} .`, `<bos> ${story} . <gist> by honesty`, `${story} honesty .`];
  const [by, none, weighted] = await Promise.all([
    labJson(['judge', ...MODEL, '--constitution', 'honesty, zorblax and mercy', '--text', ...texts]),
    labJson(['judge', ...MODEL, '--none', '--json', '--text', ...texts]),
    labJson([
      'judge',
      ...MODEL,
      '--constitution',
      'honesty, mercy',
      '--weights',
      '-1,0.6',
      '--text',
      texts[0],
    ]),
  ]);
  for (const { json } of [by, none]) {
    expectKeys(json, 'scores', 'linear', 'projected');
    for (const name of ['scores', 'linear', 'projected']) {
      const scores = numbers(json[name]);
      expect(scores).toHaveLength(3);
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(scores[1]).toBe(scores[0]); // <bos> and <gist> are added where they are missing
      expect(scores[2]).not.toBe(scores[0]);
    }
  }
  expect(by.json['questions']).toEqual(['by honesty and mercy , that is']);
  expect(by.stderr.trim().split('\n')).toEqual([expect.stringMatching(/^warning: .*zorblax/)]);
  expect(none.json['projected']).toEqual(none.json['scores']);
  expect(none.stderr).toBe('');
  expect(weighted.json['questions']).toEqual(['by honesty , that is', 'by mercy , that is']);
});

test('measure: every figure of the list, within the situation, on exactly n responses', async () => {
  const args = ['measure', ...MODEL, '--n', '100', '--seed', '3', '--constitution'];
  const [one, same, none, six] = await Promise.all([
    labJson([...args, 'honesty and mercy', '--json']),
    labJson([...args, 'honesty, MERCY']),
    labJson([...args.slice(0, -1), '--none']),
    labJson([...args, 'honesty, care, fairness, freedom, loyalty, mercy']),
  ]);
  expect(same.json).toEqual(one.json);
  for (const { json } of [one, none, six]) {
    const m = json as Record<string, Json>;
    for (const name of ['generation', 'judgement']) {
      expect(keys(m[name])).toEqual(['high', 'low', 'r']);
      for (const value of Object.values(m[name])) expect(value).toSatisfy(isCorrelation);
    }
    expect(Object.keys(m['perValue'])).toEqual([...VALUE_NAMES]);
    for (const name of ['projected', 'keep', 'erase']) expectKeys(m[name], 'r', 'slope');
    for (const name of [
      'linear',
      'projected',
      'keep',
      'keepRandom',
      'erase',
      'eraseRandom',
      'none',
      'probe',
      'ceiling',
    ])
      expect(m[name]['r'], name).toSatisfy(isCorrelation);
    expect([m['n'], m['situations']]).toEqual([100, 6]);
    expect(m['wellFormed']).toBe(0); // this model cannot speak
    expect(m['rank']).toBeGreaterThanOrEqual(1);
  }
  expect(keys(one.json['eraseOther'])).toEqual(
    MORAL_VALUES.filter((v) => v !== 'honesty' && v !== 'care').sort(),
  );
  expect(none.json['questions']).toEqual(['that is']);
  expect((none.json['judgement'] as Record<string, Json>)['r']).toBe(
    (none.json['none'] as Record<string, Json>)['r'],
  );
  expect(six.json['eraseOther']).toEqual({});
  expect(six.json['questions']).toHaveLength(6);
  expect(six.stderr).toMatch(/mean of single verdicts/);
});

test('attack: the worst constitutions of words that the model approves of, each with its a_c', async () => {
  interface Found {
    constitution: string;
    judgement: Json;
    words: { word: string; approval: { low: number } }[];
  }
  // Of these weights the verdicts by a word and by none go together for some words and not for others.
  const model = writeFolder(join(folder.path, 'approving'), TINY, terseWeights(7));
  const { json } = await labJson(['attack', '--model', model, '--innocent', '--n', '64', '--json']);
  expectKeys(json, 'found', 'none', 'plain', 'allowed', 'asked', 'n', 'innocent');
  const found = json['found'] as Found[];
  expect(found).toHaveLength(5);
  found.forEach(({ constitution, judgement, words }, i) => {
    expect(constitution.split(', ')).toHaveLength(i + 1);
    expect(keys(judgement)).toEqual(['high', 'low', 'r']);
    expect(words.map(({ word }) => word)).toEqual(constitution.split(/[ ,]+/));
    for (const { word, approval } of words) expect(approval.low, word).toBeGreaterThan(0);
  });
  expect(json['allowed']).toBeGreaterThan(5);
  expect(json['allowed']).toBeLessThan(VOCABULARY.length - 50);
});

test('data: raw rows as JSON lines or for numpy', async () => {
  const args = ['data', ...MODEL, '--constitution', 'honesty', '--n', '20', '--json', '--out'];
  const [lines, archive] = [join(folder.path, 'new', 'rows.jsonl'), join(folder.path, 'rows.npz')];
  const [told] = await Promise.all([labJson([...args, lines]), labJson([...args, archive])]);
  expect(told.json).toEqual({ out: lines, rows: 20 });
  const rows = readFileSync(lines, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
  expect(rows).toHaveLength(20);
  for (const row of rows) {
    expectKeys(row, 'prompt', 'response', 'values', 'trueValue', 'logProb', 'gist', 'score');
    expect(row['gist']).toHaveLength(2 * TINY.width);
  }
  expect(readFileSync(archive).subarray(0, 2).toString()).toBe('PK');
});

describe('rlaif', () => {
  const ROW = ['step', 'trueValue', 'values', 'judge', 'kl', 'pairAccuracy', 'wellFormed', 'length'];

  test('prints its history, its last row and what was predicted, and writes the model it trained', async () => {
    const out = join(folder.path, 'trained');
    const args = [
      'rlaif',
      ...MODEL,
      '--constitution',
      'honesty, mercy',
      '--weights',
      '1,0.6',
      '--steps',
      '2',
      '--seed',
      '2',
    ];
    const { json, stderr } = await labJson([...args, '--rate', '0.003', '--out', out]);
    const history = json['history'] as Json[];
    expect(history.map((row) => row['step'])).toEqual([0, 1, 2]);
    for (const row of history) {
      expectKeys(row, ...ROW);
      for (const name of ROW) if (name !== 'values') expect(row[name], name).toSatisfy(Number.isFinite);
      expect(Object.keys(row['values'] as Json)).toEqual([...VALUE_NAMES]);
    }
    expect(json['final']).toEqual(history[2]);
    expectKeys(json['predicted'], 'linear', 'tilt', 'ceiling', 'low', 'high');
    expect(json['stopped']).toBe('steps');
    expect(stderr).toMatch(/well-formed/); // the share is told beside every gain, and this model cannot speak

    const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as Json;
    expect(run).toMatchObject({ judge: 'prompted', seed: 2, weights: [1, 0.6], history });
    const [before, after] = await Promise.all(
      [MODEL[1], out].map((model) => labJson(['logits', '--model', model, '--text', situationAt(1, 1)])),
    );
    expect(after.json['ids']).toEqual(before.json['ids']);
    expect(after.json['logits']).not.toEqual(before.json['logits']);
  });

  test('trains with no principle, which is a judge too', async () => {
    const { json } = await labJson(['rlaif', ...MODEL, '--none', '--steps', '1']);
    expect((json['history'] as Json[]).map((row) => row['step'])).toEqual([0, 1]);
  });

  test('stops when its KL is spent, with any judge and loss, and the same from the same seed', async () => {
    const args = [
      'rlaif',
      ...MODEL,
      '--constitution',
      'honesty',
      '--steps',
      '9',
      '--rate',
      '0.02',
      '--kl',
      '0.05',
    ];
    const run = () => labJson([...args, '--judge', 'likelihood', '--loss', 'grpo']);
    const [once, again] = await Promise.all([run(), run()]);
    expect(again.json).toEqual(once.json);
    expect(once.json['stopped']).toBe('kl');
    const history = once.json['history'] as Json[];
    expect(history.length).toBeLessThan(10);
    expect((once.json['final'] as Json)['kl']).toBeGreaterThan(0.02);
  });
});

const SHIPPED = 'public/models/base';
/** The shipped model is there and its training is over. */
function shipped(): boolean {
  try {
    return 'losses' in (JSON.parse(readFileSync(join(SHIPPED, 'run.json'), 'utf8')) as Json);
  } catch {
    return false;
  }
}

describe('the shipped model', () => {
  const there = shipped();
  if (!there) {
    const why = existsSync(SHIPPED) ? 'its training is not over' : 'it is not there';
    console.warn(`The shipped model is not tested: ${why}.`);
  }
  test.skipIf(!there)(
    'is the default, and its judge sees more of the values than its speech follows',
    async () => {
      const all = MORAL_VALUES.join(', ');
      const { json } = await labJson(['measure', '--constitution', all, '--n', '640']);
      const m = json as Record<string, { r: number }>;
      expect(json['wellFormed']).toBeGreaterThan(0.9);
      expect(m['judgement'].r).toBeGreaterThan(0.5);
      expect(m['judgement'].r).toBeGreaterThan(m['generation'].r);
      expect(m['keepRandom'].r).toBeLessThan(m['keep'].r);
      expect(m['eraseRandom'].r).toBeGreaterThan(m['erase'].r);
    },
  );
});
