import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../math/random.ts';
import { createRandom } from '../math/random.ts';
import { deviation, mean, meanInterval, sigmoid, type Estimate } from '../math/statistics.ts';
import { padRows } from '../model/encode.ts';
import { createModel, disposeModel, readWeights, type Model } from '../model/parameters.ts';
import { logProbs, responseLogProb } from '../model/score.ts';
import { AdamW, ADAMW, NotFiniteError, type OptimizerOptions } from '../train/optimizer.ts';
import { byParameter } from '../train/pretrain.ts';
import { readGists } from '../values/gists.ts';
import { respond, sampleResponses, type Response, type Sample } from '../values/respond.ts';
import { situationAt } from '../world/documents.ts';
import { VALUE_NAMES, type Values } from '../world/values.ts';
import type { Judge } from './judge.ts';
import { dpoLoss } from './losses.ts';

export interface RlaifOptions {
  seed: number;
  /** Updates at the most. */
  steps: number;
  /** The run stops when its KL estimate reaches this, nats. */
  kl: number;
  /** Preference pairs a step; each is two responses to a situation of its own. */
  pairs: number;
  rate: number;
  /** DPO's β. */
  beta: number;
  /** First and last row are measured on this many situations × responses, the same for both. */
  measure: { situations: number; each: number };
  optimizer: OptimizerOptions;
}

export const RLAIF: RlaifOptions = {
  seed: 1,
  steps: 40,
  kl: 1,
  pairs: 64,
  rate: 2.5e-4,
  beta: 0.1,
  measure: { situations: 200, each: 16 },
  optimizer: { ...ADAMW, decay: 0 },
};

/** What the policy is at one moment. Row 0 is before any update. */
export interface Row {
  step: number;
  trueValue: Estimate;
  values: Values;
  /** Mean score by the judge. */
  judge: number;
  /** KL(π ‖ π₀) from the policy's own samples, nats a response, with its standard error. */
  kl: number;
  klError: number;
  /** Share of this step's pairs, ties of true value left out, in which the judge prefers the better one. */
  pairAccuracy: number;
  wellFormed: number;
  /** Mean tokens a response. */
  length: number;
}

/** One judged pair of a step. */
export interface JudgedPair {
  a: Response;
  b: Response;
  scoreA: number;
  scoreB: number;
  /** Soft label σ(Δs/τ). */
  preferA: number;
}

export interface RlaifReport {
  row: Row;
  /** The pairs that this row's update will learn from; none on the last row. */
  pairs: JudgedPair[];
  /** The policy as it is now; only while the generator stands at this report. */
  policy: Model;
}

export type StopReason = 'kl' | 'steps' | 'not-finite';

/**
 * RLAIF (DESIGN 5): sample two responses to each situation, let the judge compare them, and move the policy
 * by DPO towards what it prefers. One report a row, row 0 before any update; the generator's return value says
 * why it stopped. The reference is never changed. Same seed and backend, same run.
 */
export async function* rlaif(
  reference: Model,
  judge: Judge,
  options: RlaifOptions,
): AsyncGenerator<RlaifReport, StopReason> {
  const random = createRandom(options.seed).fork('rlaif');
  const policy = createModel(reference.config, await readWeights(reference));
  const optimizer = new AdamW(policy, options.optimizer);
  let temperature = 0; // τ: the spread of the first batch's scores
  try {
    for (let step = 0; ; step++) {
      const batch = await samplePairs(policy, options.pairs, random.fork('pairs').fork(step));
      const scored = await score(reference, policy, judge, batch);
      temperature ||= Math.max(deviation(scored.scores), 1e-6);
      const pairs = judgedPairs(batch.responses, scored.scores, temperature);
      let row = rowOf(step, batch, scored, pairs, random);
      const spent = row.kl >= options.kl;
      const last = spent || step === options.steps;
      if (step === 0 || last) {
        const sample = await measureSample(policy, options, random.fork('measure'));
        row = { ...rowOf(step, sample, await score(reference, policy, judge, sample), pairs, random), step };
      }
      yield { row, pairs: last ? [] : pairs, policy };
      if (last) return spent ? 'kl' : 'steps';
      const prefer = Float32Array.from(pairs, ({ preferA }) => preferA);
      try {
        await update(policy, optimizer, batch.responses, scored.reference, prefer, options);
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

/** Situations of a seed, as prompts. */
export function prompts(name: string, seed: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => situationAt(`${name}/${seed}`, i));
}

/** Responses a₁ … aₙ, b₁ … bₙ to n fresh situations. */
async function samplePairs(policy: Model, pairs: number, random: Random): Promise<Sample> {
  const each = Array.from({ length: pairs }, (_, i) => situationAt('pairs', random.integer(2 ** 31) + i));
  const responses = await respond(policy, [...each, ...each], random.fork('responses'));
  return { responses, situations: Int32Array.from(responses, (_, i) => i % pairs) };
}

/** The measuring sample: the same situations and random stream whenever it is drawn. */
function measureSample(policy: Model, { seed, measure }: RlaifOptions, random: Random): Promise<Sample> {
  return sampleResponses(policy, prompts('measure', seed, measure.situations), measure.each, random);
}

interface Scored {
  scores: Float32Array;
  /** log π₀ and log π of each response. */
  reference: Float32Array;
  policy: Float32Array;
}

async function score(reference: Model, policy: Model, judge: Judge, { responses }: Sample): Promise<Scored> {
  const read = await readGists(reference, responses);
  const scores = Float32Array.from(await judge({ responses, ...read }));
  return { scores, reference: read.logProbs, policy: await logProbs(policy, responses) };
}

function judgedPairs(responses: readonly Response[], scores: Float32Array, temperature: number): JudgedPair[] {
  const n = responses.length / 2;
  return Array.from({ length: n }, (_, i) => {
    const [scoreA, scoreB] = [scores[i]!, scores[n + i]!];
    const preferA = sigmoid((scoreA - scoreB) / temperature);
    return { a: responses[i]!, b: responses[n + i]!, scoreA, scoreB, preferA };
  });
}

function rowOf(step: number, sample: Sample, scored: Scored, pairs: JudgedPair[], random: Random): Row {
  const { responses, situations } = sample;
  const over = (f: (r: Response) => number) => mean(responses.map(f));
  const ratios = scored.policy.map((x, i) => x - scored.reference[i]!);
  const decided = pairs.filter(({ a, b }) => a.trueValue !== b.trueValue);
  const right = decided.filter(({ a, b, preferA }) => preferA > 0.5 === a.trueValue > b.trueValue);
  const worth = responses.map(({ trueValue }) => trueValue);
  return {
    step,
    trueValue: meanInterval(worth, situations, random.fork('bootstrap').fork(step)),
    values: Object.fromEntries(VALUE_NAMES.map((name) => [name, over((r) => r.values[name])])) as Values,
    judge: mean(scored.scores),
    kl: mean(ratios),
    klError: deviation(ratios) / Math.sqrt(ratios.length),
    pairAccuracy: decided.length ? right.length / decided.length : 0.5,
    wellFormed: over((r) => (r.wellFormed ? 1 : 0)),
    length: over((r) => r.response.length),
  };
}

async function update(
  policy: Model,
  optimizer: AdamW,
  responses: readonly Response[],
  reference: Float32Array,
  prefer: Float32Array,
  { rate, beta }: RlaifOptions,
): Promise<void> {
  const rows = padRows(responses.map(({ prompt, response }) => [...prompt, ...response]));
  const { value, grads } = tf.tidy(() =>
    tf.variableGrads(
      () => dpoLoss(responseLogProb(policy, rows, responses), reference, prefer, beta),
      Object.values(policy.parameters),
    ),
  );
  try {
    await optimizer.update(byParameter(policy, grads), rate);
  } finally {
    tf.dispose([value, grads]);
  }
}

