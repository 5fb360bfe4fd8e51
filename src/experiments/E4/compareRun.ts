/** A run of E4 beside its prediction and beside self-sharpening. */
import type { PredictedGain, RealisedGain } from '../../analysis/testbed.ts';
import { createRandom } from '../../math/random.ts';
import { bootstrap, mean, type Estimate } from '../../math/statistics.ts';
import type { Agreements, Habit, Sharpened, Trial } from './measure.ts';

/** A run beside its prediction and beside self-sharpening at the same KL. */
export interface Compared extends Trial, PredictedGain {
  model: string;
  x: Record<Habit, Estimate>;
  /** Gain less that of self-sharpening at equal KL. */
  y: Record<Habit, number>;
  /** Gain with its interval, and y by the summed habits with its own: both over situations. */
  gain: Estimate;
  paired: Estimate;
  kl: number;
  step: number;
  wellFormed: number;
  length: number;
}

/** A run beside self-sharpening: under the same seed, situation by situation, where there is such a run. */
export function compareRun(
  model: string,
  trial: Trial,
  known: Agreements,
  { gains, klError: _, ...realised }: RealisedGain & PredictedGain,
  selves: Record<Habit, readonly Sharpened[]>,
): Compared {
  const selfGains = (habit: Habit) => {
    const { course } = selves[habit].find(({ seed }) => seed === trial.seed) ?? selves[habit][0];
    return gainsAt(course, realised.kl);
  };
  const random = createRandom(trial.seed).fork(`${model} ${trial.loss} ${trial.constitution}`);
  const over = (list: readonly number[]) =>
    bootstrap(list.length, random, (drawn) => drawn.reduce((sum, i) => sum + list[i], 0) / drawn.length);
  const own = selfGains('summed');
  return {
    model,
    ...trial,
    ...realised,
    x: known.of[trial.constitution].x,
    y: { summed: mean(gains) - mean(own), 'per token': mean(gains) - mean(selfGains('per token')) },
    gain: over(gains),
    paired: over(gains.map((gain, i) => gain - own[i])),
  };
}

/** Gains of every situation at κ nats: between two measured points linear in √κ, as gains are to first order. */
export function gainsAt(course: readonly RealisedGain[], kl: number): number[] {
  const root = (x: number) => Math.sqrt(Math.max(x, 0));
  const start = { kl: 0, gains: course[0].gains.map(() => 0) };
  const points = [start, ...course].sort((a, b) => a.kl - b.kl);
  const after = points.findIndex((point) => point.kl >= kl);
  const end = after === -1 ? points.length - 1 : Math.max(after, 1);
  const [a, b] = [points[end - 1], points[end]];
  const width = root(b.kl) - root(a.kl);
  const share = width > 0 ? (root(kl) - root(a.kl)) / width : 1;
  return b.gains.map((gain, i) => a.gains[i] + share * (gain - a.gains[i]));
}
