/**
 * No command leaves a tensor behind but the model that it was asked to load, which lives as long as its process:
 * each is run here, in one process, and counted.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { parameterTable } from '../../src/model/parameters.ts';
import { situationAt } from '../../src/world/documents.ts';
import { temporaryFolder, writeFolder } from '../worker/folder.ts';
import { terseWeights, TINY } from './lab.ts';

vi.setConfig({ testTimeout: 240_000 }); // a machine that may be busy with others

const folder = temporaryFolder();
const model = writeFolder(join(folder.path, 'model'), TINY, terseWeights(7));
const MODEL = ['--model', model];
const CONSTITUTION = ['--constitution', 'honesty, mercy'];
const at = (name: string) => join(folder.path, name);

/** Every command, small. */
const LINES: Record<string, string[]> = {
  generate: [...MODEL, '--n', '3'],
  logits: [...MODEL, '--text', situationAt(1, 1)],
  judge: [...MODEL, ...CONSTITUTION, '--text', situationAt(1, 1)],
  measure: [...MODEL, ...CONSTITUTION, '--n', '64'],
  rlaif: [...MODEL, ...CONSTITUTION, '--steps', '1', '--out', at('trained')],
  data: [...MODEL, ...CONSTITUTION, '--n', '16', '--out', at('rows.npz')],
  attack: [...MODEL, '--innocent', '--n', '64'],
  pretrain: ['--width', '8', '--steps', '3', '--out', at('pretrained')],
  sweep: ['--only', 'mixed-8-0', '--steps', '2', '--out', at('swept'), '--work', at('work')],
  record: [...MODEL, '--out', at('run.bin')],
  proof: [...MODEL, '--out', at('proof.json')],
  models: [],
};
/** Commands that take minutes however small they are asked to be. */
const LONG = ['bench', 'experiments'];

const FOLDER = join(import.meta.dirname, '../../src/cli/commands');
const program = new Command('lab');

beforeAll(async () => {
  await chooseBackend('wasm');
  for (const file of readdirSync(FOLDER)) {
    const module = (await import(join(FOLDER, file))) as Record<string, (program: Command) => void>;
    module[`${file.replace('.ts', '')}Command`](program);
  }
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true);
});
afterAll(() => {
  vi.restoreAllMocks();
  folder.remove();
});

test.each(Object.entries(LINES))('%s', async (name, flags) => {
  const before = tf.memory().numTensors;
  await program.parseAsync([name, ...flags], { from: 'user' });
  const left = tf.memory().numTensors - before;
  expect([0, parameterTable(TINY).length]).toContain(left);
});

test('there is no other command', () => {
  expect(program.commands.map((command) => command.name()).sort()).toEqual(
    [...Object.keys(LINES), ...LONG].sort(),
  );
});
