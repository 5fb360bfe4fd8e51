import { quantileSorted } from '../../math/statistics.ts';

/** Times of one thing, milliseconds. */
export interface Timing {
  median: number;
  min: number;
  max: number;
  n: number;
}

export function timingOf(ms: readonly number[]): Timing {
  const sorted = ms.toSorted((a, b) => a - b);
  return {
    median: quantileSorted(sorted, 0.5),
    min: sorted[0],
    max: sorted[sorted.length - 1],
    n: ms.length,
  };
}

/** Runs `work` `n` times after `warm` runs that do not count. */
export async function time(work: () => unknown, n: number, warm = 3): Promise<Timing> {
  const times: number[] = [];
  for (let i = -warm; i < n; i++) {
    const began = performance.now();
    await work();
    if (i >= 0) times.push(performance.now() - began);
  }
  return timingOf(times);
}
