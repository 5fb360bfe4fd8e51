/**
 * Our linear model of self-training, in which everything is known in closed form: before any network.
 *
 * A response z is DIMENSIONS independent standard normal numbers. What it is worth, V* = w*·z, is linear in them, and so
 * are the model's habits g·z and its judge's score c·z. Two dimensions are drawn: only there can habits and a constitution
 * point. The others count in w* and nobody names them. The representation holds the first `rank` dimensions: of g and c
 * only that part is left, since what is not held can be neither said nor judged.
 *
 * Training on a score s at a budget of κ nats is its tilt π ∝ π₀ exp(t·s). For Gaussian scores the tilt moves the mean
 * of z along s by t and keeps its spread, so that KL = t²σ(s)²/2 and the gain is t·cov(s, V*) = √(2κ)·σ(V*)·corr(s, V*):
 * what rlaif/theory.ts has to first order (linearGain) is exact here.
 *
 * It is plain arithmetic on a few thousand numbers, and runs in whatever thread asks for it.
 */
import type { Random } from '../math/random.ts';
import type { Estimate } from '../math/statistics.ts';

/** A direction in the two dimensions that are drawn. */
export interface Arrow {
  x: number;
  y: number;
}

/** Weights of w* in the dimensions that are not drawn. */
export const UNDRAWN = [0.4, 0.3] as const;
export const DIMENSIONS = 2 + UNDRAWN.length;

export interface LinearSetting {
  /** The drawn part of w*, what is truly good; its length is the scale of true value. */
  truth: Arrow;
  /** g: what the model likes to say. Only where it points matters at a given KL, and so with c. */
  habits: Arrow;
  /** c: what its judge calls good. */
  constitution: Arrow;
  /** How many dimensions the representation holds, 1 … DIMENSIONS. */
  rank: number;
  /** KL budget κ of training, nats. */
  kl: number;
}

/** What the model is trained on: its judge, its own likelihood, or the best judge that reads the same representation. */
export type Judge = 'constitution' | 'habits' | 'best';
export const JUDGES: readonly Judge[] = ['constitution', 'habits', 'best'];

/** w*: (DIMENSIONS). */
export const truthOf = ({ truth }: LinearSetting): number[] => [truth.x, truth.y, ...UNDRAWN];

/** The direction of a judge's score, of which the representation holds the first `rank` numbers: (DIMENSIONS). */
export function directionOf(setting: LinearSetting, judge: Judge): number[] {
  const whole =
    judge === 'best' ? truthOf(setting) : [setting[judge].x, setting[judge].y, ...UNDRAWN.map(() => 0)];
  return whole.map((one, k) => (k < setting.rank ? one : 0));
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, one, k) => sum + one * b[k], 0);

export interface LinearOutcome {
  /** σ(V*). */
  deviation: number;
  /** Share of the variance of V* that the representation holds, |P w*|²/|w*|². */
  held: number;
  /** Correlation with V*: a_c, a_gen, and the highest there is. */
  agreement: Record<Judge, number>;
  /** Gain in mean true value, √(2κ)·σ(V*)·agreement; `best` is the ceiling. */
  gain: Record<Judge, number>;
  /** What the constitution gains over habits: positive just when a_c > a_gen. */
  overHabits: number;
}

/** What training gains, in closed form. A judge that scores all alike gains nothing. */
export function closedForm(setting: LinearSetting): LinearOutcome {
  const truth = truthOf(setting);
  const deviation = Math.hypot(...truth);
  const reach = Math.sqrt(2 * setting.kl) * deviation;
  const agreementOf = (judge: Judge) => {
    const direction = directionOf(setting, judge);
    const size = Math.hypot(...direction) * deviation;
    return size > 0 ? dot(direction, truth) / size : 0;
  };
  const agreement = perJudge(agreementOf);
  const gain = perJudge((judge) => reach * agreement[judge]);
  return {
    deviation,
    held: agreement.best ** 2,
    agreement,
    gain,
    overHabits: gain.constitution - gain.habits,
  };
}

const perJudge = <T>(of: (judge: Judge) => T): Record<Judge, T> => ({
  constitution: of('constitution'),
  habits: of('habits'),
  best: of('best'),
});

/** Responses of the untrained model, row by row: (count, DIMENSIONS). */
export function sampleResponses(count: number, random: Random): Float64Array {
  return Float64Array.from({ length: count * DIMENSIONS }, () => random.normal());
}

/** A linear score of each response: (count). */
export function scoresOf(responses: Float64Array, direction: readonly number[]): Float64Array {
  const scores = new Float64Array(responses.length / DIMENSIONS);
  for (let i = 0; i < scores.length; i++) {
    let score = 0;
    for (let k = 0; k < DIMENSIONS; k++) score += direction[k] * responses[i * DIMENSIONS + k];
    scores[i] = score;
  }
  return scores;
}

/** Probability of each response after training, of those that were sampled: (count), sums to 1. */
export function tilted(responses: Float64Array, direction: readonly number[], kl: number): Float64Array {
  const size = Math.hypot(...direction);
  const weights = scoresOf(responses, direction);
  const t = size > 0 ? Math.sqrt(2 * kl) / size : 0;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] = Math.exp(t * weights[i]);
  for (let i = 0; i < weights.length; i++) weights[i] /= sum;
  return weights;
}

export interface SampledOutcome {
  /** Gain in mean true value of the sampled responses, with a 95% interval. */
  gain: Record<Judge, Estimate>;
  /** Of the same responses, so that what chance does to both counts once. */
  overHabits: Estimate;
  /** Probability of each response after training: (count). */
  probability: Record<Judge, Float64Array>;
}

/**
 * The same gains from sampled responses: E[V* eᵗˢ]/E[eᵗˢ] − E[V*] by self-normalised importance sampling. Intervals are
 * 1.96 standard errors by linearisation (Owen 2013, Monte Carlo theory, methods and examples, section 9.2): of a response
 * with weight w the estimate feels w/w̄·(V − E_π V) − (V − E V), divided by their number.
 */
export function sampledOutcome(setting: LinearSetting, responses: Float64Array): SampledOutcome {
  const values = scoresOf(responses, truthOf(setting));
  const probability = perJudge((judge) => tilted(responses, directionOf(setting, judge), setting.kl));
  const felt = perJudge((judge) => feltBy(values, probability[judge]));
  const estimate = ({ gain, influence }: Felt) => estimateOf(gain, influence);
  const { constitution, habits } = felt;
  return {
    gain: perJudge((judge) => estimate(felt[judge])),
    overHabits: estimateOf(
      constitution.gain - habits.gain,
      constitution.influence.map((one, i) => one - habits.influence[i]),
    ),
    probability,
  };
}

interface Felt {
  gain: number;
  /** What each response adds to the error of the gain, times their number: (count), sums to 0. */
  influence: Float64Array;
}

function feltBy(values: Float64Array, probability: Float64Array): Felt {
  const n = values.length;
  let [before, after] = [0, 0];
  for (let i = 0; i < n; i++) {
    before += values[i] / n;
    after += values[i] * probability[i];
  }
  const influence = values.map((v, i) => n * probability[i] * (v - after) - (v - before));
  return { gain: after - before, influence };
}

function estimateOf(value: number, influence: Float64Array): Estimate {
  const n = influence.length;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += influence[i] ** 2;
  const half = 1.96 * Math.sqrt(squares / (n * (n - 1)));
  return { value, low: value - half, high: value + half };
}
