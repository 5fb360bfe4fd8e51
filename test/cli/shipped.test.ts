/** The site's models: what the list says of them, and how one is found. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { MODELS } from '../../src/cli/model.ts';
import { folderId, indexOf, placeOf, shippedModels } from '../../src/cli/shipped.ts';
import { findShipped, readShipped, type ShippedModel } from '../../src/model/shipped.ts';
import { WORLD_KNOBS } from '../../src/world/knobs.ts';
import { lab, labJson } from './lab.ts';

let models: ShippedModel[];
beforeAll(async () => {
  models = await shippedModels(MODELS);
});

test('it has every checkpoint that there is, base and its moments first, and is read as it is written', () => {
  const files = readdirSync(MODELS, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.safetensors'),
  );
  const listed = models.map(({ folder, weights }) => join(folder, weights));
  expect([...listed].sort()).toEqual([...files].sort());
  expect(models[0].name).toBe('base');
  expect(models.slice(1, 11).map(({ name }) => name.split('@')[0])).toEqual(new Array(10).fill('base'));
  expect(new Set(models.map(({ name }) => name)).size).toBe(models.length);
  expect(readShipped(JSON.parse(indexOf(models)))).toEqual(models);
});

test('it says of each what its files say', async () => {
  for (const { name, folder, bytes, id, turned, weights } of models) {
    const files = ['config.json', 'tokenizer.json', weights].map((file) =>
      readFileSync(join(MODELS, folder, file)),
    );
    expect(bytes, name).toBe(files.reduce((sum, { length }) => sum + length, 0));
    const run = JSON.parse(readFileSync(join(MODELS, folder, 'run.json'), 'utf8')) as {
      id?: string;
      world: Record<string, number>;
    };
    if (run.id !== undefined && !name.includes('@')) expect(run.id, name).toBe(id);
    for (const knob of Object.keys(WORLD_KNOBS) as (keyof typeof WORLD_KNOBS)[])
      expect(turned[knob] ?? WORLD_KNOBS[knob].default, `${name} ${knob}`).toBe(run.world[knob]);
  }
  expect(findShipped(models, 'base')!.id).toBe(
    (JSON.parse(readFileSync(join(MODELS, 'base/run.json'), 'utf8')) as { id: string }).id,
  );
});

test('a model is found by its name, its id and its folder, and what is none of these is not', async () => {
  const moment = models[1];
  for (const one of [models[0], moment, findShipped(models, 'mixed-64-0')!]) {
    expect(findShipped(models, one.id)).toBe(one);
    const { folder, weights } = await placeOf(MODELS, one.name);
    expect(await folderId(folder, weights), one.name).toBe(one.id);
  }
  const folder = join(MODELS, 'base');
  expect(await placeOf(MODELS, folder)).toEqual({ folder, weights: 'model.safetensors' });
  const byId = await placeOf(MODELS, moment.id);
  expect(join(byId.folder, byId.weights)).toBe(join(MODELS, moment.folder, moment.weights));
  for (const wanted of ['nobody', 'base@1', '0123456789abcdef', '../models/base@195', '']) {
    expect(findShipped(models, wanted), wanted).toBeUndefined();
    const { folder, weights } = await placeOf(MODELS, wanted);
    expect(existsSync(join(folder, weights)), wanted).toBe(false);
  }
});

test('on the command line', async () => {
  const { json } = await labJson(['models', '--json']);
  expect(json).toEqual({ models });
  const moment = await lab(['generate', '--n', '1', '--model', 'base@195', '--seed', '3']);
  expect([moment.code, moment.stdout.endsWith('\n')]).toEqual([0, true]);
  expect((await lab(['generate', '--n', '1', '--model', 'nobody'])).code).toBe(2);
});
