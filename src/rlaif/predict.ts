import type { Progress } from '../math/progress.ts';
import type { Random } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import type { Readout } from '../values/readout.ts';
import { sampleGists, trueValues, type Draw, type SampledGists } from '../values/sampled.ts';
import { gainOf } from './ceilings.ts';
import type { Judge } from './judge.ts';
import { linearGain, tiltAtKl, type GainCurve } from './theory.ts';

/** Sampled tilts are biased low on fewer responses. */
export const PREDICTION_SAMPLE = { count: 64, each: 256 } as const;

/** What predictions are made from. */
export const predictionDraw = (
  seed: number,
  size: { count: number; each: number } = PREDICTION_SAMPLE,
): Draw & { each: number } => ({ name: 'prediction', seed, ...size });

/** The reference policy's responses that predictions are made from. */
export function predictionSample(
  model: Model,
  seed: number,
  progress?: Progress,
  size?: { count: number; each: number },
): Promise<SampledGists> {
  return sampleGists(model, predictionDraw(seed, size), progress);
}

/** What training on a judge will gain in true value, before any training, at each KL that the sample carries. */
export interface PredictedGains {
  tilt: GainCurve;
  /** √(2κ)·σ(V*)·a_c at the tilt's budgets. */
  linear: Float64Array;
}

export async function predictGains(
  sample: SampledGists,
  judge: Judge,
  budgets: readonly number[],
  random: Random,
): Promise<PredictedGains> {
  const { situations, responses } = sample;
  const scores = await judge(sample);
  const tilt = gainOf(sample, scores, budgets, random);
  const worth = trueValues(responses);
  return { tilt, linear: tilt.kl.map((kl) => linearGain({ situations, scores, worth }, kl)) };
}

/** The gains with the two ceilings that a curve is drawn under; `ceilings` has all three. */
export interface Prediction extends PredictedGains {
  /** Tilt by any readout of V* from the gist: bounds every judge that reads the gist. */
  ceiling: GainCurve;
  /** Tilt by V* itself: bounds every policy at that KL. */
  truth: GainCurve;
}

export async function predict(
  sample: SampledGists,
  judge: Judge,
  readout: Readout,
  budgets: readonly number[],
  random: Random,
): Promise<Prediction> {
  return {
    ...(await predictGains(sample, judge, budgets, random)),
    ceiling: gainOf(sample, readout(sample.gists), budgets, random),
    truth: gainOf(sample, trueValues(sample.responses), budgets, random),
  };
}

/**
 * The most that a judge's own mean score can gain at a KL: no policy passes the tilt by that score. Null where
 * the sample does not carry the tilt.
 */
export async function scoreBound(sample: SampledGists, judge: Judge, kl: number): Promise<number | null> {
  const scores = await judge(sample);
  return tiltAtKl({ situations: sample.situations, scores, worth: scores }, kl)?.gain ?? null;
}
