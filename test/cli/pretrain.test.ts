/** Pretraining from the command line: repeatable, resumable, and whole after a kill at any moment. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { afterAll, expect, test, vi } from 'vitest';
import type { OptimizerState } from '../../src/train/optimizer.ts';
import { temporaryFolder } from '../worker/folder.ts';
import { lab, labJson } from './lab.ts';

vi.setConfig({ testTimeout: 240_000 }); // processes, on a machine that may be busy with others

const folder = temporaryFolder();
afterAll(folder.remove);

const at = (name: string) => join(folder.path, name);
const read = (name: string, file: string) => readFileSync(join(at(name), file));
const pretrain = (name: string, ...flags: string[]) => [
  'pretrain',
  '--width',
  '8',
  '--out',
  at(name),
  ...flags,
];

interface Saved {
  state: { optimizer: OptimizerState };
}
const stepOf = (name: string): number => (deserialize(read(name, 'state.bin')) as Saved).state.optimizer.step;

test('six steps make a whole folder, which is the default model’s kind, and again only look at it', async () => {
  const first = await labJson(pretrain('six', '--steps', '6', '--json'));
  expect(first.json).toMatchObject({ out: at('six') });
  expect(first.json['loss']).toBeGreaterThan(1);
  for (const file of ['config.json', 'tokenizer.json', 'model.safetensors', 'run.json'])
    expect(existsSync(join(at('six'), file)), file).toBe(true);
  const run = JSON.parse(read('six', 'run.json').toString()) as Record<string, unknown>;
  expect(run).toMatchObject({ width: 8, layers: 3, seed: 0, losses: [[6, first.json['loss']]] });
  expect(run['command']).toMatch(/^npm run lab -- pretrain --width 8 .*--steps 6 --out DIR$/);

  const weights = read('six', 'model.safetensors');
  const again = await lab(pretrain('six', '--steps', '6', '--moments')); // asked for too late: there are none to tell
  expect([again.code, again.stdout]).toEqual([0, '']);
  expect(JSON.parse(read('six', 'run.json').toString())).toMatchObject({ moments: [] });
  expect(again.stderr).toMatch(/going on from step 6/);
  expect(read('six', 'model.safetensors')).toEqual(weights);

  const generated = await labJson(['generate', '--model', at('six'), '--n', '2', '--json']);
  expect(generated.json['samples']).toHaveLength(2);

  // The same settings elsewhere make the same model; other ones do not go on from it.
  await labJson(pretrain('other', '--steps', '6', '--json'));
  expect(read('other', 'model.safetensors')).toEqual(weights);
  const mixed = await lab(pretrain('six', '--steps', '6', '--seed', '1'));
  expect(mixed).toMatchObject({ code: 2, stdout: '' });
  expect(mixed.stderr).toMatch(/^lab: .*other settings/);
  writeFileSync(join(at('six'), 'state.bin'), read('six', 'state.bin').subarray(0, 1000));
  const damaged = await lab(pretrain('six', '--steps', '6'));
  expect(damaged).toMatchObject({ code: 2, stdout: '' });
  expect(damaged.stderr).toMatch(/^lab: .*state\.bin is damaged/);
});

test('killed in the middle it goes on, and makes the model that was never killed', async () => {
  const steps = ['--steps', '520'];
  const whole = labJson(pretrain('whole', ...steps, '--json'));
  // Killed as soon as a first state is there: at a step that nobody chose.
  const killed = await lab(pretrain('killed', ...steps), (child) => {
    const looking = setInterval(
      () => existsSync(join(at('killed'), 'state.bin')) && child.kill('SIGKILL'),
      20,
    );
    child.on('close', () => clearInterval(looking));
  });
  expect(killed.code).toBeNull();
  expect(existsSync(join(at('killed'), 'model.safetensors'))).toBe(false);
  expect([250, 500]).toContain(stepOf('killed'));
  // A write that a kill cut short is no state.
  writeFileSync(join(at('killed'), 'state.bin.part'), 'half of a sta');

  const resumed = await lab(pretrain('killed', ...steps));
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/going on from step (250|500)/);
  await whole;
  expect(read('killed', 'model.safetensors')).toEqual(read('whole', 'model.safetensors'));
  const losses = (name: string) =>
    (JSON.parse(read(name, 'run.json').toString()) as { losses: unknown }).losses;
  expect(losses('killed')).toEqual(losses('whole'));
  rmSync(at('killed'), { recursive: true });
});
