import type { Constitution, PageCalls } from './protocol.ts';

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
  /** Of the cloud: situations, and responses to each; of the projection, responses in all. */
  situations: 30,
  responses: 20,
  projected: 120,
  /** Of a run: updates at the most, and nats. */
  steps: 40,
  kl: 1,
};

const { seed, constitution, situations, responses, projected, steps, kl } = OPENING;

/** What the page therefore asks of the engine as it opens. A recording answers exactly this. */
export const QUESTIONS = {
  cloud: { seed, situations, responses },
  judge: { constitution },
  predict: { constitution, seed },
  project: { constitution, keep: 'plane', ask: 'constitution', responses: projected, seed },
  train: { constitution, seed, steps, kl },
} satisfies { [N in Exclude<keyof PageCalls, 'start'>]: PageCalls[N]['args'] };
