/** The engine itself behind the protocol, on a small checkpoint that a stubbed fetch serves. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { correlationWithin } from '../../src/math/statistics.ts';
import { modelId } from '../../src/model/id.ts';
import { roundWeights } from '../../src/model/safetensors.ts';
import { parameterCount } from '../../src/model/parameters.ts';
import { EngineClient, type EngineError, type Port } from '../../src/worker/client.ts';
import { failureOf } from '../../src/worker/failure.ts';
import { handlers } from '../../src/worker/handlers.ts';
import type { Calls, Cloud, Progress, TrainReport } from '../../src/worker/protocol.ts';
import { serve, type EnginePort } from '../../src/worker/serve.ts';
import { NAMES } from '../../src/world/lexicon.ts';
import { PRINCIPLES } from '../../src/world/principles.ts';
import { TRUE_WEIGHTS, VALUE_NAMES, type TrueWeights } from '../../src/world/values.ts';
import { terseWeights, TINY } from '../cli/lab.ts';
import { SMALL, smallWeights } from '../values/small.ts';
import { DAMAGES, damagedCopy, temporaryFolder, writeFolder } from './folder.ts';

const HOST = 'http://models.test/';
const folder = temporaryFolder();
writeFolder(join(folder.path, 'small'), SMALL, smallWeights());
writeFolder(join(folder.path, 'terse'), TINY, terseWeights());

/** Serves files of the folder as a static host would. */
vi.stubGlobal('fetch', async (url: URL | string) => {
  const { href } = new URL(url);
  if (!href.startsWith(HOST)) throw new TypeError('fetch failed');
  const path = join(folder.path, href.slice(HOST.length));
  return existsSync(path) ? new Response(readFileSync(path)) : new Response('Not found', { status: 404 });
});

const channels: { close: () => void }[] = [];

function connect(): EngineClient {
  const { port1, port2 } = new MessageChannel();
  channels.push(port1, port2);
  serve(port1 as unknown as EnginePort, handlers(), failureOf);
  return new EngineClient(port2 as unknown as Port);
}

afterAll(() => {
  for (const channel of channels) channel.close();
  vi.unstubAllGlobals();
  folder.remove();
});

const START: Calls['start']['args'] = { backend: 'wasm', model: `${HOST}small/` };
const W = { trueWeights: TRUE_WEIGHTS };
const constitution = (...principles: [phrase: string, weight: number][]) => ({
  principles: principles.map(([phrase, weight]) => ({ phrase, weight })),
});
const HONEST = constitution(['honesty', 1]);

const kindOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no failure',
    (error: EngineError) => `${error.kind}: ${error.message}`,
  );

describe('a model', () => {
  test('starts, and says what it is', async () => {
    const told: Progress[] = [];
    const started = await connect().call('start', START, (p) => told.push(p));
    expect(started.backend.name).toBe('wasm');
    expect(started.backend.reason).not.toBe('');
    expect(started.model).toEqual({
      id: await modelId(SMALL, roundWeights(smallWeights())),
      parameters: parameterCount(SMALL),
      layers: 3,
      width: 16,
      gistSize: 32,
    });
    expect(started.names).toEqual(NAMES);
    expect(started.principles.map(({ phrase }) => phrase)).toEqual(PRINCIPLES.map(({ phrase }) => phrase));
    expect(told[0].stage).toBe('downloading');
  });

  test('is found without the last slash, and one that replaces another leaves nothing of it', async () => {
    const client = connect();
    await client.call('start', START);
    const tensors = tf.memory().numTensors;
    await client.call('start', { ...START, model: `${HOST}small` });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('that cannot be loaded is "no model", with the reason in a sentence', async () => {
    const client = connect();
    for (const url of [`${HOST}nowhere/`, 'http://unreachable.test/', 'models/base/'])
      expect(await kindOf(client.call('start', { ...START, model: url })), url).toMatch(
        /^no-model: The model.+\.$/,
      );
    for (const [what, file, change] of DAMAGES) {
      const name = what.replaceAll(' ', '-');
      damagedCopy(join(folder.path, 'small'), join(folder.path, name), file, change);
      const failure = await kindOf(client.call('start', { ...START, model: `${HOST}${name}/` }));
      expect(failure, what).toMatch(/^no-model: The model.+[^.]\.$/);
    }
    expect((await client.call('start', START)).backend.name).toBe('wasm'); // and the engine lives on
  });
});

test('asked before it is started, of a model that it never had, or of a sample that it never drew, it says so', async () => {
  const client = connect();
  const cloud = { ...W, model: 'nobody', seed: 1, situations: 2, responses: 2 };
  expect(await kindOf(client.call('cloud', cloud))).toMatch(/^internal: .+started/);
  const { model } = await client.call('start', START);
  expect(await kindOf(client.call('cloud', cloud))).toMatch(/^no-model: .+nobody is not loaded/);
  const judge = { ...W, model: model.id, sample: 'nothing', constitution: HONEST };
  expect(await kindOf(client.call('judge', judge))).toMatch(/^no-sample: No sample nothing/);
});

test('a prediction needs no cloud, can be cancelled while it samples, and is the same again', async () => {
  const client = connect();
  const { model } = await client.call('start', { ...START, model: `${HOST}terse/` });
  const asked = { ...W, model: model.id, constitution: HONEST, seed: 1 };
  const before = tf.memory().numTensors;
  const cancelled = client.call('predict', asked, ({ done }) => {
    if (done > 0.1) cancelled.control('cancel');
  });
  expect(await kindOf(cancelled)).toBe('cancelled: Cancelled.');
  expect(tf.memory().numTensors).toBe(before);
  const told: Progress[] = [];
  const result = await client.call('predict', asked, (p) => told.push(p));
  expect(told.every(({ stage }) => stage === 'predicting')).toBe(true);
  expect(told.at(-1)?.done).toBe(1);
  const n = result.kl.length;
  expect(n).toBeGreaterThan(3);
  expect(Array.from(result.kl)).toEqual(Array.from(result.kl).sort((a, b) => a - b));
  const { mean, low, high } = result.tilt;
  for (const column of [mean, low, high, result.linear, result.ceiling, result.truth]) {
    expect(column).toHaveLength(n);
    expect(column.every(Number.isFinite)).toBe(true);
  }
  expect([result.situations, result.responses]).toEqual([64, 64 * 256]);
  expect(await client.call('predict', asked)).toEqual(result); // from the sample it has
  expect(tf.memory().numTensors).toBe(before);
});

describe('with a cloud', () => {
  const client = connect();
  let cloud: Cloud;
  let about: { model: string; sample: string; trueWeights: TrueWeights };
  const told: Progress[] = [];
  const count = 24;

  beforeAll(async () => {
    const { model } = await client.call('start', START);
    const asked = { ...W, model: model.id, seed: 2, situations: 4, responses: 6 };
    cloud = await client.call('cloud', asked, (p) => told.push(p));
    about = { ...W, model: model.id, sample: cloud.sample };
  });

  test('it has sampled responses to each situation, with their ground truth, and told its progress', () => {
    expect([cloud.seed, cloud.situations, cloud.responses.length]).toEqual([2, 4, count]);
    expect(cloud.responses.map((r) => r.situation)).toEqual(
      Array.from({ length: count }, (_, i) => Math.floor(i / 6)),
    );
    for (const response of cloud.responses) {
      expect(response.logProb).toBeLessThan(0);
      const words = response.response.split(' ');
      for (const { from, to } of response.deeds) {
        expect(from).toBeLessThan(to);
        expect(to).toBeLessThanOrEqual(words.length);
      }
      expect(Object.keys(response.values)).toEqual([...VALUE_NAMES]);
    }
    const shares = told.map(({ done }) => done);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(told.every(({ stage }) => stage === 'sampling')).toBe(true);
  });

  test('a constitution judges every response', async () => {
    const judged = await client.call('judge', { ...about, constitution: HONEST });
    expect(judged.scores).toHaveLength(count);
    expect(judged.asked).toEqual(['by honesty , that is']);
    expect([judged.weighted, judged.rank]).toEqual([false, 1]);
    expect(Object.keys(judged.awakened)).toEqual([...VALUE_NAMES]);
    for (const r of [judged.linear, judged.projected, judged.judgement.value])
      expect(Math.abs(r)).toBeLessThanOrEqual(1);
    const again = await client.call('judge', { ...about, constitution: HONEST });
    expect(again.scores).toEqual(judged.scores);
  });

  test('no principle is a judge: it is asked for just good or bad, falls onto its own line, predicts and trains', async () => {
    const none = constitution();
    const judged = await client.call('judge', { ...about, constitution: none });
    expect([judged.asked, judged.weighted, judged.rank]).toEqual([['that is'], false, 1]);
    expect(judged.scores).not.toEqual(
      (await client.call('judge', { ...about, constitution: HONEST })).scores,
    );
    const question = { ...about, constitution: none, keep: 'plane', responses: 16, seed: 1 } as const;
    const fallen = await client.call('project', { ...question, ask: 'constitution' });
    expect(fallen).toEqual(await client.call('project', { ...question, ask: 'nothing' }));
    expect([fallen.rank, fallen.arrows.map(({ name }) => name).some((name) => name === '')]).toEqual([
      1,
      false,
    ]);
    const reports: TrainReport[] = [];
    await client.call('train', { ...about, constitution: none, seed: 1, steps: 1, kl: 50 }, (one) =>
      reports.push(one),
    );
    expect(reports.map(({ row }) => row.step)).toEqual([0, 1]);
  });

  test('weights are asked for one by one; those of 0 are left out', async () => {
    const one = await client.call('judge', { ...about, constitution: constitution(['mercy', 1]) });
    const less = await client.call('judge', {
      ...about,
      constitution: constitution(['mercy', -0.5], ['honesty', 0]),
    });
    expect(less.asked).toEqual(['by mercy , that is']);
    less.scores.forEach((s, i) => expect(s).toBeCloseTo(-0.5 * one.scores[i], 5));
    const two = await client.call('judge', {
      ...about,
      constitution: constitution(['mercy', 1], ['honesty', 0.5]),
    });
    expect(two.weighted).toBe(true);
    expect(two.asked).toEqual(['by mercy , that is', 'by honesty , that is']);
  });

  test('what is no constitution is bad input, told in a sentence', async () => {
    const wrong = [constitution(['', 1]), constitution(['mercy zorblax', 1]), constitution(['honesty', 0])];
    const long = constitution([new Array<string>(40).fill('wallet').join(' '), 1]);
    for (const principles of [...wrong, long, constitution(['honesty', NaN])])
      for (const call of ['judge', 'project', 'train'] as const) {
        const args = {
          ...about,
          constitution: principles,
          seed: 1,
          keep: 'plane',
          ask: 'nothing',
          responses: 8,
          steps: 1,
          kl: 1,
        };
        expect(await kindOf(client.call(call, args as never)), call).toMatch(/^bad-input: [A-Z].+\.$/);
      }
  });

  test('a projection falls from the gists themselves to the subspace alone', async () => {
    const two = constitution(['honesty', 1], ['the wallet', 0.5]);
    const ask = { ...about, constitution: two, responses: 16, seed: 1 };
    const plane = await client.call('project', { ...ask, keep: 'plane', ask: 'constitution' });
    const n = plane.ids.length;
    expect(n).toBe(16);
    expect([...plane.dropped]).toEqual(Array.from({ length: 11 }, (_, i) => Math.fround(i / 10)));
    expect([plane.before.length, plane.after.length, plane.verdicts.length]).toEqual([3 * n, 3 * n, 11 * n]);
    // Nothing dropped yet: the verdicts are the prompted ones.
    plane.original.forEach((s, i) => expect(plane.verdicts[i]).toBeCloseTo(s, 4));
    expect(plane.same[0]).toBeCloseTo(1, 4);
    expect(plane.slope[0]).toBeCloseTo(1, 4);
    expect(Math.hypot(...plane.judged)).toBeCloseTo(1, 6);
    // The first axis is the linear judge's: within the plane nothing moves along it.
    for (let i = 0; i < n; i++) expect(plane.after[3 * i]).toBeCloseTo(plane.before[3 * i], 3);
    for (let i = 0; i < n; i++)
      expect(plane.after[3 * i + 2]).toBeCloseTo(plane.rank >= 2 ? 0 : plane.after[3 * i + 2], 3);
    // Each figure is that of its row of verdicts.
    const situations = Array.from(plane.ids, (id) => cloud.responses[id].situation);
    for (const share of [3, 10]) {
      const row = plane.verdicts.subarray(share * n, (share + 1) * n);
      expect(plane.same[share]).toBeCloseTo(correlationWithin(plane.original, row, situations), 5);
    }

    const rest = await client.call('project', { ...ask, keep: 'rest', ask: 'constitution' });
    expect(rest.verdicts.subarray(0, n)).toEqual(plane.verdicts.subarray(0, n));
    for (let i = 0; i < n; i++) expect(rest.after[3 * i]).toBeCloseTo(0, 3); // the judge's axis is gone
    const nothing = await client.call('project', { ...ask, keep: 'random', ask: 'nothing' });
    expect(nothing.rank).toBe(plane.rank);
    // What was fallen onto holds every fallen point, and no axis of it too many.
    for (const { floor, after } of [plane, rest, nothing]) {
      expect(floor.length).toBeGreaterThan(0);
      for (let i = 0; i < n; i++) {
        const point = after.subarray(3 * i, 3 * i + 3);
        const along = floor.map((axis) => axis.reduce((sum, x, j) => sum + x * point[j], 0));
        expect(Math.hypot(...along)).toBeCloseTo(Math.hypot(...point), 3);
      }
      for (const [a, axis] of floor.entries())
        for (const [b, other] of floor.entries())
          expect(axis.reduce((sum, x, j) => sum + x * other[j], 0)).toBeCloseTo(a === b ? 1 : 0, 6);
    }
    expect([plane.floor.length, rest.floor.length]).toEqual([Math.min(plane.rank, 2), 3 - plane.rank]);
    const again = await client.call('project', { ...ask, keep: 'random', ask: 'nothing' });
    expect(again).toEqual(nothing);
    expect(await client.call('project', { ...ask, keep: 'random', ask: 'nothing', seed: 5 })).not.toEqual(
      nothing,
    );
  });

  const TRAIN = { constitution: HONEST, seed: 1, steps: 2, kl: 50 };

  /** Starts a training call and lets the reports be waited for. */
  function training(args: typeof TRAIN & { paused?: boolean }) {
    const reports: TrainReport[] = [];
    let wake = () => {};
    const call = client.call('train', { ...about, ...args }, (report) => {
      reports.push(report);
      wake();
    });
    call.catch(() => wake());
    const until = async (length: number) => {
      while (reports.length < length) await new Promise<void>((resolve) => (wake = resolve));
    };
    return { call, reports, until };
  }

  test('a step shows a pair that it was learned from: also the last, from which no other is learned', async () => {
    const { call, reports } = training({ ...TRAIN, steps: 1 });
    await call;
    const longer = training({ ...TRAIN, steps: 2 });
    await longer.call;
    expect(reports.map(({ pair }) => pair === null)).toEqual([true, false]);
    expect(longer.reports[1].pair).toEqual(reports[1].pair);
  });

  test('training goes a row a step, and leaves no tensor behind when cancelled', async () => {
    const before = tf.memory().numTensors;
    const { call, reports, until } = training({ ...TRAIN, steps: 5, paused: true });
    await until(1);
    call.control('step');
    await until(2);
    call.control('step');
    await until(3);
    call.control('cancel');
    expect(await kindOf(call)).toBe('cancelled: Cancelled.');
    expect(reports.map(({ row }) => row.step)).toEqual([0, 1, 2]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('training tells all that the page shows, and the same seed trains the same', async () => {
    const before = tf.memory().numTensors;
    const { call, reports } = training(TRAIN);
    expect(await call).toEqual({ model: about.model, sample: about.sample, reason: 'steps', rows: 3 });
    expect(tf.memory().numTensors).toBe(before);
    expect(reports.map(({ row }) => row.step)).toEqual([0, 1, 2]);
    const [first, second, last] = reports;
    expect(first.pair).toBeNull();
    expect(second.pair!.preferA).not.toBe(0.5);
    expect(second.pair!.preferA > 0.5).toBe(second.pair!.scoreA > second.pair!.scoreB);
    expect([first.pairs, second.pairs, last.pairs]).toEqual([0, 64, 64]);
    expect(last.pair).not.toEqual(second.pair);
    expect(first.logProbs).toHaveLength(count);
    cloud.responses.forEach(({ logProb }, i) => expect(first.logProbs![i]).toBeCloseTo(logProb, 3));
    expect(last.logProbs).toHaveLength(count);
    expect(last.logProbs).not.toEqual(first.logProbs);
    for (const { prompt, before: then, now } of first.samples) {
      expect(prompt).not.toBe('');
      expect(now).toBe(then); // before any update
    }
    expect(last.left).toBe(0);
    const again = training(TRAIN);
    await again.call;
    const timeless = (list: TrainReport[]) => list.map(({ left: _, ...report }) => report);
    expect(timeless(again.reports)).toEqual(timeless(reports));
  });

  test('other calls are answered while a training is paused', async () => {
    const { call, until } = training({ ...TRAIN, paused: true });
    await until(1);
    const judged = await client.call('judge', { ...about, constitution: constitution(['power', 1]) });
    expect(judged.scores).toHaveLength(count);
    call.control('resume');
    expect(await call).toEqual({ model: about.model, sample: about.sample, reason: 'steps', rows: 3 });
  });

  test('a cancelled judgement is cancelled alone: who waits for the same directions gets them', async () => {
    const fresh = connect();
    const { model } = await fresh.call('start', START);
    const { sample } = await fresh.call('cloud', {
      ...W,
      model: model.id,
      seed: 3,
      situations: 2,
      responses: 4,
    });
    const asked = { ...W, model: model.id, sample, constitution: HONEST };
    let judged: Promise<unknown> | undefined;
    const first = fresh.call('judge', asked, ({ stage, done }) => {
      if (stage !== 'fitting' || done < 0.3 || judged) return;
      judged = fresh.call('judge', asked);
      first.control('cancel');
    });
    expect(await kindOf(first)).toBe('cancelled: Cancelled.');
    expect(await kindOf(judged!)).toBe('no failure');
  });
});
