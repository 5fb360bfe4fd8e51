import { afterEach, expect, test, vi } from 'vitest';
import { Lab, type LabOptions } from '../../src/state/lab.svelte.ts';
import { DEFAULT_LINK } from '../../src/state/link.ts';
import { fakeEngine, type Fake, type FakeOptions } from '../fake/engine.ts';

const engines: Fake[] = [];
afterEach(() => engines.splice(0).forEach((engine) => engine.stop()));

/** A page's state with an engine of invented numbers. */
function open(options: FakeOptions = {}, link: Partial<LabOptions['link']> = {}) {
  const connect = () => {
    // only the first engine has the trouble that is asked for
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

/** A page that trains, and has done at least so many steps. */
async function training(steps: number): Promise<Lab> {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  lab.train();
  await until(() => lab.run.newest >= steps);
  return lab;
}

test('opens: starts, samples, judges, and predicts when the visitor rests', async () => {
  const lab = open();
  expect(lab.phase).toBe('starting');
  await until(() => lab.judged !== null);
  expect(lab.phase).toBe('ready');
  expect(lab.scores.target).toHaveLength(600);
  await until(() => lab.prediction !== null);
  expect(engines[0].calls).toEqual(['start', 'cloud', 'judge', 'prepare', 'predict']);
});

test('what takes long is asked for when the verdicts are there, however long they take', async () => {
  const lab = open({ delay: 700 }); // longer than the pause after which the visitor rests
  await until(() => engines[0].calls.includes('predict'));
  expect(lab.judged).not.toBeNull();
  expect(engines[0].calls).toEqual(['start', 'cloud', 'judge', 'prepare', 'predict']);
});

test('a slider that moves fast builds no queue of judgements', async () => {
  const lab = open({ delay: 20 });
  await until(() => lab.judged !== null);
  for (let i = 0; i < 30; i++) lab.law.weigh(0, i / 30);
  await until(() => !lab.judging.busy);
  const judgements = engines[0].calls.filter((call) => call === 'judge').length;
  expect(judgements).toBeLessThanOrEqual(3);
  expect(lab.judging.answered?.constitution).toEqual(lab.law.constitution);
});

test('a pull of a slider is undone at once, and undoing asks the judge again', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  const before = lab.law.key;
  for (const weight of [0.9, 0.7, 0.5]) lab.law.weigh(0, weight);
  lab.law.letGo();
  lab.law.undo();
  expect(lab.law.key).toBe(before);
  expect(lab.law.canUndo).toBe(false);
  lab.law.redo();
  expect(lab.law.principles[0].weight).toBe(0.5);
  lab.law.become('winning and deceit');
  expect(lab.law.principles.map(({ phrase }) => phrase)).toEqual(['winning', 'deceit']);
  lab.law.undo();
  expect(lab.law.principles[0].weight).toBe(0.5);
  await until(() => lab.judging.answered?.constitution.principles[0].weight === 0.5);
});

test('verdicts of another constitution are known to be old, also when the new ones were stopped', async () => {
  const lab = open({ delay: 20 });
  await until(() => lab.judged !== null);
  expect(lab.judgedIsOld).toBe(false);
  lab.law.add('fairness');
  expect(lab.judgedIsOld).toBe(true);
  lab.judging.cancel();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(lab.judgedIsOld).toBe(true);
  lab.judgeAgain();
  await until(() => !lab.judgedIsOld);
});

test('no principle is a judge: it is shown, predicted and trained by', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  const scores = lab.judged!.scores;
  lab.law.replace([]);
  expect([lab.bare, lab.empty]).toEqual([true, false]);
  await until(() => lab.judged !== null && !lab.judgedIsOld);
  expect(lab.judged!.asked).toEqual(['that is']);
  expect(lab.judged!.scores).not.toEqual(scores);
  await until(() => lab.prediction !== null);
  lab.train(true);
  await until(() => lab.run.phase === 'paused');
  expect(lab.run.constitution).toEqual({ principles: [] });
  expect(lab.runIsOther).toBe(false);
  lab.law.undo();
  expect([lab.bare, lab.runIsOther]).toEqual([false, true]);
});

test('without what was not understood the judge has no principle, and judges', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.law.replace([{ phrase: 'marmalade', weight: 1 }]);
  lab.law.remove(0);
  expect([lab.empty, lab.bare]).toEqual([false, true]);
  await until(() => lab.judging.answered?.constitution.principles.length === 0 && lab.judged !== null);
});

test('principles of no weight are none', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.law.weigh(0, 0);
  lab.law.weigh(1, 0);
  expect([lab.bare, lab.empty, lab.law.constitution.principles]).toEqual([true, false, []]);
  await until(() => lab.judging.answered?.constitution.principles.length === 0);
});

test('by principles that the model cannot read nothing is judged, and training is off', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.law.replace([{ phrase: 'marmalade', weight: 1 }]); // as a link may say
  expect([lab.bare, lab.empty]).toEqual([false, true]);
  expect(lab.judged).toBeNull();
  lab.train();
  expect(lab.run.phase).toBe('none');
  lab.law.undo();
  await until(() => lab.judged !== null);
});

test('a run goes at the page’s pace: paused means paused, a step is one step', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  lab.train(true);
  await until(() => lab.run.phase === 'paused');
  expect(lab.run.newest).toBe(1);
  lab.train();
  await until(() => lab.run.newest >= 3);
  lab.run.pause();
  await new Promise((resolve) => setTimeout(resolve, 150));
  const { newest } = lab.run;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(lab.run.newest).toBe(newest);
});

test('looking back pauses, and going on shows what is known from there, then new steps', async () => {
  const lab = await training(4);
  lab.run.look(2);
  expect(lab.run.phase).toBe('paused');
  expect(lab.run.report?.row.step).toBe(2);
  expect(lab.run.rewound).toBe(true);
  const { newest, reports } = lab.run;
  const seen: number[] = [];
  lab.train();
  await until(() => {
    if (lab.run.step !== seen.at(-1)) seen.push(lab.run.step);
    return lab.run.newest >= newest + 2;
  });
  expect(seen).toEqual(Array.from(seen, (_, i) => 2 + i));
  expect(lab.run.rewound).toBe(false);
  expect(lab.run.reports.slice(0, newest + 1)).toEqual(reports);
  expect(engines[0].calls.filter((call) => call === 'train')).toHaveLength(1);
});

test('a run stops with its reason', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  lab.train();
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now() * 1000); // no waiting between steps
  await until(() => lab.run.phase === 'stopped');
  expect(['kl', 'steps']).toContain(lab.run.reason);
  vi.restoreAllMocks();
});

test('another constitution pauses the run and keeps it; the same again lets it go on', async () => {
  const lab = await training(2);
  lab.law.add('fairness');
  expect(lab.run.phase).toBe('paused');
  expect(lab.runIsOther).toBe(true);
  lab.law.undo();
  expect(lab.runIsOther).toBe(false);
  lab.train();
  await until(() => lab.run.newest >= 4);
});

test('a dead engine fails with a reason; a new one replays the run to where it was', async () => {
  const lab = await training(3);
  const rows = lab.run.reports.map((one) => one.row.trueValue.value);
  engines[0].die();
  await until(() => lab.phase === 'failed');
  expect(lab.failure?.kind).toBe('worker-died');
  expect(lab.run.reports.map((one) => one.row.trueValue.value).slice(0, rows.length)).toEqual(rows);
  const { newest } = lab.run;
  lab.open();
  await until(() => lab.phase === 'ready' && lab.judged !== null);
  lab.train();
  await until(() => lab.run.newest > newest);
  expect(lab.run.reports.map((one) => one.row.trueValue.value).slice(0, rows.length)).toEqual(rows);
  expect(lab.run.reports.map((one) => one.row.step)).toEqual(lab.run.reports.map((_, i) => i));
});

test('steps that are done again are counted, and can be paused', async () => {
  const lab = await training(6);
  engines[0].die();
  await until(() => lab.phase === 'failed');
  const { newest } = lab.run;
  lab.open();
  await until(() => lab.phase === 'ready' && lab.judged !== null);
  lab.train();
  await until(() => lab.run.redone >= 2);
  lab.run.pause();
  expect([lab.run.phase, lab.goesOn]).toEqual(['paused', true]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { redone } = lab.run;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([lab.run.redone, lab.run.newest, lab.run.step]).toEqual([redone, newest, newest]);
  expect(redone).toBeLessThan(newest);
  lab.train();
  await until(() => !lab.run.replaying);
  expect(lab.run.redone).toBe(newest);
  await until(() => lab.run.newest > newest);
});

test('a model that is not there is said, and can be asked for again', async () => {
  const lab = open({ fail: 'start' });
  await until(() => lab.phase === 'failed');
  expect(lab.failure?.kind).toBe('no-model');
  lab.open();
  await until(() => lab.judged !== null);
});

test('loading can be stopped', async () => {
  const lab = open({ hang: 'cloud' });
  await until(() => lab.cloud.busy && lab.cloud.progress !== null);
  lab.stopLoading();
  expect(lab.phase).toBe('failed');
  expect(lab.failure?.kind).toBe('cancelled');
  lab.open();
  await until(() => lab.judged !== null);
});

test('projections are measured once for a question', async () => {
  const lab = open();
  lab.fall.want();
  await until(() => lab.fall.result !== null);
  const first = lab.fall.result;
  lab.fall.setKeep('random');
  await until(() => !lab.fall.isOld);
  lab.fall.setKeep('plane');
  expect(lab.fall.result).toBe(first);
  expect(engines[0].calls.filter((call) => call === 'project')).toHaveLength(2);
});

test('a link is followed as if the page had been opened with it', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.follow(
    { ...DEFAULT_LINK, principles: [{ phrase: 'justice', weight: 0.5 }], seed: 8, keep: 'rest' },
    null,
  );
  await until(() => lab.cloud.result?.seed === 8 && !lab.judging.busy);
  expect(lab.link).toMatchObject({ principles: [{ phrase: 'justice', weight: 0.5 }], seed: 8, keep: 'rest' });
});

test('a finished run is shown again from where it was rewound to, and stops where it stopped', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now() * 1000); // no waiting between steps
  lab.train();
  await until(() => lab.run.phase === 'stopped');
  const { newest, reason } = lab.run;
  lab.run.look(newest - 3);
  lab.train();
  expect(lab.run.phase).toBe('live');
  await until(() => lab.run.phase === 'stopped');
  expect([lab.run.step, lab.run.newest, lab.run.reason]).toEqual([newest, newest, reason]);
  expect(engines[0].calls.filter((call) => call === 'train')).toHaveLength(1);
  vi.restoreAllMocks();
});

test('one step after the engine was lost is one new step', async () => {
  const lab = await training(3);
  engines[0].die();
  await until(() => lab.phase === 'failed');
  const { newest } = lab.run;
  lab.open();
  await until(() => lab.phase === 'ready' && lab.judged !== null);
  lab.train(true);
  await until(() => lab.run.phase === 'paused' && lab.run.newest > newest);
  expect(lab.run.newest).toBe(newest + 1);
});

test('buttons pressed twice do what they do once', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  lab.train(true);
  lab.run.goOn();
  lab.run.goOn();
  await until(() => lab.run.phase === 'paused');
  expect(lab.run.newest).toBe(1);
  lab.open();
  lab.open();
  await until(() => lab.phase === 'ready');
  lab.train();
  lab.run.pause();
  lab.run.pause();
  lab.run.reset();
  lab.run.reset();
  expect([lab.run.phase, lab.run.reports.length]).toEqual(['none', 0]);
});

test('two links with other seeds, one right after the other: the last one is followed', async () => {
  const lab = open({ delay: 30 });
  await until(() => lab.prediction !== null);
  lab.follow({ ...DEFAULT_LINK, seed: 8 });
  lab.follow({ ...DEFAULT_LINK, seed: 9 });
  const painted = new Set([7]);
  await until(() => (painted.add(lab.cloud.result?.seed ?? 7), lab.judged !== null));
  expect(lab.cloud.result?.seed).toBe(9);
  expect(engines[0].calls.filter((call) => call === 'cloud')).toHaveLength(3);
  expect([...painted]).toEqual([7, 9]); // none of seed 8
});

test('an engine that cannot be asked by these words to train has not failed', async () => {
  const lab = open({ fail: 'train', kind: 'bad-input' });
  await until(() => lab.judged !== null);
  lab.train();
  await until(() => engines[0].calls.includes('train') && lab.run.phase === 'none');
  expect(lab.phase).toBe('ready');
});

test('a link with another seed begins anew: nothing of the other seed is left', async () => {
  const lab = open();
  await until(() => lab.prediction !== null);
  lab.follow({ ...DEFAULT_LINK, seed: 8 });
  expect([lab.judged, lab.prediction, lab.cloud.result]).toEqual([null, null, null]);
  await until(() => lab.judged !== null);
  expect(lab.cloud.result?.seed).toBe(8);
  expect(engines[0].calls.filter((call) => call === 'start')).toHaveLength(1);
});

test('no step is drawn before its prediction; when that is given up, the run goes on', async () => {
  const lab = open({ hang: 'predict' });
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  lab.train(); // before the visitor has rested, and the prediction was asked for
  await until(() => lab.run.newest === 0 && lab.predicting.progress !== null);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([lab.run.newest, lab.run.phase, lab.prediction]).toEqual([0, 'live', null]);
  lab.predicting.cancel();
  await until(() => lab.run.newest >= 2);
});

test('a run begins by itself when its prediction is there', async () => {
  const lab = open();
  await until(() => lab.judged !== null);
  lab.law.add('justice');
  await until(() => !lab.judgedIsOld);
  lab.run.setSpeed('4×');
  lab.train();
  let early = false;
  await until(() => {
    early ||= lab.run.newest > 0 && lab.prediction === null;
    return lab.run.newest >= 2;
  });
  expect(early).toBe(false);
});

test('a link that names a model opens it, and one without it the page’s own again', async () => {
  const lab = open({}, { model: 'mixed-64-0' });
  await until(() => lab.judged !== null);
  expect(lab.cloud.result?.model).toBe('id of mixed-64-0');
  lab.follow(DEFAULT_LINK);
  expect([lab.judged, lab.cloud.result]).toEqual([null, null]);
  await until(() => lab.judged !== null);
  expect(lab.cloud.result?.model).toBe('the model');
  expect(engines[0].calls.filter((call) => call === 'start' || call === 'load')).toEqual(['start', 'load']);
});

test('what counts as good is asked for everywhere, and leaves the responses and their verdicts', async () => {
  const lab = await training(2);
  const { responses, sample } = lab.cloud.result!;
  const scores = [...lab.scores.target];
  const trueWeights = { honesty: 0, care: 1, fairness: 0, freedom: 0, loyalty: 0, politeness: 0.5 };
  lab.follow({ ...DEFAULT_LINK, trueWeights });
  expect(lab.link.trueWeights).toBe(trueWeights);
  expect([lab.runIsOther, lab.prediction]).toEqual([true, null]);
  await until(() => lab.prediction !== null && lab.phase === 'ready');
  expect(lab.cloud.result!.sample).toBe(sample);
  lab.cloud.result!.responses.forEach(({ trueValue, values, wellFormed }, i) => {
    expect(values).toEqual(responses[i].values);
    expect(trueValue).toBe(wellFormed ? values.care + 0.5 * values.politeness : 0);
  });
  expect([...lab.scores.target]).toEqual(scores);
});
