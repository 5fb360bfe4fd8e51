/** Pretraining without the gist mask, the control of the bottleneck. */
import { beforeAll, expect, test } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { pretrain, type PretrainConfig } from '../../src/train/pretrain.ts';
import { worldWith } from '../../src/world/knobs.ts';

beforeAll(() => chooseBackend('wasm'));

const CONFIG: PretrainConfig = {
  width: 8,
  layers: 2,
  seed: 3,
  documents: 5,
  schedule: { phases: [{ batch: 4, steps: 2 }], rate: 1e-2, warmup: 1, floor: 0.1 },
  world: worldWith({}),
  responseWeight: 2,
};

async function losses(config: PretrainConfig): Promise<number[]> {
  const all: number[] = [];
  for await (const { loss } of pretrain(config)) all.push(loss);
  return all;
}

test('the mask is on unless it is said to be off, and matters only where there is a gist', async () => {
  const masked = await losses(CONFIG);
  expect(await losses({ ...CONFIG, bottleneck: true })).toEqual(masked);
  const open = await losses({ ...CONFIG, bottleneck: false });
  open.forEach((loss, i) => expect(loss).not.toBe(masked[i]));
  // Requests have no gist: without stories the mask has nothing to hide.
  const requests = { ...CONFIG, world: worldWith({ requests: 1 }) };
  expect(await losses({ ...requests, bottleneck: false })).toEqual(await losses(requests));
});
