/** Predictions: their sample is drawn beforehand, while nobody waits, and only judged anew. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sampleBatch } from '../../src/values/sampled.ts';
import { TRUE_WEIGHTS } from '../../src/world/values.ts';
import { EngineClient, type EngineError } from '../../src/worker/client.ts';
import { SMALL as LITTLE } from '../../src/worker/effort.ts';
import { failureOf } from '../../src/worker/failure.ts';
import { handlers } from '../../src/worker/handlers.ts';
import { Idle } from '../../src/worker/idle.ts';
import type { Progress } from '../../src/worker/protocol.ts';
import { serve } from '../../src/worker/serve.ts';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import { terseWeights, TINY } from '../cli/lab.ts';
import { smallModel } from '../values/small.ts';

vi.setConfig({ testTimeout: 240_000 }); // a machine that may be busy with others

/** 3,200 responses in five batches. */
const EFFORT = { ...LITTLE, prediction: { count: 16, each: 200 } };
const BY = (phrase: string) => ({ principles: [{ phrase, weight: 1 }] });

async function engine() {
  const { port1, port2 } = new MessageChannel();
  serve(port1, handlers({ effort: EFFORT }), failureOf);
  const client = new EngineClient(port2);
  const { model } = await client.call('start', {
    backend: 'wasm',
    model: { config: TINY, weights: terseWeights() },
  });
  return { client, asked: { model: model.id, trueWeights: TRUE_WEIGHTS, seed: 1 } };
}

let model: Model;
beforeAll(async () => {
  model = await smallModel();
});
afterAll(() => disposeModel(model));

test('a batch that is drawn in pieces is the batch, to the last bit', async () => {
  const draw = { name: 'pieces', seed: 2, count: 5, each: 30 };
  const told: number[] = [];
  const pieces = await sampleBatch(model, draw, 0, (done) => told.push(done), 32);
  expect(pieces).toEqual(await sampleBatch(model, draw, 0));
  expect(told.length).toBeGreaterThan(5);
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

test('what was prepared is judged without another draw, and says what is said without it', async () => {
  const [prepared, fresh] = [await engine(), await engine()];
  const { sample } = await prepared.client.call('prepare', prepared.asked);
  const told: Progress[] = [];
  for (const phrase of ['honesty', 'mercy']) {
    const asked = { ...prepared.asked, constitution: BY(phrase) };
    const prediction = await prepared.client.call('predict', asked, (one) => told.push(one));
    expect(prediction).toEqual(await fresh.client.call('predict', asked));
    expect(prediction.sample).toBe(sample);
  }
  expect(told).toEqual([]);
});

test('a prediction that is cancelled while it draws goes on where it was, one that is prepared meanwhile, too', async () => {
  const { client, asked } = await engine();
  const question = { ...asked, constitution: BY('honesty') };
  const cancelled = client.call(
    'predict',
    question,
    ({ done }) => done > 0.45 && cancelled.control('cancel'),
  );
  await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' } satisfies Partial<EngineError>);
  const told: number[] = [];
  const whole = await client.call('predict', question, ({ done }) => told.push(done));
  expect(told[0]).toBeGreaterThan(0.4);
  const other = await engine();
  const preparing = other.client.call('prepare', other.asked);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await other.client.call('predict', question)).toEqual(whole);
  expect((await preparing).sample).toBe(whole.sample);
});

test('nothing is prepared while somebody waits for anything, nor right after', async () => {
  const idle = new Idle();
  const done: string[] = [];
  let finish = () => {};
  const work = idle.during(() =>
    new Promise<void>((resolve) => (finish = resolve)).then(() => done.push('work')),
  );
  const quiet = idle.quiet().then(() => done.push('quiet'));
  await new Promise((resolve) => setTimeout(resolve, 60));
  const began = performance.now();
  finish();
  await Promise.all([work, quiet]);
  expect(done).toEqual(['work', 'quiet']);
  expect(performance.now() - began).toBeGreaterThan(200);
  // a run that waits for its visitor is nothing that somebody waits for
  const paused = idle.during(() => idle.away(() => idle.quiet()));
  await expect(paused).resolves.toBeUndefined();
});
