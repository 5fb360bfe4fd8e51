import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { meetingParts, type Config, type Rows } from './measure.ts';
import { meetingOutcome } from './outcome.ts';

const CLAIM =
  'Refusing, what self-training changes, and constitutions are one picture: their subspaces of the representation meet.';

export const CRITERION: Criterion = {
  text:
    'In the gist’s space, whitened, the direction of refusal lies in the subspace of the five values more than 0.95 of ' +
    'random subspaces of that rank would have it; what training under a value changed lies in that value’s subspace more ' +
    'than 0.95 of random ones, and more than in the other values’, with the interval of the difference clear of 0; and the ' +
    'direction of refusal lies in what training under the five values changed more than 0.95 of random subspaces.',
  because:
    'The theory draws refusal, low rank and constitutions as one subspace of values. If they are, each of the three pairs ' +
    'meets by more than chance, and what a value’s training changed by more than another value’s. A prototype saw ' +
    'cosines of 0.02 to 0.25 between refusal and values, where chance was 0.12, and looked at no other pair.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      at('refusal in the five values’ subspace, beyond share of random ones').value > 0.95 &&
      at('change in its own value’s subspace, beyond share of random ones').value > 0.95 &&
      at('change in its own value’s subspace less in other values’').low > 0 &&
      at('refusal in the five values’ change, beyond share of random ones').value > 0.95
    );
  },
};

const ALL = 'honesty and care and fairness and freedom and loyalty';
const VALUES = ['honesty', 'care', 'fairness', 'freedom', 'loyalty'];

/** E15: one picture? */
export const E15: Experiment<Config, Rows> = {
  id: 'E15',
  claim: CLAIM,
  criterion: CRITERION,
  models: ['base'],
  full: {
    seeds: [1, 2, 3],
    names: ['base'],
    situations: 120,
    each: 16,
    values: VALUES,
    all: ALL,
    rank: 4,
    kl: 0.3,
    steps: 60,
    draws: 400,
  },
  quick: {
    seeds: [1],
    names: ['base'],
    situations: 24,
    each: 16,
    values: ['honesty', 'care'],
    all: ALL,
    rank: 4,
    kl: 0.1,
    steps: 4,
    draws: 50,
  },
  parts: meetingParts,
  outcome: meetingOutcome,
};
