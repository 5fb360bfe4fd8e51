import type { Constitution } from './protocol.ts';

/** What the page asks of the engine as it opens, unless a link says otherwise. A recording answers exactly this. */
export const OPENING = {
  /** Of the samples and of the run. */
  seed: 7,
  constitution: {
    principles: [
      { phrase: 'honesty', weight: 1 },
      { phrase: 'mercy', weight: 1 },
    ],
  } satisfies Constitution,
  /** Of the cloud: situations, and responses to each. */
  situations: 30,
  responses: 20,
  /** Of a run: updates at the most, and nats. */
  steps: 40,
  kl: 1,
};
