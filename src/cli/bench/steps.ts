import type { Progress } from '../../math/progress.ts';
import { stepFlops, visiblePairs } from './flops.ts';
import { growthExponent } from './growth.ts';
import { CONTENDERS, hasRun, race, ratioOf, type ContenderName, type Field } from './race.ts';
import type { Comparison, Growth } from './result.ts';
import { configAt, taskOf, type Shape } from './shapes.ts';

/** A training step by everyone. */
export async function compared(
  field: Field,
  shape: Shape,
  repeats: number,
  progress: Progress,
): Promise<Comparison> {
  const runs = await race(field, CONTENDERS, taskOf(shape), repeats, progress);
  const ms = (name: ContenderName) => {
    const run = runs[name];
    return hasRun(run) ? run.median : null;
  };
  const over = (a: ContenderName, b: ContenderName) => {
    const [one, other] = [runs[a], runs[b]];
    return hasRun(one) && hasRun(other) ? ratioOf(one, other) : null;
  };
  const ours = ms('ours')!;
  const [plainMs, transposedMs, jaxMs, torchMs, relaxedMs] = (
    ['plain', 'transposed', 'jax', 'torch', 'relaxed'] as const
  ).map(ms);
  return {
    shape,
    gflop: gflop(shape),
    ms: ours,
    plainMs,
    ratio: over('ours', 'plain'),
    transposedMs,
    transposedRatio: over('ours', 'transposed'),
    jaxMs,
    jaxRatio: over('ours', 'jax'),
    torchMs,
    torchRatio: over('ours', 'torch'),
    relaxedMs,
    relaxedTorchRatio: over('relaxed', 'torch'),
    runs,
  };
}

/** Our step and plain TensorFlow.js's as one size grows. */
export async function grown(
  field: Field,
  sizes: readonly number[],
  at: (size: number) => Shape,
  repeats: number,
  progress: Progress,
): Promise<Growth> {
  const shapes = sizes.map(at);
  const times: Record<'ours' | 'plain', number[]> = { ours: [], plain: [] };
  for (const [i, shape] of shapes.entries()) {
    const part: Progress = (done) => progress((i + done) / shapes.length);
    const runs = await race(field, ['ours', 'plain'], taskOf(shape), repeats, part);
    for (const name of ['ours', 'plain'] as const) {
      const run = runs[name];
      if (hasRun(run)) times[name].push(run.median);
    }
  }
  const fitted = (ms: number[]) => ({ ms, exponent: growthExponent(sizes, ms) });
  const work = shapes.map(gflop);
  return {
    sizes,
    work: { gflop: work, exponent: growthExponent(sizes, work) },
    ours: fitted(times.ours),
    plain: times.plain.length === sizes.length ? fitted(times.plain) : null,
  };
}

function gflop(shape: Shape): number {
  const { B, T, gists } = taskOf(shape).batch;
  return stepFlops(configAt(shape), B * T, visiblePairs(gists, T)) / 1e9;
}

/** How many times as long as ours, about; and GFLOP that ours does in a second, about. */
const PACE: Record<ContenderName, number> = {
  ours: 1,
  relaxed: 1,
  torch: 1,
  jax: 3,
  transposed: 8,
  plain: 15,
};
const ABOUT_GFLOPS = 25;

/** How long a race takes, about. */
export function raceSeconds(names: readonly ContenderName[], shapes: Shape[], repeats: number): number {
  const pace = names.reduce((sum, name) => sum + PACE[name], 0);
  const work = shapes.reduce((sum, shape) => sum + gflop(shape), 0);
  return (pace * work * (2 * repeats + 4)) / ABOUT_GFLOPS;
}
