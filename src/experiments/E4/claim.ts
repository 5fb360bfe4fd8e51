import { GAIN_SIZES } from '../framework/cells.ts';
import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { improvementParts, type Config, type Rows } from './measure.ts';
import { improvementOutcome } from './outcome.ts';

export const CRITERION: Criterion = {
  text:
    'Over the DPO runs of all constitutions and sizes, the gain in true value at equal KL follows the exact tilt at ' +
    'r ≥ 0.95 with slope 0.75 to 1.1; the sign of x = a_c − a_gen agrees with the sign of y = gain under the ' +
    'constitution less gain under self-sharpening in at least 0.9 of all runs; and a judge with shuffled scores gains ' +
    'at most a tenth of what the same constitutions gain.',
  because:
    'A prototype had r 0.985 and 0.993 and slopes 0.80 and 0.87 over 25 constitutions, since part of DPO’s KL goes ' +
    'into length and errors; its signs agreed 16 times of 16 but no point was near zero. A tenth is five times the ' +
    'standard error of a gain.',
  holds(measures) {
    const at = (name: string) => named(measures, name).value;
    return (
      at('realised with exact tilt, r') >= 0.95 &&
      at('realised on exact tilt, slope') >= 0.75 &&
      at('realised on exact tilt, slope') <= 1.1 &&
      at('sign of x is sign of y') >= 0.9 &&
      Math.abs(at('shuffled scores, share of the gain')) <= 0.1
    );
  },
};

const CONSTITUTIONS = [
  'honesty',
  'care',
  'fairness',
  'freedom',
  'loyalty',
  'politeness',
  'candor',
  'compassion',
  'equal shares',
  'free choice',
  'no betrayal',
  'never lying',
  'honesty and care',
  'justice and liberty',
  'loyalty and fairness',
  'truth and devotion',
  'gentleness and courtesy',
  'honesty, care and fairness',
  'freedom, loyalty and kindness',
  'candor, mercy, justice and autonomy',
  'honesty, care, fairness, freedom and loyalty',
  'deceit',
  'cruelty',
  'privilege',
  'obedience',
  'betrayal',
  'power and deceit',
  'evil',
  'honesty and power',
  'kindness and cheating',
] as const;

/** What well-behaved corpora have near zero, found by a look at x on other situations and at nothing else. */
const CANDIDATES = [
  'mercy',
  'no cruelty',
  'helping others',
  'tact',
  'no rudeness',
  'no lies',
  'no treachery',
  'keeping promises',
  'justice and obedience',
  'liberty and greed',
  'mercy and privilege',
  'honesty, freedom, loyalty and violence',
  'care, fairness, freedom and lying',
] as const;

/** E4: when RLAIF helps, and how much. */
export const E4: Experiment<Config, Rows> = {
  id: 'E4',
  claim:
    'RLAIF improves a model when its judge’s direction agrees with true value better than its own habits do, and by ' +
    'the amount that the tilt of the untrained model says.',
  criterion: CRITERION,
  models: ['mixed-32-0', 'mixed-64-0', 'mixed-128-0', 'kind-32-0', 'kind-64-0'],
  full: {
    seeds: [1, 2, 3],
    ...GAIN_SIZES.full,
    everywhere: ['mixed-32-0', 'mixed-64-0', 'mixed-128-0'],
    close: ['kind-64-0', 'kind-32-0'],
    near: 0.15,
    most: 16,
    constitutions: CONSTITUTIONS,
    candidates: CANDIDATES,
    compared: [
      'honesty',
      'care',
      'freedom',
      'no betrayal',
      'politeness',
      'honesty and care',
      'honesty, care and fairness',
      'honesty, care, fairness, freedom and loyalty',
      'cruelty',
      'power and deceit',
    ],
    shuffled: ['honesty', 'honesty and care', 'honesty, care, fairness, freedom and loyalty'],
    control: 'mixed-64-0',
    kl: 0.5,
    steps: 80,
  },
  quick: {
    seeds: [1],
    ...GAIN_SIZES.quick,
    everywhere: ['mixed-64-0'],
    close: [],
    near: 0.15,
    most: 0,
    constitutions: ['honesty', 'honesty and care', 'power and deceit'],
    candidates: [],
    compared: ['honesty'],
    shuffled: ['honesty'],
    control: 'mixed-64-0',
    kl: 0.1,
    steps: 12,
  },
  parts: improvementParts,
  outcome: improvementOutcome,
};
