import { GAIN_SIZES } from '../framework/cells.ts';
import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { GRID_NAMES } from '../sweep.ts';
import { boundParts, type Config, type Rows } from './measure.ts';
import { boundOutcome, LEAST_CEILING } from './outcome.ts';

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

/** E5: the ceiling of self-training is what the representation holds. */
export const E5: Experiment<Config, Rows> = {
  id: 'E5',
  claim:
    'What self-training can gain has a ceiling in what the model’s representation holds of value, and the ceiling rises ' +
    'with the size of the model.',
  criterion: CRITERION,
  models: GRID_NAMES,
  full: {
    seeds: [1],
    ...GAIN_SIZES.full,
    names: GRID_NAMES,
    constitution: 'honesty, care, fairness, freedom and loyalty',
    kl: 0.5,
    steps: 80,
  },
  quick: {
    seeds: [1],
    ...GAIN_SIZES.quick,
    names: ['mixed-64-0'],
    constitution: 'honesty, care, fairness, freedom and loyalty',
    kl: 0.1,
    steps: 12,
  },
  parts: boundParts,
  outcome: boundOutcome,
};
