import { valuesOf } from '../../analysis/judge.ts';
import { compare, type GroupedMoments } from '../../analysis/moments.ts';
import { halves, probe, type ProbeKey } from '../../analysis/probe.ts';
import { createRandom } from '../../math/random.ts';
import { mean } from '../../math/statistics.ts';
import type { Model } from '../../model/parameters.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { readGists, selectGists } from '../../values/gists.ts';
import { respond, type Sample } from '../../values/respond.ts';
import { trueValues } from '../../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../../values/verdicts.ts';
import { MORAL_VALUES, type MoralValue } from '../../world/values.ts';
import type { Reading } from '../framework/evidence.ts';

/** A probe of each value, the verdict by v with each value w, and the verdict without a principle with V*. */
export type MomentKey =
  ProbeKey<readonly ['probe']> | readonly ['principle', v: MoralValue, w: MoralValue] | readonly ['nothing'];
/** Of the model at a step of its pretraining. */
export type CourseKey = readonly [step: number, ...MomentKey];

/** What a model at one moment of its pretraining knows of values. */
export interface Moment {
  moments: GroupedMoments<MomentKey>;
  /** Share of its own responses that are well-formed, one to each situation. */
  wellFormed: number;
}

export async function momentOf(model: Model, sample: Sample, count: number, seed: number): Promise<Moment> {
  const { test } = halves(sample, count);
  const { gists } = await readGists(model, sample.responses);
  const rows = sample.responses.length - test.responses.length;
  const second = selectGists(
    gists,
    Array.from(test.responses, (_, i) => rows + i),
  );
  const { responses, situations } = test;
  const held = (truth: readonly number[], scores: ArrayLike<number>) =>
    compare(truth, scores, situations, test.count);
  const moments: (readonly [MomentKey, ReturnType<typeof held>])[] = [
    ...probe(['probe'], sample, count, gists),
    [['nothing'], held(trueValues(responses), await verdicts(model, second, NO_PRINCIPLE))],
  ];
  for (const value of MORAL_VALUES) {
    const scores = await promptedScores(model, second, readConstitution(value));
    for (const other of MORAL_VALUES)
      moments.push([['principle', value, other], held(valuesOf(responses, other), scores)]);
  }
  const prompts = [...new Set(test.responses.map((r) => r.promptText))];
  const own = await respond(model, prompts, createRandom(seed).fork('own'));
  return { moments, wellFormed: mean(own.map((r) => (r.wellFormed ? 1 : 0))) };
}

/** How far a principle tells its own value from the others: r with it, less the worst |r| with another. */
export function selects(read: Reading<CourseKey>, step: number, value: MoralValue): number {
  const others = MORAL_VALUES.filter((other) => other !== value);
  const worst = Math.max(...others.map((other) => Math.abs(read.r([step, 'principle', value, other]))));
  return read.r([step, 'principle', value, value]) - worst;
}

/** The step at which a curve first is half-way from its start to its end, straight between neighbours. */
export function halfway(steps: readonly number[], curve: readonly number[]): number {
  const goal = (curve[0] + curve[curve.length - 1]) / 2;
  const rises = curve[curve.length - 1] >= curve[0];
  const at = curve.findIndex((y) => (rises ? y >= goal : y <= goal));
  if (at <= 0) return steps[0];
  const share = (goal - curve[at - 1]) / (curve[at] - curve[at - 1]);
  return steps[at - 1] + share * (steps[at] - steps[at - 1]);
}
