import { fitReadouts, tiltOf } from '../../analysis/predict.ts';
import { FITTING } from '../../analysis/sample.ts';
import { Testbed, type GainSizes, type RealisedGain } from '../../analysis/testbed.ts';
import { createRandom } from '../../math/random.ts';
import type { Model } from '../../model/parameters.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { sampleGists, trueValues } from '../../values/sampled.ts';
import { cellsOf, costOf, secondsOfRun } from '../framework/cells.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { PartOf } from '../framework/parts.ts';

/** What every run has in common. */
interface Settings extends GainSizes {
  readonly constitution: string;
  /** KL at which a run stops, nats, and updates at the most. */
  readonly kl: number;
  readonly steps: number;
}

export interface Config extends SeededConfig, Settings {
  readonly names: readonly string[];
}

/** What a gain is held against. */
export type Ceiling = 'judge' | 'linear' | 'any' | 'truth';

/** A run of RLAIF with its ceilings at the KL that it spent. */
export interface BoundedRun {
  width: number;
  realised: RealisedGain;
  /** σ(V*) within the situation. */
  spread: number;
  /** Gains of every situation of the prediction's sample; null where the sample does not carry the tilt. */
  ceilings: Record<Ceiling, number[] | null>;
}

export interface Rows {
  /** By model and seed; null where training broke down. */
  run: BoundedRun | null;
}

/** A run for each model that is there, and seed. */
export function boundParts(config: Config, models: Available): PartOf<Rows>[] {
  const { seeds, names, situations, each, prediction, constitution, kl, steps } = config;
  const settings: Settings = { situations, each, prediction, constitution, kl, steps };
  return cellsOf(names, seeds, models).map(({ name, seed }) => ({
    kind: 'run',
    at: [name, seed],
    models: [name],
    given: settings,
    seconds: 2 + costOf(name, models) * secondsOfRun(settings, steps * kl),
    compute: async ({ model }) => boundedRun(await model(name), seed, settings),
  }));
}

/** Trains one model on the judge and reads its ceilings at the KL that it spent; null where training broke down. */
async function boundedRun(model: Model, seed: number, config: Settings): Promise<Rows['run']> {
  const constitution = readConstitution(config.constitution);
  const testbed = new Testbed(model, config, seed);
  const scoresOf = ({ gists }: { gists: Parameters<typeof promptedScores>[1] }) =>
    promptedScores(model, gists, constitution);
  const { kl: budget, steps } = config;
  const realised = (await testbed.train(scoresOf, { seed, loss: 'dpo', budgets: [budget], steps })).at(-1);
  if (!realised) return null;

  const sample = await testbed.prediction();
  const fitting = await sampleGists(model, { ...FITTING, seed });
  const readouts = fitReadouts(fitting, createRandom(seed).fork('E5 readout'));
  const tilted = (scores: ArrayLike<number>): number[] | null => {
    const point = tiltOf(sample, scores, realised.kl);
    return point && [...point.gains];
  };
  return {
    width: model.config.width,
    realised,
    spread: await testbed.spread(),
    /** Gains of every situation of the prediction's sample; null where the sample does not carry the tilt. */
    ceilings: {
      judge: tilted(await scoresOf(sample)),
      linear: tilted(readouts.linear(sample.gists)),
      any: tilted(readouts.any(sample.gists)),
      truth: tilted(trueValues(sample.responses)),
    },
  };
}
