/** The page's states, reached by an engine of invented numbers. Only the dev server can load this. */
import type { Lab } from '../../src/state/lab.svelte.ts';
import { showRecorded } from '../../src/state/recorded.ts';
import { record } from '../../src/worker/recording.ts';
import { fakeEngine } from './engine.ts';

export const FIXTURES = [
  'before',
  'live',
  'paused',
  'stopped',
  'empty',
  'bare',
  'failed',
  'loading',
  'rewound',
  'recorded',
] as const;
export type FixtureName = (typeof FIXTURES)[number];

const until = async (test: () => boolean) => {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
};

const trainTo = async (lab: Lab, step: number) => {
  await until(() => lab.judged !== null);
  lab.run.setSpeed('4×');
  lab.train();
  await until(() => lab.run.newest >= step || lab.run.phase === 'stopped');
};

export function fixture(name: string) {
  let current = fakeEngine(name === 'loading' || name === 'recorded' ? { hang: 'cloud' } : {});
  let first = true;
  const connect = () => {
    if (!first) current = fakeEngine();
    first = false;
    return current;
  };
  const arrange = async (lab: Lab) => {
    if (name === 'before') await until(() => lab.judged !== null);
    else if (name === 'live') {
      await trainTo(lab, 12);
      lab.run.setSpeed('slow');
    } else if (name === 'paused' || name === 'rewound') {
      await trainTo(lab, 24);
      lab.run.pause();
      lab.run.setSpeed('1×');
      if (name === 'rewound') lab.run.look(9);
    } else if (name === 'stopped') await trainTo(lab, 99);
    else if (name === 'empty') {
      await until(() => lab.judged !== null);
      lab.law.become('marmalade');
    } else if (name === 'bare') {
      lab.law.replace([]);
      await until(() => lab.judged !== null && !lab.judgedIsOld);
    } else if (name === 'failed') {
      await trainTo(lab, 8);
      current.die();
    } else if (name === 'recorded') {
      const recording = await record(fakeEngine().client, '', () => {});
      lab.run.setSpeed('4×');
      await showRecorded(lab, recording);
      await until(() => lab.run.newest >= 12);
      lab.run.pause();
      lab.run.setSpeed('1×');
    }
    document.documentElement.dataset.fixture = name;
  };
  return { connect, arrange };
}
