import type { Random } from '../math/random.ts';
import { clusteredError, mean, meanInterval, type Estimate } from '../math/statistics.ts';
import type { Response, Sample } from '../values/respond.ts';
import { VALUE_NAMES, type Values } from '../world/values.ts';
import { softLabels, type Scored } from './losses.ts';

/** What the policy is at one moment. Row 0 is before any update. */
export interface Row {
  step: number;
  trueValue: Estimate;
  values: Values;
  /** Mean score by the judge. */
  judge: number;
  /** KL(π ‖ π₀) from the policy's own samples, nats a response, with its standard error over situations. */
  kl: number;
  klError: number;
  /** Share of this step's pairs, ties of true value left out, in which the judge prefers the better one. */
  pairAccuracy: number;
  wellFormed: number;
  /** Mean tokens a response. */
  length: number;
}

/** Two responses to one situation, compared. */
export interface JudgedPair {
  a: Response;
  b: Response;
  scoreA: number;
  scoreB: number;
  /** Soft label σ(Δs/τ). */
  preferA: number;
}

/** The first two responses of every group, judged. */
export function judgedPairs(
  responses: readonly Response[],
  scored: Scored,
  each: number,
  temperature: number,
): JudgedPair[] {
  const groups = responses.length / each;
  const scores = scored.scores.slice(0, 2 * groups);
  return Array.from(softLabels({ ...scored, scores }, temperature), (preferA, i) => ({
    a: responses[i],
    b: responses[groups + i],
    scoreA: scores[i],
    scoreB: scores[groups + i],
    preferA,
  }));
}

export function pairAccuracy(pairs: readonly JudgedPair[]): number {
  const decided = pairs.filter(({ a, b }) => a.trueValue !== b.trueValue);
  const right = decided.filter(({ a, b, preferA }) => preferA > 0.5 === a.trueValue > b.trueValue);
  return decided.length ? right.length / decided.length : 0.5;
}

/** A row from a sample of the policy at that step. */
export function rowOf(step: number, sample: Sample, scored: Scored, accuracy: number, random: Random): Row {
  const { responses, situations } = sample;
  const over = (f: (r: Response) => number) => mean(responses.map(f));
  const ratios = scored.policy.map((x, i) => x - scored.reference[i]);
  const worth = responses.map(({ trueValue }) => trueValue);
  return {
    step,
    trueValue: meanInterval(worth, situations, random.fork('bootstrap').fork(step)),
    values: Object.fromEntries(VALUE_NAMES.map((name) => [name, over((r) => r.values[name])])) as Values,
    judge: mean(scored.scores),
    kl: mean(ratios),
    klError: clusteredError(ratios, situations),
    pairAccuracy: accuracy,
    wellFormed: over((r) => (r.wellFormed ? 1 : 0)),
    length: over((r) => r.response.length),
  };
}
