/** A reference model, and what training it on a judge gains, predicted and measured. */
import { createRandom } from '../math/random.ts';
import { clusteredError, deviationWithin, mean } from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import type { Judge } from '../rlaif/judge.ts';
import { rlaif, RLAIF } from '../rlaif/loop.ts';
import type { LossName } from '../rlaif/losses.ts';
import { linearGain } from '../rlaif/theory.ts';
import { readGists } from '../values/gists.ts';
import { sampleResponses, type Response } from '../values/respond.ts';
import { sampleGists, trueValues, type SampledGists } from '../values/sampled.ts';
import { situationAt } from '../world/documents.ts';
import { judgementsOf, predictionSample, tiltOf } from './predict.ts';
import { drive } from './trainRun.ts';

/** How large the samples are that gains are measured and predicted on. */
export interface GainSizes {
  /** Situations × responses that a policy is measured on, before and after. */
  situations: number;
  each: number;
  /** The reference's own responses that its gain is predicted from (PREDICTION_SAMPLE for figures). */
  prediction: { count: number; each: number };
}

/** What training on a judge did. */
export interface RealisedGain {
  /** Updates until here. */
  step: number;
  /** KL(π ‖ π₀), nats a response, of the policy's own samples, with its standard error over situations. */
  kl: number;
  klError: number;
  /** Gain in mean V* of every situation, policy less reference, both given the same random stream. */
  gains: number[];
  wellFormed: number;
  /** Mean tokens a response. */
  length: number;
}

/** What the tilt of the reference says about a gain at some KL, before any training. */
export interface PredictedGain {
  /** √(2κ)·σ(V*)·a_c, right to first order. */
  linear: number;
  /** The exact tilt; null where the sample does not carry it. */
  tilt: number | null;
}

export interface TrainingPlan {
  seed: number;
  loss: LossName;
  /** KL at which the policy is measured, nats, rising; the run ends with the last. */
  budgets: readonly number[];
  /** Updates at the most. */
  steps: number;
}

/** A reference model with the samples that gains are measured and predicted on, drawn when first needed. */
export class Testbed {
  readonly model: Model;
  readonly #sizes: GainSizes;
  readonly #seed: number;
  readonly #before = new Map<number, Promise<SampledGists>>();
  #prediction: Promise<SampledGists> | undefined;

  /** `seed` is that of the predictions' sample; what is measured has the seed of its run. */
  constructor(model: Model, sizes: GainSizes, seed: number) {
    this.model = model;
    this.#sizes = sizes;
    this.#seed = seed;
  }

  /** The reference's responses to the measuring situations of a seed. */
  before(seed: number): Promise<SampledGists> {
    const known = this.#before.get(seed);
    if (known) return known;
    const { situations: count, each } = this.#sizes;
    const drawn = sampleGists(this.model, { name: 'gain', seed, count, each });
    this.#before.set(seed, drawn);
    return drawn;
  }

  /** The reference's responses that predictions are made from: the same ones for every judge. */
  prediction(): Promise<SampledGists> {
    return (this.#prediction ??= predictionSample(this.model, this.#seed, undefined, this.#sizes.prediction));
  }

  /** Predicted gain in V* of a policy that follows these scores of `prediction()`, at κ nats. */
  async predicted(scores: ArrayLike<number>, kl: number): Promise<PredictedGain> {
    const sample = await this.prediction();
    return {
      linear: linearGain(judgementsOf(sample, scores), Math.max(kl, 0)),
      tilt: tiltOf(sample, scores, kl)?.gain ?? null,
    };
  }

  /** σ(V*) within the situation: the unit that gains of different models compare in. */
  async spread(): Promise<number> {
    const { responses, situations } = await this.prediction();
    return deviationWithin(trueValues(responses), situations);
  }

  /** Trains a copy of the reference on a judge, and measures it wherever its KL passes a budget. */
  async train(judge: Judge, { seed, loss, budgets, steps }: TrainingPlan): Promise<RealisedGain[]> {
    const options = { ...RLAIF, seed, loss, steps, kl: budgets[budgets.length - 1] };
    // The run's own first and last row are no larger than its steps: this measures by itself.
    const run = rlaif(this.model, judge, { ...options, measure: { situations: 8, each: 16 } });
    const realised: RealisedGain[] = [];
    let passed = 0;
    await drive(run, async ({ row, pairs, policy }) => {
      const last = pairs.length === 0;
      if (row.step === 0 || !(last || row.kl >= budgets[passed])) return;
      realised.push({ step: row.step, ...(await this.measureGain(policy, seed)) });
      while (passed < budgets.length && row.kl >= budgets[passed]) passed += 1;
    });
    return realised;
  }

  /** What a policy gained over the reference, on the measuring situations of a seed. */
  async measureGain(policy: Model, seed: number): Promise<Omit<RealisedGain, 'step'>> {
    const { situations: count, each } = this.#sizes;
    const prompts = Array.from({ length: count }, (_, i) => situationAt(`gain/${seed}`, i));
    const random = createRandom(seed).fork('gain');
    const { responses, situations } = await sampleResponses(policy, prompts, each, random);
    const { logProbs: reference } = await readGists(this.model, responses);
    const ratios = responses.map(({ logProb }, i) => logProb - reference[i]);
    const before = await this.before(seed);
    const gains = new Array<number>(count).fill(0);
    responses.forEach((r, i) => (gains[situations[i]] += r.trueValue / each));
    before.responses.forEach((r, i) => (gains[before.situations[i]] -= r.trueValue / each));
    return {
      kl: mean(ratios),
      klError: clusteredError(ratios, situations),
      gains,
      wellFormed: mean(responses.map((r) => (r.wellFormed ? 1 : 0))),
      length: meanLength(responses),
    };
  }
}

/** Mean tokens a response. */
export const meanLength = (responses: readonly Response[]): number =>
  mean(responses.map((r) => r.response.length));
