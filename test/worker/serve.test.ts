/** Both ends of the thread over a real message channel, with calls that do nothing but what they are told. */
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { EngineClient, EngineError, type Port } from '../../src/worker/client.ts';
import { failureOf } from '../../src/worker/failure.ts';
import { CancelledError } from '../../src/worker/gate.ts';
import type {
  Calls,
  Failure,
  FromWorker,
  Progress,
  ToWorker,
  TrainReport,
} from '../../src/worker/protocol.ts';
import { serve, type EnginePort, type Handlers } from '../../src/worker/serve.ts';
import { NoModelError } from '../../src/worker/loading.ts';
import { TRUE_WEIGHTS } from '../../src/world/values.ts';
import { NotFiniteError } from '../../src/train/optimizer.ts';
import { EmptyConstitutionError } from '../../src/values/constitution.ts';
import { UnknownWordError } from '../../src/world/tokenizer.ts';

let close = () => {};
afterEach(() => close());

const unused = async (): Promise<never> => {
  throw new Error('not in this test');
};

const none: Handlers = {
  start: unused,
  load: unused,
  prepare: unused,
  cloud: unused,
  sample: unused,
  judge: unused,
  project: unused,
  predict: unused,
  train: unused,
  follow: unused,
  hear: unused,
  learn: unused,
  release: unused,
};

/** An engine with some handlers, and its client. */
function connect(handlers: Partial<Handlers>): EngineClient {
  const { port1, port2 } = new MessageChannel();
  serve(port1 as unknown as EnginePort, { ...none, ...handlers }, failureOf);
  close = () => {
    port1.close();
    port2.close();
  };
  return new EngineClient(port2 as unknown as Port);
}

const ABOUT = { model: 'the model', sample: 'a sample' };
const CLOUD = { model: 'the model', trueWeights: TRUE_WEIGHTS, seed: 1, situations: 2, responses: 3 };
const BY_NONE = { ...ABOUT, trueWeights: TRUE_WEIGHTS, constitution: { principles: [] } };
const TRAIN: Calls['train']['args'] = { ...BY_NONE, seed: 1, steps: 5, kl: 1 };

/** What a call rejects with. */
async function failure(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => expect.fail('the call should fail'),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(EngineError);
  const { kind, message } = error as EngineError;
  return { kind, message };
}

/** Lets messages through in both directions. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Rows as a training tells them; only the step is looked at here. */
const report = (step: number) => ({ row: { step } }) as TrainReport;

/** Trains `rows` rows through the gate and tells when it was left. */
function trainer(rows: number, left: { how: string } = { how: 'not yet' }): Handlers['train'] {
  return async (_args, { progress, gate }) => {
    try {
      for (let step = 0; step < rows; step++) {
        progress(report(step));
        if (step < rows - 1) await gate.pass();
      }
      left.how = 'done';
      return { ...ABOUT, reason: 'steps', rows };
    } catch (error) {
      left.how = error instanceof CancelledError ? 'cancelled' : 'failed';
      throw error;
    }
  };
}

describe('a call', () => {
  test('gets its progress in order, then its result', async () => {
    const client = connect({
      cloud: async ({ seed }, { progress }) => {
        for (let i = 0; i < 5; i++) progress({ stage: 'sampling', done: i / 5 });
        return { ...ABOUT, seed, situations: 0, responses: [], generation: { value: 0, low: 0, high: 0 } };
      },
    });
    const told: Progress[] = [];
    const result = await client.call('cloud', CLOUD, (p) => told.push(p));
    expect(result.seed).toBe(1);
    expect(told.map(({ done }) => done)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  });

  test('gets typed arrays of its result whole, and the engine gives them away', async () => {
    const kept = Float32Array.from([1, 2, 3]);
    const client = connect({
      predict: async () => ({
        ...ABOUT,
        start: 0,
        kl: kept,
        tilt: { mean: new Float32Array(2), low: new Float32Array(2), high: new Float32Array(2) },
        linear: new Float32Array(0),
        ceiling: new Float32Array([5]),
        truth: new Float32Array([6]),
        situations: 1,
        responses: 2,
      }),
    });
    const result = await client.call('predict', { ...BY_NONE, seed: 1 });
    expect(result.kl).toEqual(Float32Array.from([1, 2, 3]));
    expect(result.tilt.low).toEqual(new Float32Array(2));
    expect(kept.length).toBe(0); // moved, not copied
  });

  test('that came before the engine listened is answered, in its order, and so is what controls it', async () => {
    const { port1, port2 } = new MessageChannel();
    close = () => port1.close();
    const client = new EngineClient(port2 as unknown as Port);
    const early: MessageEvent<ToWorker>[] = [];
    const port = port1 as unknown as EnginePort;
    port.onmessage = (event) => early.push(event);
    const steps: number[] = [];
    const call = client.call('train', { ...TRAIN, paused: true }, ({ row }) => steps.push(row.step));
    call.control('step');
    await settle();
    expect(early.length).toBe(2);
    serve(port, { ...none, train: trainer(4) }, failureOf, early);
    await settle();
    expect(steps).toEqual([0, 1]);
    call.control('resume');
    expect(await call).toEqual({ ...ABOUT, reason: 'steps', rows: 4 });
  });

  test('fails, and so does every later one, when the worker says that it cannot answer', async () => {
    const { port1, port2 } = new MessageChannel();
    close = () => port1.close();
    const client = new EngineClient(port2 as unknown as Port);
    const waiting = failure(client.call('cloud', CLOUD));
    const failed: Failure = { kind: 'worker-died', message: 'Its program did not load.' };
    port1.postMessage({ id: 0, alive: true } satisfies FromWorker);
    port1.postMessage({ id: 0, failed } satisfies FromWorker);
    expect(await waiting).toEqual(failed);
    expect(await failure(client.call('cloud', CLOUD))).toEqual(failed);
  });

  test('that the engine does not have fails, and the engine lives on', async () => {
    const client = connect({ train: trainer(1) });
    const unknown = client.call('destroy' as 'train', TRAIN);
    expect(await failure(unknown)).toEqual({
      kind: 'internal',
      message: 'The engine has no call "destroy".',
    });
    expect(await client.call('train', TRAIN)).toEqual({ ...ABOUT, reason: 'steps', rows: 1 });
  });

  test('without arguments fails instead of hanging', async () => {
    const client = connect({ judge: async ({ constitution }) => constitution as never });
    expect((await failure(client.call('judge', undefined as never))).kind).toBe('internal');
  });

  test('with arguments that cannot be sent fails at once', async () => {
    const client = connect({});
    const args = { ...BY_NONE, seed: 1, callback: () => {} };
    expect((await failure(client.call('predict', args))).kind).toBe('internal');
  });

  test('whose result cannot be sent fails', async () => {
    const client = connect({ train: async () => ({ ...ABOUT, reason: 'steps', rows: (() => 1) as never }) });
    expect((await failure(client.call('train', TRAIN))).kind).toBe('internal');
  });

  test('runs beside another: each gets its own answers', async () => {
    const client = connect({
      train: trainer(4),
      cloud: async ({ seed }, { progress, gate }) => {
        progress({ stage: 'sampling', done: seed });
        await gate.breathe();
        if (seed === 13) throw new RangeError('unlucky');
        return { ...ABOUT, seed, situations: 0, responses: [], generation: { value: 0, low: 0, high: 0 } };
      },
    });
    const seen: Record<string, number[]> = { a: [], b: [], train: [] };
    const [a, b, bad, train] = await Promise.allSettled([
      client.call('cloud', { ...CLOUD, seed: 7 }, ({ done }) => seen['a'].push(done)),
      client.call('cloud', { ...CLOUD, seed: 8 }, ({ done }) => seen['b'].push(done)),
      client.call('cloud', { ...CLOUD, seed: 13 }),
      client.call('train', TRAIN, ({ row }) => seen['train'].push(row.step)),
    ]);
    expect(a).toMatchObject({ value: { seed: 7 } });
    expect(b).toMatchObject({ value: { seed: 8 } });
    expect(bad).toMatchObject({ status: 'rejected', reason: { kind: 'bad-input' } });
    expect(train).toMatchObject({ value: { rows: 4 } });
    expect(seen).toEqual({ a: [7], b: [8], train: [0, 1, 2, 3] });
  });
});

test('failures have the kind that the page tells them by', async () => {
  const cases: [unknown, Failure][] = [
    [
      new EmptyConstitutionError('the constitution names no principle'),
      bad('The constitution names no principle.'),
    ],
    [new UnknownWordError(['zorblax']), bad('Not in the vocabulary: zorblax.')],
    [new RangeError('2 weights for 1 principles'), bad('2 weights for 1 principles.')],
    [
      new NoModelError('The model could not be read.'),
      { kind: 'no-model', message: 'The model could not be read.' },
    ],
    [
      new NotFiniteError('the gradient is no longer finite'),
      { kind: 'not-finite', message: 'The gradient is no longer finite.' },
    ],
    [new CancelledError('cancelled'), { kind: 'cancelled', message: 'Cancelled.' }],
    [new Error('surprise'), { kind: 'internal', message: 'Surprise.' }],
    ['a thrown string', { kind: 'internal', message: 'A thrown string.' }],
  ];
  for (const [error, expected] of cases) {
    const client = connect({
      judge: async () => {
        throw error;
      },
    });
    expect(await failure(client.call('judge', BY_NONE))).toEqual(expected);
    close();
  }
  expect(failureOf(new Error('no TensorFlow.js backend runs here')).kind).toBe('no-backend');
  expect(failureOf(new Error('the GPU device was lost')).kind).toBe('device-lost');
});

function bad(message: string): Failure {
  return { kind: 'bad-input', message };
}

describe('the gate', () => {
  /** A training call with the steps it has told so far. */
  function training(rows: number, paused: boolean) {
    const left = { how: 'not yet' };
    const client = connect({ train: trainer(rows, left) });
    const steps: number[] = [];
    const call = client.call('train', { ...TRAIN, paused }, ({ row }) => steps.push(row.step));
    return { call, steps, left };
  }

  test('starts paused, lets one row through a step, then all', async () => {
    const { call, steps } = training(6, true);
    await settle();
    expect(steps).toEqual([0]);
    call.control('step');
    await settle();
    expect(steps).toEqual([0, 1]);
    call.control('step');
    call.control('step');
    await settle();
    expect(steps).toEqual([0, 1, 2, 3]);
    call.control('resume');
    expect(await call).toEqual({ ...ABOUT, reason: 'steps', rows: 6 });
    expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('pauses a running call between two rows, and a step leaves it paused', async () => {
    const { call, steps } = training(10_000, false);
    await settle();
    call.control('pause');
    await settle();
    const at = steps.length;
    expect(at).toBeGreaterThan(1);
    expect(at).toBeLessThan(10_000);
    await settle();
    expect(steps).toHaveLength(at);
    call.control('step');
    await settle();
    expect(steps).toHaveLength(at + 1);
    call.control('cancel');
    expect((await failure(call)).kind).toBe('cancelled');
  });

  test('cancels while running, while paused, and before anything has begun', async () => {
    for (const paused of [true, false]) {
      const { call, left } = training(100_000, paused);
      await settle();
      call.control('cancel');
      expect(await failure(call)).toEqual({ kind: 'cancelled', message: 'Cancelled.' });
      expect(left.how).toBe('cancelled');
      close();
    }
    const { call, steps } = training(100_000, false);
    call.control('cancel');
    expect((await failure(call)).kind).toBe('cancelled');
    expect(steps.length).toBeLessThan(3);
  });

  test('of one call is not that of another, and what has ended cannot be controlled', async () => {
    const client = connect({ train: trainer(3) });
    const one = client.call('train', { ...TRAIN, paused: true });
    const other = client.call('train', { ...TRAIN, paused: true });
    one.control('resume');
    expect(await one).toEqual({ ...ABOUT, reason: 'steps', rows: 3 });
    one.control('cancel');
    let done = false;
    void other.finally(() => (done = true));
    await settle();
    expect(done).toBe(false);
    other.control('resume');
    expect(await other).toEqual({ ...ABOUT, reason: 'steps', rows: 3 });
  });
});

describe('a dead engine', () => {
  test('fails every call that waits and every later one, once', async () => {
    const client = connect({ train: trainer(5) });
    const told: number[] = [];
    const calls = [1, 2].map(() => client.call('train', { ...TRAIN, paused: true }, () => told.push(1)));
    await settle();
    const death: Failure = { kind: 'worker-died', message: 'The engine stopped unexpectedly.' };
    client.fail(death);
    for (const call of calls) expect(await failure(call)).toEqual(death);
    expect(await failure(client.call('train', TRAIN))).toEqual(death);
    const before = told.length;
    calls[0].control('resume'); // nobody listens any more, and nothing comes of it
    await settle();
    expect(told).toHaveLength(before);
  });
});
