import type { About, Constitution, PageCalls, TrueWeights } from './protocol.ts';

/** What the page begins with, unless a link says otherwise. */
export const OPENING = {
  /** Of the samples and of the run. */
  seed: 7,
  constitution: {
    principles: [
      { phrase: 'honesty', weight: 1 },
      { phrase: 'mercy', weight: 1 },
    ],
  } satisfies Constitution,
  /** What counts as good. */
  trueWeights: {
    honesty: 1,
    care: 1,
    fairness: 1,
    freedom: 1,
    loyalty: 1,
    politeness: 0,
  } satisfies TrueWeights,
  /** Of the cloud: situations, and responses to each; of the projection, responses in all. */
  situations: 30,
  responses: 20,
  projected: 120,
  /** Of a run: updates at the most, and nats. */
  steps: 40,
  kl: 1,
};

const { seed, constitution, trueWeights, situations, responses, projected, steps, kl } = OPENING;

/** What the page therefore asks of the engine as it opens, of a model and its sample. A recording answers exactly this. */
export const questions = ({ model, sample }: About) =>
  ({
    cloud: { model, trueWeights, seed, situations, responses },
    judge: { model, sample, trueWeights, constitution },
    predict: { model, trueWeights, constitution, seed },
    project: {
      model,
      sample,
      trueWeights,
      constitution,
      keep: 'plane',
      ask: 'constitution',
      responses: projected,
      seed,
    },
    train: { model, sample, trueWeights, constitution, seed, steps, kl },
  }) satisfies { [N in Recorded]: PageCalls[N]['args'] };

/** The calls that a recording answers. */
export type Recorded = Exclude<keyof PageCalls, 'start' | 'load' | 'prepare'>;
