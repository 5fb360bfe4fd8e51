/** Times of one thing, milliseconds. */
export interface Timing {
  median: number;
  min: number;
  max: number;
  n: number;
}

/** Runs `work` `n` times after `warm` runs that do not count. */
export async function time(work: () => unknown, n: number, warm = 3): Promise<Timing> {
  const times: number[] = [];
  for (let i = -warm; i < n; i++) {
    const began = performance.now();
    await work();
    if (i >= 0) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { median: times[n >> 1], min: times[0], max: times[n - 1], n };
}
