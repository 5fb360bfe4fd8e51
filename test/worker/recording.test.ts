/** Recorded runs: what is kept of the engine's answers, how they are replayed, and the one that is shipped. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { folderId } from '../../src/cli/shipped.ts';
import { EngineClient, type EngineError } from '../../src/worker/client.ts';
import { failureOf } from '../../src/worker/failure.ts';
import { handlers } from '../../src/worker/handlers.ts';
import { OPENING, questions } from '../../src/worker/opening.ts';
import type { TrainReport } from '../../src/worker/protocol.ts';
import { pack, record, unpack, type Recording } from '../../src/worker/recording.ts';
import { loadRecording, replay } from '../../src/worker/replay.ts';
import { serve } from '../../src/worker/serve.ts';
import { TRUE_WEIGHTS } from '../../src/world/values.ts';
import { fakeEngine } from '../fake/engine.ts';

const { seed } = OPENING;
const URL_OF_IT = new URL('http://page.test/recorded/opening.bin');

let fake: Recording;
let asked: ReturnType<typeof questions>;
beforeAll(async () => {
  const engine = fakeEngine();
  fake = await record(engine.client, 'model/', () => {});
  asked = questions(fake.cloud);
  engine.stop();
});

const kindOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no failure',
    (error: EngineError) => error.kind,
  );

test('what is packed is unpacked, to the decimals that are kept', () => {
  const again = unpack(pack(fake));
  expect(again.cloud.responses.map((one) => one.response)).toEqual(
    fake.cloud.responses.map((one) => one.response),
  );
  expect([again.model, again.reason, again.reports.length]).toEqual([
    'the model',
    fake.reason,
    fake.reports.length,
  ]);
  expect(again.judged.scores).toBeInstanceOf(Float32Array);
  expect(again.projection.ids).toEqual(fake.projection.ids);
  again.judged.scores.forEach((score, i) => expect(score).toBeCloseTo(fake.judged.scores[i], 3));
  again.reports.forEach(({ row, logProbs }, i) => {
    expect(row.trueValue.value).toBeCloseTo(fake.reports[i].row.trueValue.value, 3);
    logProbs?.forEach((x, j) => expect(Math.abs(x - fake.reports[i].logProbs![j])).toBeLessThan(0.0051));
  });
});

test('the page opens with what counts as good everywhere else', () => {
  expect(OPENING.trueWeights).toEqual(TRUE_WEIGHTS);
});

describe('a replay', () => {
  test('answers what was recorded, and nothing else', async () => {
    const client = replay(fake);
    expect(await client.call('cloud', asked.cloud)).toBe(fake.cloud);
    expect(await client.call('judge', asked.judge)).toBe(fake.judged);
    expect(await client.call('predict', asked.predict)).toBe(fake.prediction);
    expect(await client.call('project', asked.project)).toBe(fake.projection);
    const other = { principles: [{ phrase: 'deceit', weight: 1 }] };
    for (const call of [
      client.call('judge', { ...asked.judge, constitution: other }),
      client.call('judge', { ...asked.judge, sample: 'another' }),
      client.call('judge', { ...asked.judge, model: 'another' }),
      client.call('cloud', { ...asked.cloud, seed: seed + 1 }),
      client.call('predict', { ...asked.predict, seed: seed + 1 }),
      client.call('train', { ...asked.train, kl: 2 }),
      client.call('start', { model: 'model/' }),
      client.call('project', { ...asked.project, ask: 'nothing' }),
    ])
      expect(await kindOf(call)).toBe('bad-input');
  });

  test('trains a report a step, as the engine does, and can be cancelled', async () => {
    const reports: TrainReport[] = [];
    const client = replay(fake);
    const call = client.call('train', { ...asked.train, paused: true }, (report) => reports.push(report));
    for (let step = 0; step < 3; step++) {
      await vi.waitUntil(() => reports.length === step + 1);
      call.control('step');
    }
    await vi.waitUntil(() => reports.length === 4);
    expect(reports).toEqual(fake.reports.slice(0, 4));
    call.control('cancel');
    expect(await kindOf(call)).toBe('cancelled');
    call.control('step');
    const all: TrainReport[] = [];
    const whole = await client.call('train', asked.train, (report) => all.push(report));
    expect(whole).toEqual({
      model: fake.model,
      sample: fake.cloud.sample,
      reason: fake.reason,
      rows: fake.reports.length,
    });
    expect(all).toEqual(fake.reports);
  });
});

describe('a recording is fetched', () => {
  afterAll(() => void vi.unstubAllGlobals());
  const serving = (body: Uint8Array<ArrayBuffer> | string, status = 200) =>
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status })));
  const zipped = (recording: object) => new Uint8Array(gzipSync(JSON.stringify(recording)));

  test('when it is of the model that is asked for', async () => {
    serving(new Uint8Array(gzipSync(pack(fake))));
    expect((await loadRecording(URL_OF_IT, 'the model'))?.reports).toHaveLength(fake.reports.length);
    expect(await loadRecording(URL_OF_IT, 'a newer model')).toBeNull();
  });

  test('and not when it is missing, damaged or of another version', async () => {
    const broken = new Uint8Array(gzipSync(pack(fake)));
    const bodies = [zipped({ ...fake, version: 99 }), zipped({}), broken.slice(0, 999), 'no gzip', ''];
    for (const body of bodies) {
      serving(body);
      expect(await loadRecording(URL_OF_IT, 'the model')).toBeNull();
    }
    serving('Not found', 404);
    expect(await loadRecording(URL_OF_IT, 'the model')).toBeNull();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    expect(await loadRecording(URL_OF_IT, 'the model')).toBeNull();
  });
});

describe('the shipped recording', () => {
  const root = resolve(import.meta.dirname, '../..');
  const model = join(root, 'public/models/base');
  const bytes = readFileSync(join(root, 'public/recorded/opening.bin'));
  const shipped = unpack(gunzipSync(bytes).toString());

  test('belongs to the shipped model (else: npm run lab -- record)', async () => {
    expect(shipped.model).toBe(await folderId(model));
    expect(bytes.length).toBeLessThan(150_000);
  });

  test('predicts from where its run starts, which is not 0', () => {
    expect(shipped.prediction.start).toBe(shipped.reports[0].row.trueValue.value);
    expect(Math.abs(shipped.prediction.start)).toBeGreaterThan(0.05);
  });

  test('is what the engine says here, too', async () => {
    const { port1, port2 } = new MessageChannel();
    serve(port1, handlers({ get: (url) => Promise.resolve(new Response(readFileSync(url))) }), failureOf);
    const client = new EngineClient(port2);
    await client.call('start', { backend: 'wasm', model: pathToFileURL(model).href });
    const asked = questions(shipped.cloud);
    const drawn = await client.call('cloud', asked.cloud);
    expect(drawn.responses.map((one) => one.response)).toEqual(
      shipped.cloud.responses.map((one) => one.response),
    );
    const { scores } = await client.call('judge', asked.judge);
    scores.forEach((score, i) => expect(score).toBeCloseTo(shipped.judged.scores[i], 2));
    const reports: TrainReport[] = [];
    await client.call('train', { ...asked.train, steps: 1 }, (report) => reports.push(report));
    reports.forEach(({ row, samples }, i) => {
      expect(row.trueValue.value).toBeCloseTo(shipped.reports[i].row.trueValue.value, 3);
      expect(row.kl).toBeCloseTo(shipped.reports[i].row.kl, 3);
      expect(samples).toEqual(shipped.reports[i].samples);
    });
    port1.close();
  }, 300_000);
});
