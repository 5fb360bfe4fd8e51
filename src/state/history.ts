/** What was done, in order, so that it can be undone: a value with its past and future. Immutable. */
export interface History<T> {
  readonly past: readonly T[];
  readonly now: T;
  readonly future: readonly T[];
  /** Name of the gesture that `now` came from; edits of one gesture are undone together. */
  readonly gesture: string | null;
}

const LONGEST = 100;

export function begin<T>(now: T): History<T> {
  return { past: [], now, future: [], gesture: null };
}

/** Replaces `now`. Edits that carry the same gesture follow each other without a step of their own. */
export function edit<T>(history: History<T>, now: T, gesture: string | null = null): History<T> {
  const goesOn = gesture !== null && gesture === history.gesture;
  const past = goesOn ? history.past : [...history.past, history.now].slice(-LONGEST);
  return { past, now, future: [], gesture };
}

/** Ends the gesture under way: the next edit is a step of its own, whatever its name. */
export function seal<T>(history: History<T>): History<T> {
  return history.gesture === null ? history : { ...history, gesture: null };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    now: before,
    future: [history.now, ...history.future],
    gesture: null,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, gesture: null };
}
