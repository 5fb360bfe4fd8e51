/** The recorded run that opens the page, and how the engine takes its place. */
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Lab, type LabOptions } from '../../src/state/lab.svelte.ts';
import { DEFAULT_LINK } from '../../src/state/link.ts';
import { asksWhatWasRecorded, showRecorded } from '../../src/state/recorded.ts';
import { record, type Recording } from '../../src/worker/recording.ts';
import { fakeEngine, type Fake, type FakeOptions } from '../fake/engine.ts';

let recording: Recording;
beforeAll(async () => {
  const engine = fakeEngine();
  recording = await record(engine.client, 'model/', () => {});
  engine.stop();
});

const engines: Fake[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  engines.splice(0).forEach((engine) => engine.stop());
});
function open(options: FakeOptions = {}, link: Partial<LabOptions['link']> = {}) {
  const connect = () => {
    const engine = fakeEngine(engines.length === 0 ? options : {});
    engines.push(engine);
    return engine;
  };
  const lab = new Lab({
    connect,
    models: 'http://page.test/models/',
    link: { ...DEFAULT_LINK, ...link },
    trouble: null,
  });
  lab.open();
  return lab;
}

const until = (test: () => boolean) => vi.waitUntil(test, { timeout: 5000, interval: 5 });
const values = (lab: Lab) => lab.run.reports.map(({ row }) => row.trueValue.value);

test('is on the page before the engine, and moves', async () => {
  const lab = open({ hang: 'start' });
  await showRecorded(lab, recording);
  expect([lab.phase, lab.recorded, lab.run.recorded]).toEqual(['starting', true, true]);
  expect(lab.cloud.result).toBe(recording.cloud);
  expect([...lab.scores.now]).toEqual([...recording.judged.scores]);
  expect(lab.judged).toBe(recording.judged);
  expect(lab.prediction).toBe(recording.prediction);
  await until(() => lab.run.newest >= 3);
  const last = recording.reports.findLast(({ row, logProbs }) => row.step <= 3 && logProbs);
  const { responses } = recording.cloud;
  lab.run.look(3);
  lab.run.change.target.forEach((change, i) =>
    expect(change).toBeCloseTo(last!.logProbs![i] - responses[i].logProb, 4),
  );
});

test('the engine takes its place without a jump, and what is recorded is known to be', async () => {
  const lab = open({ delay: 60 });
  await showRecorded(lab, recording);
  await until(() => lab.run.newest >= 1);
  const scores = [...lab.scores.target];
  await until(() => lab.phase === 'ready');
  expect(lab.cloud.recorded).toBe(false);
  const { step } = lab.run;
  expect([lab.run.recorded, step > 0]).toEqual([true, true]);
  expect(lab.run.change.target.some((change) => change !== 0)).toBe(true);
  await until(() => !lab.judging.recorded && !lab.waiting);
  expect(engines[0].calls).toEqual(['start', 'cloud', 'judge', 'prepare']); // the prediction is known
  expect([...lab.scores.target]).toEqual(scores);
  expect([lab.recorded, lab.run.phase !== 'none']).toEqual([true, true]); // the run still is
  lab.train();
  expect([lab.recorded, lab.run.newest]).toEqual([false, -1]);
  lab.run.setSpeed('4×');
  await until(() => lab.run.newest >= 3);
  expect(values(lab).slice(0, 4)).toEqual(
    recording.reports.slice(0, 4).map(({ row }) => row.trueValue.value),
  );
});

test('plays to its end, with its reason, and again', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000)); // no waiting between steps
  const lab = open({ hang: 'start' });
  await showRecorded(lab, recording);
  await until(() => lab.run.phase === 'stopped');
  expect([lab.run.newest, lab.run.reason]).toEqual([recording.reports.length - 1, recording.reason]);
  lab.run.look(0);
  lab.run.goOn();
  await until(() => lab.run.step > 2);
  lab.run.pause();
  expect(lab.run.phase).toBe('paused');
  lab.run.goOn();
  await until(() => lab.run.phase === 'stopped');
});

test('with less motion it is all there at once, and still', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const lab = open({ hang: 'start' });
  await showRecorded(lab, recording);
  await until(() => lab.run.phase === 'stopped');
  expect(values(lab)).toHaveLength(recording.reports.length);
  expect(lab.run.change.moving).toBe(false);
  vi.unstubAllGlobals();
});

test('what the visitor wrote meanwhile is what the engine is asked', async () => {
  const lab = open({ delay: 60 });
  await showRecorded(lab, recording);
  await until(() => lab.run.newest >= 1);
  lab.law.add('fairness');
  expect([lab.run.phase, lab.runIsOther, lab.judgedIsOld, lab.prediction]).toEqual([
    'paused',
    true,
    true,
    null,
  ]);
  const { newest } = lab.run;
  await until(() => lab.phase === 'ready' && !lab.judgedIsOld);
  expect(lab.judging.answered?.constitution).toEqual(lab.law.constitution);
  expect(lab.run.newest).toBe(newest);
});

test('does not come where something else was asked or begun', async () => {
  expect(asksWhatWasRecorded(open({}, { seed: 8 }))).toBe(false);
  expect(asksWhatWasRecorded(open({}, { principles: [] }))).toBe(false);
  const lab = open();
  expect(asksWhatWasRecorded(lab)).toBe(true);
  await until(() => lab.judged !== null);
  lab.train(true);
  await showRecorded(lab, recording);
  expect(lab.run.recorded).toBe(false);
});

test('an engine that has drawn other responses has the last word', async () => {
  const other = { ...recording.cloud, sample: 'shorter', responses: recording.cloud.responses.slice(0, 300) };
  const short = {
    ...recording,
    cloud: other,
    judged: { ...recording.judged, sample: 'shorter' },
    projection: { ...recording.projection, sample: 'shorter' },
    reports: recording.reports.map((one) => ({ ...one, logProbs: null })),
  };
  const lab = open({ delay: 60 });
  await showRecorded(lab, short);
  expect(lab.run.recorded).toBe(true);
  await until(() => lab.phase === 'ready');
  // its verdicts are none of the engine's responses
  expect([lab.run.phase, lab.judged, lab.cloud.result!.responses.length]).toEqual(['none', null, 600]);
  expect(lab.scores.target).toEqual(new Float32Array(600));
  await until(() => lab.judged !== null);
  expect(lab.recorded).toBe(false);
  // and a recording that comes late is not shown
  await showRecorded(lab, short);
  expect(lab.run.phase).toBe('none');
});

test('without an engine it stays, beside what went wrong', async () => {
  const lab = open({ delay: 20 });
  await showRecorded(lab, recording);
  engines[0].die();
  await until(() => lab.phase === 'failed');
  const { newest } = lab.run;
  await until(() => lab.run.newest > newest);
  expect([lab.run.recorded, lab.judged]).toEqual([true, recording.judged]);
  lab.open();
  await until(() => lab.phase === 'ready');
  expect(lab.run.recorded).toBe(true);
});
