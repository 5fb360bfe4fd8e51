/** Samples that several engines draw. Here all of them have one model; in browser/pool.test.ts they are workers. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import type { Progress } from '../../src/math/progress.ts';
import { joined, sampleBatch, sampleGists, type SampledGists } from '../../src/values/sampled.ts';
import { EngineClient, type Connection, type Port } from '../../src/worker/client.ts';
import { Pool } from '../../src/worker/pool.ts';
import type { FromWorker, ToWorker } from '../../src/worker/protocol.ts';
import { smallModel } from '../values/small.ts';

const DRAW = { name: 'pool', seed: 3, count: 61, each: 41 }; // 2,501 responses in four batches, the last a short one
const START = { backend: 'wasm', model: 'http://models.test/', id: 'the model' } as const;

let model: Model;
let alone: SampledGists;
beforeAll(async () => {
  model = await smallModel();
  alone = await sampleGists(model, DRAW);
});
afterAll(() => disposeModel(model));

interface Fake {
  connect: () => Connection;
  /** Batches that helpers drew, and how many helpers were started and stopped. */
  seen: { batches: number[]; started: number; stopped: number };
}

/** Helpers that draw from the same model; `dies` tells at which of its batches one is gone, before it answers. */
function helpers(dies: (batch: number) => boolean = () => false, starts = true): Fake {
  const seen: Fake['seen'] = { batches: [], started: 0, stopped: 0 };
  const connect = (): Connection => {
    seen.started += 1;
    const port: Port = { onmessage: null, postMessage: (message) => void answer(message) };
    const client = new EngineClient(port);
    const send = (data: FromWorker) => port.onmessage?.({ data } as MessageEvent<FromWorker>);
    const answer = async (message: ToWorker) => {
      if (!('call' in message)) return;
      if (message.call === 'start' && starts) send({ id: message.id, result: {} as never });
      if (message.call === 'load') send({ id: message.id, result: {} as never });
      if (message.call !== 'sample') return;
      const { draw, batch } = message.args;
      if (dies(batch)) return client.fail({ kind: 'worker-died', message: 'gone' });
      const result = await sampleBatch(model, draw, batch);
      seen.batches.push(batch);
      send({ id: message.id, result });
    };
    return { client, stop: () => (seen.stopped += 1) };
  };
  return { connect, seen };
}

/** The whole of what a pool draws. */
async function drawn(pool: Pool, draw: typeof DRAW, progress?: Progress, batches: SampledGists[] = []) {
  const held = { id: 'the model', config: model.config, weights: {}, model };
  await pool.batches(held, draw, batches, progress);
  return joined(batches);
}

const poolOf = ({ connect }: Fake, size = 2) => new Pool(START, { size, connect });

test('a pool draws what one engine draws', async () => {
  const before = tf.memory().numTensors;
  const fake = helpers();
  const pool = poolOf(fake);
  const told: number[] = [];
  const sample = await drawn(pool, DRAW, async (done) => {
    told.push(done);
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  expect(sample).toEqual(alone);
  expect(fake.seen.batches.length).toBeGreaterThan(0);
  expect(told.every((done) => done > 0 && done <= 1)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
  expect(await drawn(pool, DRAW)).toEqual(alone);
  expect(fake.seen.started).toBe(2); // they stay
  pool.stop();
  expect(fake.seen.stopped).toBe(2);
});

test('helpers that die are done without, and lose nothing', async () => {
  for (const dies of [() => true, (batch: number) => batch % 2 === 1]) {
    const fake = helpers(dies);
    const pool = poolOf(fake);
    expect(await drawn(pool, DRAW)).toEqual(alone);
    expect(fake.seen.stopped).toBeGreaterThan(0);
    expect(await drawn(pool, DRAW)).toEqual(alone);
    expect(fake.seen.started).toBe(2); // nobody takes the place of the dead
  }
});

test('a helper that never starts is not waited for', async () => {
  expect(await drawn(poolOf(helpers(undefined, false)), DRAW)).toEqual(alone);
});

test('small samples start no helper, and a pool of none works', async () => {
  const fake = helpers();
  const small = { ...DRAW, count: 3, each: 5 };
  expect(await drawn(poolOf(fake), small)).toEqual(await sampleGists(model, small));
  expect(await drawn(poolOf(fake, 0), DRAW)).toEqual(alone);
  expect(await drawn(new Pool(START), DRAW)).toEqual(alone);
  expect(fake.seen.started).toBe(0);
});

test('who cancels a sample gets the error, and may draw it again', async () => {
  const pool = poolOf(helpers());
  const cancelled = new Error('cancelled');
  await expect(drawn(pool, DRAW, () => Promise.reject(cancelled))).rejects.toBe(cancelled);
  expect(await drawn(pool, DRAW)).toEqual(alone);
});
