/** No figure shows verdicts of one sample on the dots of another, however answers come: late, out of order, about something else. */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { EngineClient, type Port } from '../../src/worker/client.ts';
import type { About, Calls, CallName, FromWorker, ToWorker } from '../../src/worker/protocol.ts';
import { Lab } from '../../src/state/lab.svelte.ts';
import { DEFAULT_LINK } from '../../src/state/link.ts';
import { answerAt } from '../fake/engine.ts';

type Asked = Extract<ToWorker, { call: unknown }>;

/**
 * A page whose engine has all answers ready and gives them when the test says so. `change` may put another answer in the
 * place of one.
 */
function page(change: (answer: FromWorker, asked: Asked) => FromWorker = (answer) => answer) {
  const waiting: { asked: Asked; answers: FromWorker[] }[] = [];
  const calls = new Map<number, (typeof waiting)[number]>();
  const port: Port = {
    onmessage: null,
    postMessage: (message) => {
      if ('call' in message) {
        const call = { asked: message, answers: [] };
        calls.set(message.id, call);
        waiting.push(call);
      }
      engine.onmessage!({ data: message } as MessageEvent<ToWorker>);
    },
  };
  const engine: Parameters<typeof answerAt>[0] = {
    onmessage: null,
    postMessage: (answer) => {
      const call = calls.get(answer.id)!;
      call.answers.push(change(answer, call.asked));
    },
  };
  answerAt(engine);
  const client = new EngineClient(port);
  const lab = new Lab({
    connect: () => ({ client, stop: () => {} }),
    models: 'http://page.test/models/',
    link: DEFAULT_LINK,
    trouble: null,
  });
  const answered = (call: (typeof waiting)[number]) => call.answers.some((one) => !('progress' in one));
  /** Gives the answer to one of the calls that wait, by its place among them or its name; false where none waits. */
  const give = async (which: number | CallName): Promise<boolean> => {
    if (waiting.length === 0) return false;
    const ready = () =>
      waiting.filter((call) => answered(call) && (typeof which === 'number' || call.asked.call === which));
    await vi.waitFor(() => expect(ready().length).toBeGreaterThan(0));
    const call = ready()[typeof which === 'number' ? which % ready().length : 0];
    waiting.splice(waiting.indexOf(call), 1);
    for (const data of call.answers) port.onmessage!({ data } as MessageEvent<FromWorker>);
    await new Promise((resolve) => setTimeout(resolve, 0));
    return true;
  };
  return { lab, give, waiting };
}

/** What figures are given: all of it must be about the responses on the page. */
function expectOneSample(lab: Lab): void {
  const cloud = lab.cloud.result;
  const about = (one: About) => ({ model: one.model, sample: one.sample });
  const here = cloud && about(cloud);
  if (lab.judged) expect(about(lab.judged)).toEqual(here);
  if (lab.fall.result) expect(about(lab.fall.result)).toEqual(here);
  if (lab.run.settings && cloud && lab.phase === 'ready') expect(about(lab.run.settings)).toEqual(here);
  if (lab.prediction) expect(lab.prediction.model).toBe(cloud?.model);
  if (lab.judged) expect([...lab.scores.target]).toEqual([...lab.judged.scores]);
  else if (cloud) expect(lab.scores.target.every((score) => score === 0)).toBe(true);
}

const LINKS = [
  { seed: 8 },
  { seed: 9, model: 'mixed-64-0' },
  { model: 'kind-16-0' },
  { principles: [{ phrase: 'justice', weight: 1 }] },
  { seed: 8, principles: [{ phrase: 'deceit', weight: 0.5 }] },
];

test('whatever the visitor follows, and in whatever order answers come, all that is shown is of one sample', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ give: fc.nat(5) }) },
    fc.record({ follow: fc.nat(LINKS.length - 1) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24 }), async (steps) => {
      const { lab, give } = page();
      lab.open();
      lab.fall.want();
      for (const one of steps) {
        if ('follow' in one) lab.follow({ ...DEFAULT_LINK, ...LINKS[one.follow] });
        else await give(one.give);
        expectOneSample(lab);
      }
      for (let i = 0; i < 40 && (await give(0)); i++) expectOneSample(lab);
    }),
    { numRuns: 40 },
  );
}, 240_000);

test('a late answer about the responses before is not put on those that came since', async () => {
  const { lab, give } = page();
  lab.open();
  await give('start');
  await give('cloud');
  lab.follow({ ...DEFAULT_LINK, seed: 8 });
  await give('cloud');
  expect(lab.cloud.result?.seed).toBe(8);
  await give('judge'); // of seed 7, late
  expect(lab.judged).toBeNull();
  expectOneSample(lab);
  await give('judge');
  expect(lab.judged?.sample).toBe(lab.cloud.result!.sample);
  expectOneSample(lab);
});

test.each(['model', 'sample'] as const)(
  'an answer that names another %s than was asked about is dropped',
  async (what) => {
    const { lab, give } = page((answer, { call }) =>
      'result' in answer && call === 'judge'
        ? { ...answer, result: { ...(answer.result as Calls['judge']['result']), [what]: 'another' } }
        : answer,
    );
    lab.open();
    for (let i = 0; i < 4; i++) await give(0);
    expect(lab.phase).toBe('ready');
    expect([lab.judged, lab.judging.result]).toEqual([null, null]);
    expectOneSample(lab);
  },
);
