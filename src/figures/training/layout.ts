/** What the controls of training say and allow. Pure. */
import { words } from '../../words/en.ts';
import { signed } from '../ui/numbers.ts';

/** A part of a training step. */
export type Part = keyof typeof words.train.part;

/** Where training is, as far as its controls say it. */
export interface Training {
  /**
   * There is no run; the visitor's own begins, goes, or does steps again that are known; it can go on; it is over, or of
   * another constitution; or a recorded one is shown.
   */
  state: 'none' | 'starting' | 'live' | 'redoing' | 'resumable' | 'over' | 'demonstration';
  /** The step that is looked at, and the last that is known. */
  step: number;
  newest: number;
  /** While steps are done again, the last that was. */
  redone: number;
  /** Mean true value of what is said before training, and at the step that is looked at; null before it was measured. */
  value: { before: number; now: number } | null;
  /** Why training cannot begin; null where it can. */
  blocked: 'loading' | 'failed' | 'needs' | null;
  /** All steps are done: one more would be the first of another run. */
  ended: boolean;
  /** The run was trained by another constitution than the one that stands. */
  other: boolean;
}

/** True while the visitor's own run goes: then the button pauses it. */
export const isLive = ({ state }: Training): boolean => ['starting', 'live', 'redoing'].includes(state);

/** What the button says. */
export function labelOf({ state, redone, newest }: Training): string {
  const text = words.train;
  const labels = {
    none: text.go,
    demonstration: text.go,
    starting: text.starting,
    live: text.pause,
    redoing: text.replaying(redone, newest),
    resumable: text.goOn,
    over: text.again,
  };
  return labels[state];
}

/** How far one's own run is, and what it has come to, said on the button itself; null where there is nothing to say. */
export function progressOf({ state, step, value }: Training): string | null {
  if (!value || !['starting', 'live', 'resumable'].includes(state)) return null;
  return words.train.progress(step, signed(value.before), signed(value.now));
}
