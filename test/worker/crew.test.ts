/** Training that several engines share. Here they have one thread; in browser/pool.test.ts they are workers. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import {
  createModel,
  disposeModel,
  readWeights,
  replaceWeights,
  type Model,
} from '../../src/model/parameters.ts';
import { alone, gradientOf, hear, sumOf } from '../../src/rlaif/crew.ts';
import type { Judge } from '../../src/rlaif/judge.ts';
import { rlaif, RLAIF, type RlaifOptions } from '../../src/rlaif/loop.ts';
import { LOSSES } from '../../src/rlaif/losses.ts';
import { groupsAt, lessonsOf, partsOf } from '../../src/rlaif/parts.ts';
import type { Row } from '../../src/rlaif/rows.ts';
import { EngineClient, type Connection, type Port } from '../../src/worker/client.ts';
import { crewOf } from '../../src/worker/crew.ts';
import { Pool } from '../../src/worker/pool.ts';
import type { CallName, FromWorker, ToWorker } from '../../src/worker/protocol.ts';
import { smallModel } from '../values/small.ts';

const START = { backend: 'wasm', model: 'http://models.test/', id: 'the model' } as const;
const OPTIONS: RlaifOptions = {
  ...RLAIF,
  seed: 3,
  steps: 2,
  kl: 50,
  responses: 80,
  measure: { situations: 7, each: 5, always: true },
};
const planted: Judge = async ({ responses }) =>
  responses.map(({ response }) => response.filter((id) => id < 160).length - 0.5 * response.length);

let model: Model;
beforeAll(async () => {
  model = await smallModel();
});
afterAll(() => disposeModel(model));

/** Helpers on the same thread, with policies of their own; `dies` tells at which call one is gone. */
function helpers(size: number, dies: (call: CallName, times: number) => boolean = () => false) {
  const calls: CallName[] = [];
  const policies: Model[] = [];
  const connect = (): Connection => {
    let policy: Model | null = null;
    const port: Port = { onmessage: null, postMessage: (message) => void answer(structuredClone(message)) };
    const client = new EngineClient(port);
    const answer = async (message: ToWorker) => {
      if (!('call' in message)) return;
      const { id, call } = message;
      calls.push(call);
      if (dies(call, calls.filter((c) => c === call).length))
        return client.fail({ kind: 'worker-died', message: 'gone' });
      const send = (result: object) => port.onmessage?.({ data: { id, result } } as MessageEvent<FromWorker>);
      if (call === 'follow') {
        if (policy) replaceWeights(policy, message.args.weights);
        else policies.push((policy = createModel(model.config, message.args.weights)));
        send({});
      } else if (call === 'hear') send(await hear(model, policy!, message.args));
      else if (call === 'learn') {
        const gradient = gradientOf(policy!, message.args);
        send(Object.fromEntries(Object.entries(gradient).map(([name, tensor]) => [name, tensor.dataSync()])));
        tf.dispose(gradient);
      } else send({});
    };
    return { client, stop: () => {} };
  };
  const pool = new Pool(START, { size, connect });
  const held = { id: 'the model', config: model.config, weights: {}, model };
  return { crew: crewOf(pool, held, 'a policy'), calls, done: () => policies.forEach(disposeModel) };
}

async function run(crew = alone(model)) {
  const rows: Row[] = [];
  let weights = {};
  for await (const { row, policy } of rlaif(model, planted, OPTIONS, undefined, crew)) {
    rows.push(row);
    weights = await readWeights(policy);
  }
  return { rows, weights };
}

test('a run is the same to the last bit for any number of engines', async () => {
  const before = tf.memory().numTensors;
  const one = await run();
  for (const size of [1, 2]) {
    const { crew, calls, done } = helpers(size);
    expect(crew.size).toBe(1 + size);
    expect(await run(crew)).toEqual(one);
    for (const call of ['follow', 'hear', 'learn'] as const) expect(calls).toContain(call);
    done();
  }
  expect(tf.memory().numTensors).toBe(before);
});

test('a run loses nothing when helpers die, in whatever they do', async () => {
  const one = await run();
  for (const at of ['start', 'follow', 'hear', 'learn'] as const) {
    const { crew, done } = helpers(2, (call, times) => call === at && times === 2);
    expect(await run(crew), at).toEqual(one);
    expect(crew.size, at).toBe(2);
    done();
  }
});

test('parts are all of what is asked, and the gradients of parts add up to the gradient of the whole', async () => {
  const { asked } = groupsAt(1, 30, 2, createRandom(5));
  const parts = partsOf(asked, 7);
  expect(parts.length).toBe(7);
  expect(parts.flatMap(({ prompts }) => prompts)).toEqual(asked.prompts);
  expect(parts.flatMap(({ streams }) => streams)).toEqual(asked.streams);

  const { responses, logProbs } = await hear(model, model, asked);
  const scores = Float32Array.from(responses, ({ response }) => response.length);
  const scored = { scores, reference: logProbs, policy: Float32Array.from(responses, (r) => r.logProb) };
  const slopes = LOSSES.dpo.loss(scored, { each: 2, temperature: 1, beta: 0.1 });
  const lessons = lessonsOf(responses, slopes);
  expect(lessons.length).toBe(2);
  const sum = sumOf(lessons.map((lesson) => gradientOf(model, lesson)));
  const whole = gradientOf(model, { responses, slopes });
  let [difference, size] = [0, 0]; // squared norms
  for (const name of Object.keys(whole)) {
    const [a, b] = [sum[name].dataSync(), whole[name].dataSync()];
    a.forEach((x, i) => (difference += (x - b[i]) ** 2));
    b.forEach((x) => (size += x ** 2));
  }
  expect(Math.sqrt(difference / size)).toBeLessThan(1e-6);
  tf.dispose([sum, whole]);
});
