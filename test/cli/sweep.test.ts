/** The sweep from the command line: its table, its shards, and models that a kill leaves whole. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import {
  QUALITIES,
  SWEEP,
  SWEEP_SEEDS,
  SWEEP_WIDTHS,
  sweepName,
  type Quality,
} from '../../src/experiments/sweep.ts';
import { addressOf } from '../../src/cli/sweep.ts';
import type { WorldKnobs } from '../../src/world/knobs.ts';
import { temporaryFolder } from '../worker/folder.ts';
import { lab, labJson, labMany } from './lab.ts';

vi.setConfig({ testTimeout: 240_000 }); // processes, on a machine that may be busy with others

const folder = temporaryFolder();
afterAll(folder.remove);

const at = (...names: string[]) => join(folder.path, ...names);
const sweep = (place: string, ...flags: string[]) => [
  'sweep',
  ...['--out', at(place, 'models'), '--work', at(place, 'work')],
  ...flags,
];
const weights = (place: string, name: string) => readFileSync(at(place, 'models', name, 'model.safetensors'));
const runOf = (place: string, name: string) =>
  JSON.parse(readFileSync(at(place, 'models', name, 'run.json'), 'utf8')) as Record<string, unknown>;
const namesOf = (json: Record<string, unknown>) =>
  (json['models'] as { name: string }[]).map(({ name }) => name);

test('the table has every width × quality × seed and the special worlds, each once', () => {
  const names = SWEEP.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(SWEEP.map(({ config }) => addressOf(config))).size).toBe(names.length);
  for (const quality of Object.keys(QUALITIES) as Quality[])
    for (const width of SWEEP_WIDTHS)
      for (const seed of SWEEP_SEEDS) expect(names).toContain(sweepName(quality, width, seed));
  for (const special of ['unnamed-loyalty', 'no-bottleneck', 'gap-none', 'gap-negative', 'gap-inverted'])
    expect(names).toContain(special);
});

test('a knob that is off leaves an address as it is; every other setting changes it', () => {
  const { config } = SWEEP.find(({ name }) => name === 'mixed-64-0')!;
  const { inverted: _off, ...before } = config.world;
  expect(addressOf({ ...config, world: before as WorldKnobs })).toBe(addressOf(config));
  for (const other of [
    { ...config, seed: 1 },
    { ...config, documents: 9 },
    { ...config, bottleneck: false },
    { ...config, responseWeight: 3 },
    { ...config, world: { ...config.world, prosocial: 0.5 } },
    { ...config, schedule: { ...config.schedule, rate: 1e-3 } },
  ])
    expect(addressOf(other)).not.toBe(addressOf(config));
});

test('shards share the models out, none twice and none left over', async () => {
  const shards = await Promise.all(
    [1, 2, 3].map((i) => labJson(sweep('list', '--list', '--json', '--shard', `${i}/3`))),
  );
  const all = shards.flatMap(({ json }) => namesOf(json));
  expect(all.toSorted()).toEqual(SWEEP.map(({ name }) => name).toSorted());
  expect(existsSync(at('list'))).toBe(false); // it only told
});

test('bad input is told in one line', async () => {
  const bad = [
    ['--only', 'mixed-64-9'],
    ['--shard', '4/3'],
    ['--shard', '0/3'],
    ['--shard', 'half'],
    ['--steps', '0'],
  ];
  const ends = await labMany(bad.map((flags) => sweep('bad', ...flags)));
  ends.forEach((ended, i) => {
    expect(ended, bad[i].join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^lab: .*\n$/);
  });
});

test('killed in the middle it goes on, and puts the same bytes where the sweep that was never killed does', async () => {
  const some = ['--only', 'mixed-8-0', 'kind-8-1', '--steps', '260'];
  const whole = labJson(sweep('whole', ...some, '--json'));
  const killed = await lab(sweep('killed', ...some), (child) => {
    const looking = setInterval(() => {
      const work = at('killed', 'work');
      if (existsSync(work) && readdirSync(work).some((run) => existsSync(join(work, run, 'state.bin'))))
        child.kill('SIGKILL');
    }, 20);
    child.on('close', () => clearInterval(looking));
  });
  expect(killed.code).toBeNull();
  const resumed = await labJson(sweep('killed', ...some, '--json'));
  expect(resumed.json['models']).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  expect(namesOf((await whole).json)).toEqual(['mixed-8-0', 'kind-8-1']);
  for (const name of ['mixed-8-0', 'kind-8-1']) {
    expect(weights('killed', name)).toEqual(weights('whole', name));
    expect(runOf('killed', name)['losses']).toEqual(runOf('whole', name)['losses']);
  }
  expect(weights('whole', 'mixed-8-0')).not.toEqual(weights('whole', 'kind-8-1'));
  expect(runOf('whole', 'kind-8-1')).toMatchObject({
    quality: 'kind',
    width: 8,
    seed: 1,
    world: { prosocial: 0.9 },
  });

  // What is done is left alone; folders of another machine, copied in, count as done.
  const copied = at('merged', 'models', 'mixed-8-0');
  const first = await lab(sweep('merged', '--only', 'kind-8-1', '--steps', '260'));
  expect(first.code).toBe(0);
  renameSync(at('whole', 'models', 'mixed-8-0'), copied);
  writeFileSync(join(copied, 'mark'), 'not trained again');
  rmSync(join(copied, 'tokenizer_config.json')); // which an earlier sweep did not write
  const merged = await labJson(sweep('merged', ...some, '--json'));
  expect(merged.json['models']).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  expect(existsSync(join(copied, 'mark'))).toBe(true);
  expect(existsSync(join(copied, 'tokenizer_config.json'))).toBe(true);

  // A model of other settings under the name is replaced.
  await lab(sweep('merged', '--only', 'mixed-8-0', '--steps', '3'));
  expect(existsSync(join(copied, 'mark'))).toBe(false);
});
