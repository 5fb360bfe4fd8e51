import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../math/random.ts';
import { deviation, mean } from '../math/statistics.ts';
import { createModel, disposeModel, readWeights, type Model, type Weights } from '../model/parameters.ts';
import {
  AdamW,
  ADAMW,
  NotFiniteError,
  type OptimizerOptions,
  type OptimizerState,
} from '../train/optimizer.ts';
import { say, valuedBy, type Said, type Sample } from '../values/respond.ts';
import { joinReadings, trueValues } from '../values/sampled.ts';
import { TRUE_WEIGHTS, type TrueWeights } from '../world/values.ts';
import { alone, sumOf, type Crew } from './crew.ts';
import type { Judge } from './judge.ts';
import { LOSSES, type LossName, type Scored } from './losses.ts';
import { groupsAt, lessonsOf, measuring, partsOf, type Draw } from './parts.ts';
import { judgedPairs, pairAccuracy, rowOf, type JudgedPair, type Row } from './rows.ts';

export interface RlaifOptions {
  seed: number;
  /** Updates at the most. */
  steps: number;
  /** The run stops when its KL estimate reaches this, nats. */
  kl: number;
  loss: LossName;
  /** Responses a step, over all situations. */
  responses: number;
  /** Learning rate and pull towards the reference; the loss's own when left out. */
  rate?: number;
  beta?: number;
  /**
   * First and last row are measured on this many situations × responses, the same situations and random stream
   * for both; `always`: every row, for a curve whose steps compare. Other rows are of the step's own samples.
   */
  measure: { situations: number; each: number; always?: boolean };
  optimizer: OptimizerOptions;
  /** By which the true values of its rows are told; training on the judge of the truth follows them, too. */
  trueWeights: TrueWeights;
}

export const RLAIF: RlaifOptions = {
  seed: 1,
  steps: 40,
  kl: 1,
  loss: 'dpo',
  responses: 128,
  measure: { situations: 200, each: 16 },
  // Adam moves a weight whose gradient is all noise as far as any other, and that costs sense: with an epsilon of 1e-8
  // a run to 0.7 nats took 3 points of well-formedness. With one that most gradients are smaller than it takes 0.5.
  optimizer: { ...ADAMW, decay: 0, epsilon: 1e-2 },
  trueWeights: TRUE_WEIGHTS,
};

/** All that is needed to go on from a step as if nothing had come between: what a rewind goes back to. */
export interface RlaifState {
  step: number;
  weights: Weights;
  optimizer: OptimizerState;
  /** τ, fixed by the first batch. */
  temperature: number;
}

export interface RlaifReport {
  row: Row;
  /** The pairs that this row's update will learn from; none on the last row. */
  pairs: JudgedPair[];
  /** The policy as it is now, and its state; only while the generator stands at this report. */
  policy: Model;
  state(): Promise<RlaifState>;
}

export type StopReason = 'kl' | 'steps' | 'not-finite';

/**
 * Mean true value of the untrained model as the first row of a run with these options measures it: on the same situations
 * with the same random streams.
 */
export async function startOf(
  reference: Model,
  { seed, measure, trueWeights }: Pick<RlaifOptions, 'seed' | 'measure' | 'trueWeights'>,
): Promise<number> {
  const { asked } = measuring(seed, measure, createRandom(seed).fork('rlaif'));
  const values: number[] = [];
  for (const { prompts, streams } of partsOf(asked, 1))
    values.push(
      ...trueValues(valuedBy(await say(reference, prompts, streams.map(createRandom)), trueWeights)),
    );
  return mean(values);
}

/**
 * RLAIF (Bai et al. 2022): sample responses to situations, let the judge compare them, and move the policy towards
 * what it prefers. One report a row, row 0 before any update; the generator's return value says why it
 * stopped: 'not-finite' where weights, gradients or scores are no longer numbers; then the last report holds the last
 * good state. The reference is never changed. Same seed and backend, same run, also when it goes on `from` a
 * state of an earlier one, and whoever is in the crew.
 */
export async function* rlaif(
  reference: Model,
  judge: Judge,
  options: RlaifOptions,
  from?: RlaifState,
  crew: Crew = alone(reference),
): AsyncGenerator<RlaifReport, StopReason> {
  const random = createRandom(options.seed).fork('rlaif');
  const { loss, ...own } = LOSSES[options.loss];
  const rate = options.rate ?? own.rate;
  const policy = createModel(reference.config, from?.weights ?? (await readWeights(reference)));
  const optimizer = new AdamW(policy, options.optimizer, from?.optimizer);
  let temperature = from?.temperature ?? 0;
  const draw = async ({ asked, situations }: Draw): Promise<[Sample<Said>, Scored]> => {
    const heard = joinReadings(await crew.hear(policy, partsOf(asked, crew.size)));
    const { logProbs } = heard;
    const responses = valuedBy(heard.responses, options.trueWeights);
    const scores = Float32Array.from(await judge({ ...heard, responses, policy }));
    return [
      { responses, situations },
      { scores, reference: logProbs, policy: Float32Array.from(responses, (r) => r.logProb) },
    ];
  };
  try {
    for (let step = from?.step ?? 0; ; step++) {
      await crew.follow(policy);
      const [batch, scored] = await draw(groupsAt(step, options.responses / own.each, own.each, random));
      // A policy that is no longer made of numbers has nothing to report: the report before was its last good state.
      if (!scored.policy.every(Number.isFinite)) return 'not-finite';
      temperature ||= Math.max(deviation(scored.scores), 1e-6);
      const pairs = judgedPairs(batch.responses, scored, own.each, temperature);
      const accuracy = pairAccuracy(pairs);
      const measured = async () =>
        rowOf(step, ...(await draw(measuring(options.seed, options.measure, random))), accuracy, random);
      const soon = step === 0 || options.measure.always;
      let row = soon ? await measured() : rowOf(step, batch, scored, accuracy, random);
      const spent = row.kl >= options.kl;
      const last = spent || step === options.steps;
      if (last && !soon) row = await measured();
      const tau = temperature;
      const state = async () => ({
        step,
        weights: await readWeights(policy),
        optimizer: await optimizer.state(),
        temperature: tau,
      });
      yield { row, pairs: last ? [] : pairs, policy, state };
      if (last) return spent ? 'kl' : 'steps';
      const lossOptions = { each: own.each, temperature, beta: options.beta ?? own.beta };
      try {
        // Best of n only compares scores: it would train on without them.
        if (!scored.scores.every(Number.isFinite)) throw new NotFiniteError('a score is not a finite number');
        const lessons = lessonsOf(batch.responses, loss(scored, lossOptions));
        const gradients = sumOf(await crew.learn(policy, lessons));
        await optimizer.update(gradients, rate).finally(() => tf.dispose(gradients));
      } catch (error) {
        if (error instanceof NotFiniteError) return 'not-finite';
        throw error;
      }
    }
  } finally {
    optimizer.dispose();
    disposeModel(policy);
  }
}
