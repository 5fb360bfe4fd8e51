/** What training on a judge will gain, and what any training could, said of the untrained model's own responses. */
import type { Progress } from '../math/progress.ts';
import type { Random } from '../math/random.ts';
import type { Numbers } from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import type { Judge } from '../rlaif/judge.ts';
import {
  gainCurve,
  linearGain,
  tiltAtKl,
  type GainCurve,
  type Judgements,
  type TiltPoint,
} from '../rlaif/theory.ts';
import { fitAny, fitLinear, type Readout } from '../values/readout.ts';
import { sampleGists, trueValues, type Draw, type SampledGists } from '../values/sampled.ts';

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

/** A sample of π₀ with some scores of it, (n), and what it is worth: V*. */
export const judgementsOf = ({ situations, responses }: SampledGists, scores: Numbers): Judgements => ({
  situations,
  scores,
  worth: trueValues(responses),
});

/** The tilt of a sample by some scores that spends `kl` nats, none below 0; null where the sample does not carry it. */
export const tiltOf = (sample: SampledGists, scores: Numbers, kl: number): TiltPoint | null =>
  tiltAtKl(judgementsOf(sample, scores), Math.max(kl, 0));

/** What tilting a sample of π₀ by some scores gains in V*, at each KL (nats) that the sample carries. */
export const gainOf = (
  sample: SampledGists,
  scores: Numbers,
  budgets: readonly number[],
  random: Random,
): GainCurve => gainCurve(judgementsOf(sample, scores), budgets, random);

/**
 * Readouts of V* from the gist, fitted on a sample of their own, so that none is rewarded for what it knows by heart. A
 * judge that is not linear may pass the linear one; any readout bounds every judge that reads the gist, as far as it is
 * the best.
 */
export function fitReadouts(
  { gists, responses, situations }: SampledGists,
  random: Random,
): Record<'linear' | 'any', Readout> {
  const truth = trueValues(responses);
  return { linear: fitLinear(gists, truth, situations), any: fitAny(gists, truth, situations, random) };
}

/** A curve in KL for each readout, and one of the tilt by V* itself, which bounds every policy, whoever judges. */
export type Ceilings<Name extends string> = Record<Name | 'truth', GainCurve>;

/** The ceilings on a sample of π₀'s responses (PREDICTION_SAMPLE for figures), where it carries them. */
export function ceilings<Name extends string>(
  sample: SampledGists,
  readouts: Readonly<Record<Name, Readout>>,
  budgets: readonly number[],
  random: Random,
): Ceilings<Name> {
  const curves = { truth: gainOf(sample, trueValues(sample.responses), budgets, random) } as Ceilings<Name>;
  for (const [name, readout] of Object.entries(readouts) as [Name, Readout][])
    curves[name] = gainOf(sample, readout(sample.gists), budgets, random);
  return curves;
}

/** Gains in true value of training on a judge, before any training, at each KL that the sample carries. */
export interface Prediction<Name extends string> {
  tilt: GainCurve;
  /** √(2κ)·σ(V*)·a_c at the tilt's budgets. */
  linear: Float64Array;
  ceilings: Ceilings<Name>;
}

export async function predict<Name extends string>(
  sample: SampledGists,
  judge: Judge,
  readouts: Readonly<Record<Name, Readout>>,
  budgets: readonly number[],
  random: Random,
): Promise<Prediction<Name>> {
  const scores = await judge(sample);
  const tilt = gainOf(sample, scores, budgets, random);
  const judgements = judgementsOf(sample, scores);
  return {
    tilt,
    linear: tilt.kl.map((kl) => linearGain(judgements, kl)),
    ceilings: ceilings(sample, readouts, budgets, random),
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
