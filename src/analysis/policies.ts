import { createRandom } from '../math/random.ts';
import { readWeights, type Model, type Weights } from '../model/parameters.ts';
import type { Judge } from '../rlaif/judge.ts';
import { rlaif, RLAIF } from '../rlaif/loop.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';

/** Who a policy is trained by: a constitution that is asked for, the model's own likelihood, or noise. */
export type Teacher = { constitution: string; shuffled?: boolean } | { likelihood: true };

export const teacherName = (teacher: Teacher): string =>
  'likelihood' in teacher
    ? 'likelihood'
    : teacher.shuffled
      ? `${teacher.constitution}, shuffled`
      : teacher.constitution;

/** The judge of a teacher; `seed` is that of the noise, where there is any. */
export function judgeOf(model: Model, teacher: Teacher, seed: number): Judge {
  if ('likelihood' in teacher) return ({ logProbs }) => Promise.resolve(logProbs);
  const constitution = readConstitution(teacher.constitution);
  const random = createRandom(seed).fork('shuffled scores');
  return async ({ gists }) => {
    const scores = await promptedScores(model, gists, constitution);
    return teacher.shuffled ? random.shuffle([...scores]) : scores;
  };
}

export interface PolicyPlan {
  seed: number;
  /** The run stops when its estimate of KL(π ‖ π₀) reaches this, nats a response. */
  kl: number;
  /** Updates at the most. */
  steps: number;
}

/** A policy that a teacher trained. */
export interface TrainedPolicy {
  weights: Weights;
  /** Updates, and the run's own estimate of KL(π ‖ π₀) after them, nats a response. */
  steps: number;
  kl: number;
}

/** Trains a copy of the reference by DPO until it is `kl` nats away. */
export async function trainPolicy(reference: Model, judge: Judge, plan: PolicyPlan): Promise<TrainedPolicy> {
  const run = rlaif(reference, judge, { ...RLAIF, ...plan, measure: { situations: 8, each: 16 } });
  let trained: TrainedPolicy | undefined;
  for await (const { row, pairs, policy } of run)
    if (pairs.length === 0) trained = { weights: await readWeights(policy), steps: row.step, kl: row.kl };
  if (!trained) throw new Error('training broke down before it could be measured');
  return trained;
}
