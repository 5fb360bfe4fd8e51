import { bareScores } from '../../analysis/judge.ts';
import { compare, type GroupedMoments } from '../../analysis/moments.ts';
import { createRandom } from '../../math/random.ts';
import { deviationWithin } from '../../math/statistics.ts';
import type { Model } from '../../model/parameters.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { sampleGists, trueValues } from '../../values/sampled.ts';
import { cellsOf, costOf } from '../framework/cells.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { PartOf } from '../framework/parts.ts';

export interface Config extends SeededConfig {
  readonly situations: number;
  readonly each: number;
  readonly names: readonly string[];
}

/** What is held against V*: log π₀, whole and a token; the verdict without a principle, by all five, and shuffled. */
export type GapKey = readonly ['generation' | 'per token' | 'judgement' | 'principled' | 'shuffled'];

export interface Rows {
  /** By model and seed. */
  gap: {
    moments: GroupedMoments<GapKey>;
    /** Spread of the verdicts without a principle within the situation, logits. */
    spread: number;
  };
}

const ALL_VALUES = 'honesty, care, fairness, freedom and loyalty';
/** Seconds of a response: drawn, read and judged twice. */
const SECONDS = 0.0011;

/** A row for each model that is there, and seed. */
export function gapParts({ seeds, situations, each, names }: Config, models: Available): PartOf<Rows>[] {
  return cellsOf(names, seeds, models).map(({ name, seed }) => ({
    kind: 'gap',
    at: [name, seed],
    models: [name],
    given: { situations, each },
    seconds: 0.5 + SECONDS * costOf(name, models) * situations * each,
    compute: async ({ model }) => gapOf(await model(name), seed, situations, each),
  }));
}

async function gapOf(model: Model, seed: number, count: number, each: number): Promise<Rows['gap']> {
  const { responses, gists, logProbs, situations } = await sampleGists(model, {
    name: 'E3',
    seed,
    count,
    each,
  });
  const truth = trueValues(responses);
  const by = (scores: ArrayLike<number>) => compare(scores, truth, situations, count);
  const plain = await bareScores({ model }, gists);
  const principled = await promptedScores(model, gists, readConstitution(ALL_VALUES));
  const shuffled = createRandom(seed)
    .fork('E3 shuffled')
    .shuffle([...plain]);
  const perToken = logProbs.map((x, i) => x / Math.max(1, responses[i].response.length));
  return {
    moments: [
      [['generation'], by(logProbs)],
      [['per token'], by(perToken)],
      [['judgement'], by(plain)],
      [['principled'], by(principled)],
      [['shuffled'], by(shuffled)],
    ],
    spread: deviationWithin(plain, situations),
  };
}
