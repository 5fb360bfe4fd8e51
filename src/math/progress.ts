/**
 * Told the share done, 0 … 1, between two pieces of long work, and awaited: whoever listens may let other work
 * in, or throw to cancel.
 */
export type Progress = (done: number) => unknown;

export const silent: Progress = () => undefined;

/** The part of a longer task's progress from `from` to `to`. */
export function part(progress: Progress, from: number, to: number): Progress {
  return (done) => progress(from + (to - from) * done);
}
