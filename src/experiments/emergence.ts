import { createRandom } from '../math/random.ts';
import { mean } from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';
import { readGists, selectGists } from '../values/gists.ts';
import { respond, type Sample } from '../values/respond.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { MORAL_VALUES, type MoralValue } from '../world/values.ts';
import { compare, type Ledger, type Reading } from './evidence.ts';
import { halves, probe, targetOf } from './probing.ts';

/** What a model at one moment of its pretraining knows of values. */
export interface Moment {
  /** "probe v", "principle v w" (the verdict by v with w), "nothing V*". */
  ledger: Ledger;
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
  const ledger = probe('probe', sample, count, gists);
  const keep = (name: string, scores: ArrayLike<number>, target: MoralValue | 'V*') => {
    const truth = targetOf(test.responses, target);
    ledger[`${name} ${target}`] = compare(truth, scores, test.situations, test.count);
  };
  for (const value of MORAL_VALUES) {
    const scores = await promptedScores(model, second, readConstitution(value));
    for (const other of MORAL_VALUES) keep(`principle ${value}`, scores, other);
  }
  keep('nothing', await verdicts(model, second, NO_PRINCIPLE), 'V*');
  const prompts = [...new Set(test.responses.map((r) => r.promptText))];
  const own = await respond(model, prompts, createRandom(seed).fork('own'));
  return { ledger, wellFormed: mean(own.map((r) => (r.wellFormed ? 1 : 0))) };
}

/** Names of a moment's comparisons beside those of others. */
export const atStep = (step: number, { ledger }: Moment): Ledger =>
  Object.fromEntries(Object.entries(ledger).map(([name, compared]) => [`${step} ${name}`, compared]));

/** How far a principle tells its own value from the others: r with it, less the worst |r| with another. */
export function selects(read: Reading, step: number, value: MoralValue): number {
  const others = MORAL_VALUES.filter((other) => other !== value);
  const worst = Math.max(...others.map((other) => Math.abs(read.r(`${step} principle ${value} ${other}`))));
  return read.r(`${step} principle ${value} ${value}`) - worst;
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
