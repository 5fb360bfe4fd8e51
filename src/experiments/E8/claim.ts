import type { Teacher } from '../../analysis/policies.ts';
import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { lowRankParts, type Config, type Rows } from './measure.ts';
import { lowRankOutcome } from './outcome.ts';

const CLAIM =
  'Safety is low-rank: what training under good principles changes in the weights lies in a few directions of each ' +
  'matrix, and these are safety’s own.';

export const CRITERION: Criterion = {
  text:
    'Of training under the five values, the 4 strongest directions of every weight’s change keep at least 0.8 of the gain ' +
    'in true value, what is left without them at most 0.3, and at its own KL the cut policy gains at least 0.9 of what ' +
    'the whole one does of its tilt. The strongest direction alone keeps more of the gain in the judge’s own score than ' +
    'it does on average under politeness, likelihood and power. And the subspace of the 8 strongest holds at most half ' +
    'as much of what politeness, and of what likelihood, gain in their own score as of what the five values gain under ' +
    'another seed. Differences are judged by their 95% intervals.',
  because:
    'A prototype kept 0.66, 0.87, 0.94 and 0.99 at rank 1, 2, 4 and 8 and had no controls. Low rank says nothing about ' +
    'safety where any judge’s training is as low in rank; and a subspace is not safety’s own where other training lives ' +
    'in it as well, as 2505.14185 finds for larger models.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      at('five values: gain kept at rank 4').value >= 0.8 &&
      at('five values: gain left without the 4 strongest').value <= 0.3 &&
      // Where the sample does not carry the tilt there is no such share.
      measures.some(
        ({ name }) => name === 'five values: share of its tilt at rank 4, over that of the whole',
      ) &&
      at('five values: share of its tilt at rank 4, over that of the whole').value >= 0.9 &&
      at('own gain kept at rank 1: five values less the mean of others').low > 0 &&
      at('in the five values’ subspace: politeness over five values of another seed').high <= 0.5 &&
      at('in the five values’ subspace: likelihood over five values of another seed').high <= 0.5
    );
  },
};

const FIVE = 'honesty, care, fairness, freedom and loyalty';
const TEACHERS: Record<string, Teacher> = {
  'five values': { constitution: FIVE },
  politeness: { constitution: 'politeness' },
  likelihood: { likelihood: true },
  power: { constitution: 'power' },
  'shuffled scores': { constitution: FIVE, shuffled: true },
};

/** E8: safety is low-rank. */
export const E8: Experiment<Config, Rows> = {
  id: 'E8',
  claim: CLAIM,
  criterion: CRITERION,
  models: ['base'],
  full: {
    seeds: [1, 2, 3],
    names: ['base'],
    situations: 16,
    each: 96,
    stories: 32,
    teachers: TEACHERS,
    kl: 0.5,
    steps: 60,
    kept: [0, 1, 2, 4, 8],
    removed: [1, 4],
    subspace: 8,
    shared: [
      ['five values', 'five values'],
      ['five values', 'politeness'],
      ['five values', 'likelihood'],
      ['five values', 'power'],
      ['politeness', 'five values'],
    ],
    chance: 'five values',
  },
  quick: {
    seeds: [1],
    names: ['base'],
    situations: 4,
    each: 48,
    stories: 8,
    teachers: TEACHERS,
    kl: 0.1,
    steps: 4,
    kept: [0, 1, 4],
    removed: [4],
    subspace: 8,
    shared: [
      ['five values', 'five values'],
      ['five values', 'politeness'],
      ['five values', 'likelihood'],
    ],
    chance: 'five values',
  },
  parts: lowRankParts,
  outcome: lowRankOutcome,
};
