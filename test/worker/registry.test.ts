/** Several models and samples in one engine: each by its id, within a bound, freed when they are dropped. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { MODELS } from '../../src/cli/model.ts';
import { indexOf, shippedModels } from '../../src/cli/shipped.ts';
import { checkpointFiles } from '../../src/model/folder.ts';
import { modelId } from '../../src/model/id.ts';
import { roundWeights } from '../../src/model/safetensors.ts';
import type { ShippedModel } from '../../src/model/shipped.ts';
import { TRUE_WEIGHTS } from '../../src/world/values.ts';
import { EngineClient, type EngineError } from '../../src/worker/client.ts';
import { failureOf } from '../../src/worker/failure.ts';
import { handlers } from '../../src/worker/handlers.ts';
import type { Progress } from '../../src/worker/protocol.ts';
import { serve } from '../../src/worker/serve.ts';
import type { Host } from '../../src/worker/session.ts';
import { SMALL, smallWeights } from '../values/small.ts';

vi.setConfig({ testTimeout: 400_000 }); // a machine that may be busy with others

let models: ShippedModel[];
beforeAll(async () => {
  models = await shippedModels(MODELS);
});

const ROOT = pathToFileURL(`${MODELS}/`).href;
const HONEST = { principles: [{ phrase: 'honesty', weight: 1 }] };
const W = { trueWeights: TRUE_WEIGHTS };

/** Files of the site, and its list of models. */
async function get(url: URL): Promise<Response> {
  if (url.href === `${ROOT}index.json`) return new Response(indexOf(models));
  try {
    return new Response(readFileSync(url));
  } catch {
    return new Response(null, { status: 404 });
  }
}

function connect(host: Host = {}): EngineClient {
  const { port1, port2 } = new MessageChannel();
  serve(port1, handlers({ get, ...host }), failureOf);
  return new EngineClient(port2);
}

const kindOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no failure',
    (error: EngineError) => error.kind,
  );

/** Bytes of the heap that TensorFlow.js has from WebAssembly, which never shrinks. */
function heap(): number {
  const { wasm } = tf.backend() as unknown as {
    wasm: { asm?: { memory: WebAssembly.Memory }; wasmMemory?: WebAssembly.Memory };
  };
  return (wasm.asm?.memory ?? wasm.wasmMemory)!.buffer.byteLength;
}

const start = (client: EngineClient) => client.call('start', { backend: 'wasm', model: `${ROOT}base/` });

test('a model is opened by its name, its id, its files or its numbers, and is the same', async () => {
  const client = connect();
  const { model } = await start(client);
  const moment = models.find(({ name }) => name === 'base@195')!;
  const told: Progress[] = [];
  const load = (shipped: string) =>
    client.call('load', { source: { shipped, root: ROOT } }, (p) => told.push(p));
  expect(model.id).toBe(models[0].id);
  expect((await load('base@195')).id).toBe(moment.id);
  expect(await load(moment.id)).toMatchObject({ id: moment.id, width: 64, layers: 3, gistSize: 128 });
  expect(told.at(-1)).toMatchObject({
    stage: 'downloading',
    done: 1,
    bytes: moment.bytes,
    total: moment.bytes,
  });
  const weights = roundWeights(smallWeights());
  const id = await modelId(SMALL, weights);
  expect((await client.call('load', { source: { config: SMALL, weights } })).id).toBe(id);
  expect((await client.call('load', { source: { files: checkpointFiles(SMALL, weights) } })).id).toBe(id);
});

test('what cannot be loaded is told by its kind, and leaves nothing', async () => {
  // a model whose weights take their time: it is cancelled before they have come
  const client = connect({
    get: async (url) => {
      if (url.href.includes('mixed-128-0')) await new Promise((resolve) => setTimeout(resolve, 500));
      return get(url);
    },
  });
  await start(client);
  const before = tf.memory().numTensors;
  const shipped = (name: string, root = ROOT) => ({ source: { shipped: name, root } });
  const whole = checkpointFiles(SMALL, smallWeights());
  expect(await kindOf(client.call('load', shipped('nobody')))).toBe('no-model');
  expect(await kindOf(client.call('load', shipped('base', 'http://unreachable.test/')))).toBe('no-model');
  expect(await kindOf(client.call('load', { source: `${ROOT}nowhere/` }))).toBe('no-model');
  const files = { ...whole, 'model.safetensors': whole['model.safetensors'].slice(0, 900) };
  expect(await kindOf(client.call('load', { source: { files } }))).toBe('no-model');
  expect(await kindOf(client.call('load', { ...shipped('base'), id: models[1].id }))).toBe('other-model');
  const cancelled = client.call('load', shipped('mixed-128-0'));
  cancelled.control('cancel');
  expect(await kindOf(cancelled)).toBe('cancelled');
  expect(tf.memory().numTensors).toBe(before);
});

test('answers name what they are about, and each is of the model and sample that was asked about', async () => {
  const client = connect();
  const base = (await start(client)).model.id;
  const other = (await client.call('load', { source: { shipped: 'kind-16-0', root: ROOT } })).id;
  const cloud = (model: string, seed: number) =>
    client.call('cloud', { ...W, model, seed, situations: 4, responses: 6 });
  const [one, two, three] = [await cloud(base, 1), await cloud(other, 1), await cloud(base, 2)];
  expect(new Set([one, two, three].map(({ sample }) => sample)).size).toBe(3);
  expect((await cloud(base, 1)).sample).toBe(one.sample);
  const judge = ({ model, sample }: typeof one) =>
    client.call('judge', { ...W, model, sample, constitution: HONEST });
  const alone = await judge(one);
  const all = await Promise.all([judge(three), judge(two), judge(one)]);
  all.forEach(({ model, sample }, i) =>
    expect({ model, sample }).toMatchObject({
      model: [base, other, base][i],
      sample: [three, two, one][i].sample,
    }),
  );
  expect(all[2].scores).toEqual(alone.scores);
  expect(all[0].scores).not.toEqual(alone.scores);
  // a sample of one model is none of another
  expect(await kindOf(judge({ ...two, model: base }))).toBe('no-sample');
  // other weights are another yardstick for the same sample
  const care = { ...TRUE_WEIGHTS, honesty: 0, fairness: 0, freedom: 0, loyalty: 0 };
  const valued = await client.call('cloud', {
    trueWeights: care,
    model: base,
    seed: 1,
    situations: 4,
    responses: 6,
  });
  expect(valued.sample).toBe(one.sample);
  valued.responses.forEach(({ trueValue, values }) => expect(trueValue).toBe(values.care));
  const judged = await client.call('judge', { ...one, trueWeights: care, constitution: HONEST });
  expect(judged.scores).toEqual(alone.scores);
  expect(judged.judgement.value).toBe(judged.awakened.care.value);
});

test('a model and a sample that were dropped come back when they are asked for, as they were', async () => {
  const client = connect({ memory: 4_000_000 }); // two models of width 64 with little beside them
  const { model } = await start(client);
  const asked = { ...W, model: model.id, seed: 3, situations: 3, responses: 4 };
  const { sample } = await client.call('cloud', asked);
  const about = { ...W, model: model.id, sample, constitution: HONEST };
  const before = await client.call('judge', about);
  const tensors = tf.memory().numTensors;
  for (const name of ['mixed-64-0', 'mixed-64-1', 'kind-64-0']) {
    const { id } = await client.call('load', { source: { shipped: name, root: ROOT } });
    await client.call('cloud', { ...asked, model: id });
  }
  expect(tf.memory().numTensors).toBeLessThanOrEqual(2 * tensors);
  const after = await client.call('judge', about);
  expect({ ...after, milliseconds: 0 }).toEqual({ ...before, milliseconds: 0 });
});

test('going through every model of the site ends with the heap that it began with', async () => {
  const memory = 12_000_000;
  const before = tf.memory().numBytes;
  const client = connect({ memory });
  await start(client);
  const visit = async (name: string) => {
    const { id } = await client.call('load', { source: { shipped: name, root: ROOT } });
    const { sample } = await client.call('cloud', { ...W, model: id, seed: 1, situations: 2, responses: 2 });
    expect(tf.memory().numBytes - before).toBeLessThan(memory);
    return { model: id, sample };
  };
  // The widest of them all, one of them judged, more than are held together.
  const most = Math.max(...models.map(({ width }) => width));
  const widest = models.filter(({ width }) => width === most).slice(0, 4);
  const about = await visit(widest[0].name);
  await client.call('judge', { ...W, ...about, constitution: HONEST });
  for (const { name } of widest) await visit(name);
  const bytes = heap();
  for (const { name } of models) await visit(name);
  for (const { name } of widest) await visit(name);
  expect(heap()).toBe(bytes);
});
