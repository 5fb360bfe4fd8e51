/** A run that the tab keeps: what is found again when the page is loaded anew, and what is not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepRun } from '../../src/state/kept.ts';
import { Lab, type LabOptions } from '../../src/state/lab.svelte.ts';
import { DEFAULT_LINK } from '../../src/state/link.ts';
import { showRecorded } from '../../src/state/recorded.ts';
import { record } from '../../src/worker/recording.ts';
import { fakeEngine, type Fake } from '../fake/engine.ts';

const engines: Fake[] = [];
/** What a browser's tab holds, from one loading of the page to the next. */
let tab: Map<string, string>;
/** Dispatches what a page hears when it is left. */
let leave: () => void;

beforeEach(() => {
  tab = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => tab.get(key) ?? null,
    setItem: (key: string, text: string) => tab.set(key, text),
    removeItem: (key: string) => tab.delete(key),
  });
  load();
});

afterEach(() => {
  vi.unstubAllGlobals();
  engines.splice(0).forEach((engine) => engine.stop());
});

/** A page begins: nobody listens to it yet. */
function load(): void {
  const page = new EventTarget();
  leave = () => page.dispatchEvent(new Event('pagehide'));
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('document', new EventTarget());
}

/** Opens the page, in the same tab as the one before. */
function open(link: Partial<LabOptions['link']> = {}, model = 'the model'): Lab {
  load();
  const connect = () => {
    const engine = fakeEngine();
    engines.push(engine);
    return engine;
  };
  const lab = new Lab({
    connect,
    models: 'http://page.test/models/',
    link: { ...DEFAULT_LINK, ...link },
    trouble: null,
  });
  keepRun(lab, model);
  lab.open();
  return lab;
}

const until = (test: () => boolean) => vi.waitUntil(test, { timeout: 5000, interval: 5 });

/** A page that has trained at least so many steps, and then paused. */
async function trained(steps: number, link: Partial<LabOptions['link']> = {}): Promise<Lab> {
  const lab = open(link);
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  lab.train();
  await until(() => lab.run.newest >= steps);
  lab.run.pause();
  return lab;
}

test('is there again, number by number, where it was looked at, and goes on', async () => {
  const before = await trained(4);
  before.run.look(2);
  leave();
  const lab = open();
  expect([lab.run.phase, lab.run.step, lab.run.constitution]).toEqual(['paused', 2, before.law.constitution]);
  expect(lab.run.reports).toEqual(before.run.reports);
  await until(() => lab.phase === 'ready');
  expect([...lab.run.change.target]).toEqual([...before.run.change.target]);
  const { newest } = lab.run;
  lab.run.look(newest);
  expect(lab.goesOn).toBe(true);
  lab.train(true);
  await until(() => lab.run.newest === newest + 1);
  expect(lab.run.reports.slice(0, newest + 1).map(({ row }) => row)).toEqual(
    before.run.reports.slice(0, newest + 1).map(({ row }) => row),
  );
});

test('is there whatever the constitution has become since', async () => {
  const before = await trained(2);
  const { constitution } = before.run;
  before.law.add('fairness');
  leave();
  const lab = open({ principles: before.law.principles });
  expect([lab.run.newest, lab.runIsOther]).toEqual([before.run.newest, true]);
  expect(lab.run.constitution).toEqual(constitution);
});

test('has ended when it had', async () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000)); // no waiting between steps
  const before = open();
  await until(() => before.judged !== null);
  before.train();
  await until(() => before.run.phase === 'stopped');
  clock.mockRestore();
  leave();
  const lab = open();
  expect([lab.run.phase, lab.run.reason, lab.run.newest]).toEqual([
    'stopped',
    before.run.reason,
    before.run.newest,
  ]);
  await until(() => lab.phase === 'ready');
  expect(lab.ended).toBe(true);
});

test('stands before a recorded run, whose other answers are shown', async () => {
  const engine = fakeEngine();
  const recording = await record(engine.client, 'model/', () => {});
  engine.stop();
  const before = await trained(2);
  leave();
  const lab = open();
  await showRecorded(lab, recording);
  expect([lab.run.recorded, lab.run.newest]).toEqual([false, before.run.newest]);
  expect(lab.prediction).toBe(recording.prediction);
});

test.each([
  ['another link', () => open({ seed: 8 })],
  ['another model', () => open({}, 'another model')],
  ['no JSON', () => (tab.set('run', '{'), open())],
  ['a later version', () => (tab.set('run', tab.get('run')!.replace('"version":2', '"version":3')), open())],
])('is not there under %s', async (_, reopen) => {
  await trained(1);
  leave();
  expect(tab.size).toBe(1);
  const lab = reopen();
  expect(lab.run.phase).toBe('none');
  await until(() => lab.judged !== null);
});

/** Every value of a JSON, by its path. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

test('whatever is in the place of any of its fields, the page opens and works', async () => {
  await trained(2);
  leave();
  const good = JSON.parse(tab.get('run')!) as unknown;
  const paths = pathsOf(good).filter((path) => !(path.includes('float32') && Number(path.at(-1)) > 3));
  const odd = [null, 'text', '1', -1, true, [], {}, { float32: 'x' }, { float32: { length: 1e12 } }];
  const cases = paths.flatMap((path, i) => [
    [path, odd[i % odd.length]] as const,
    [path, odd[(3 * i + 1) % odd.length]] as const,
  ]);
  for (const [path, value] of cases) {
    const text = JSON.stringify(replaced(good, path, value)).replace('"float32":"x"', '"float32":[1e999]');
    tab.set('run', text);
    load();
    const lab = new Lab({
      connect: fakeEngine,
      models: 'http://page.test/models/',
      link: DEFAULT_LINK,
      trouble: null,
    });
    keepRun(lab, 'the model');
    for (const { row, logProbs } of lab.run.reports) {
      expect(Number.isFinite(row.trueValue.value + row.kl + row.judge), path.join('.')).toBe(true);
      if (logProbs) expect(logProbs.every(Number.isFinite)).toBe(true);
    }
    lab.run.setReference(new Float32Array(600));
    lab.run.look(1);
  }
  tab.set('run', '{"version":2,"link":"","run":{"reports":null}}');
  const lab = open();
  expect(lab.run.phase).toBe('none');
  await until(() => lab.judged !== null);
});

test('is forgotten with Reset, and where the engine draws other responses', async () => {
  const before = await trained(1);
  leave();
  const text = tab.get('run')!;
  before.run.reset();
  leave();
  expect(tab.size).toBe(0);
  tab.set(
    'run',
    text.replace(/"sample":"the model/, (found) => `${found} said something else`),
  );
  const lab = open();
  expect(lab.run.phase).toBe('paused');
  await until(() => lab.phase === 'ready');
  expect(lab.run.phase).toBe('none');
});

test('a browser that keeps nothing loses nothing else', async () => {
  const refuse = () => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  const lab = await trained(1);
  leave();
  expect(lab.run.newest).toBeGreaterThanOrEqual(1);
});
