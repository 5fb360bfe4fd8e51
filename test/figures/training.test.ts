import { expect, test } from 'vitest';
import { isLive, labelOf, progressOf, type Training } from '../../src/figures/training/layout.ts';
import { words } from '../../src/words/en.ts';

const training: Training = {
  state: 'none',
  step: 3,
  newest: 9,
  redone: 4,
  value: { before: 0.1, now: 0.6 },
  blocked: null,
  ended: false,
  other: false,
};
const STATES = ['none', 'starting', 'live', 'redoing', 'resumable', 'over', 'demonstration'] as const;

test('the button pauses what goes, and begins or goes on with what does not', () => {
  const live = STATES.filter((state) => isLive({ ...training, state }));
  expect(live).toEqual(['starting', 'live', 'redoing']);
  expect(STATES.map((state) => labelOf({ ...training, state }))).toEqual([
    words.train.go,
    words.train.starting,
    words.train.pause,
    words.train.replaying(4, 9),
    words.train.goOn,
    words.train.again,
    words.train.go,
  ]);
});

test('the button says how far one’s own run is, and nothing of a run that is over, recorded or not measured', () => {
  const told = STATES.filter((state) => progressOf({ ...training, state }) !== null);
  expect(told).toEqual(['starting', 'live', 'resumable']);
  expect(progressOf({ ...training, state: 'live' })).toBe('step 3 · true value +0.10 → +0.60');
  expect(progressOf({ ...training, state: 'live', value: null })).toBeNull();
});
