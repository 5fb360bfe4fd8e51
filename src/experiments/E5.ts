import { fitReadouts, tiltOf } from '../analysis/predict.ts';
import { FITTING } from '../analysis/sample.ts';
import { Testbed, type GainSizes } from '../analysis/testbed.ts';
import { createRandom } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';
import { sampleGists, trueValues } from '../values/sampled.ts';
import { boundOutcome, LEAST_CEILING, type BoundedRun } from './bound.ts';
import { named, type Criterion, type Experiment, type SeededConfig } from './experiment.ts';
import { GRID_NAMES, SWEEP, type SweepModel } from './sweep.ts';
import { using } from './using.ts';

export interface Config extends SeededConfig, GainSizes {
  readonly names: readonly string[];
  readonly constitution: string;
  /** KL at which a run stops, nats, and updates at the most. */
  readonly kl: number;
  readonly steps: number;
}

export const CRITERION: Criterion = {
  text:
    'No run gains more true value than the tilt by truth itself at its KL, and at most one in twenty more than the tilt ' +
    'by any readout of its gists, both judged by the 95% interval of the difference; and the share of what truth would ' +
    'gain that the gist allows is larger at width 64 than at width 16, with intervals apart.',
  because:
    'Truth bounds every policy; the readout is a network fitted on 2,000 responses, so the best one may be a little ' +
    `better than it. Where truth itself would gain under ${LEAST_CEILING} there is nothing to share, and no share is told.`,
  holds(measures) {
    const at = (name: string) => named(measures, name);
    const shares = ['width 16: gist over truth', 'width 64: gist over truth'];
    return (
      at('runs above truth').value === 0 &&
      at('runs above any readout').value <= 0.05 &&
      shares.every((name) => measures.some((m) => m.name === name)) &&
      at(shares[1]).low > at(shares[0]).high
    );
  },
};

const FAMILY: readonly SweepModel[] = SWEEP.filter(({ name }) => GRID_NAMES.includes(name));

/** E5: the ceiling of self-training is what the representation holds. */
export const E5: Experiment<Config> = {
  id: 'E5',
  claim:
    'What self-training can gain has a ceiling in what the model’s representation holds of value, and the ceiling rises ' +
    'with the size of the model.',
  criterion: CRITERION,
  models: FAMILY.map(({ name }) => name),
  full: {
    seeds: [1],
    situations: 200,
    each: 16,
    prediction: { count: 64, each: 256 },
    names: FAMILY.map(({ name }) => name),
    constitution: 'honesty, care, fairness, freedom and loyalty',
    kl: 0.5,
    steps: 80,
  },
  quick: {
    seeds: [1],
    situations: 24,
    each: 8,
    prediction: { count: 16, each: 64 },
    names: ['mixed-64-0'],
    constitution: 'honesty, care, fairness, freedom and loyalty',
    kl: 0.1,
    steps: 12,
  },
  async *run(models, config, parts) {
    const runs: BoundedRun[] = [];
    const missing: string[] = [];
    for (const [i, name] of config.names.entries()) {
      if (!(await models.has(name))) missing.push(name);
      else
        for (const seed of config.seeds) {
          const own = await parts
            .about([name])
            .once(`${name} ${seed}`, () =>
              using(models.load(name), (model) => boundedRun(model, seed, config)),
            );
          const quality = FAMILY.find((model) => model.name === name)?.world ?? name;
          if (own) runs.push({ name, quality, ...own });
        }
      yield { done: (i + 1) / config.names.length, says: name };
    }
    return boundOutcome(runs, missing);
  },
};

/** Trains one model on the judge and reads its ceilings at the KL that it spent; null where training broke down. */
async function boundedRun(model: Model, seed: number, config: Config) {
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
