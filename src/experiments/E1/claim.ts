import { MORAL_VALUES } from '../../world/values.ts';
import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { latentParts, UNNAMED, type Config, type Rows } from './measure.ts';
import { latentOutcome } from './outcome.ts';

export const CRITERION: Criterion = {
  text:
    'Every moral value has a held-out linear probe of r ≥ 0.7 at the gist, with shuffled labels |r| ≤ 0.1, and 0.2 ' +
    'above the same network untrained; where a deed is negated the probe beats a bag of words; a hidden layer adds at ' +
    'most 0.05; and a value that no principle ever named is a direction too: probe of r ≥ 0.7, and the verdict ' +
    'without a principle, projected onto the direction of its character words, follows it at r ≥ 0.5 and any other ' +
    'moral value at most half as much.',
  because:
    'A prototype and the log of pretraining had probes of 0.75 to 0.9 and, for the unnamed value, 0.79 beside 0.11; ' +
    'the thresholds leave room for another seed and none for a probe that finds chance, the words alone, or what any ' +
    'random network holds.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      MORAL_VALUES.every((value) => at(`probe of ${value}`).low >= 0.7) &&
      Math.abs(at('labels shuffled').value) <= 0.1 &&
      at('probe less the untrained network’s').low >= 0.2 &&
      at('probe less bag of words, where a deed is negated').low > 0 &&
      at('what a hidden layer adds').value <= 0.05 &&
      measures.some(({ name }) => name === 'unnamed: probe') &&
      at('unnamed: probe').low >= 0.7 &&
      at('unnamed: projected verdict with it').low >= 0.5 &&
      at('unnamed: projected verdict with the next value').value <=
        0.5 * at('unnamed: projected verdict with it').value
    );
  },
};

/** E1: values are latent and linear. */
export const E1: Experiment<Config, Rows> = {
  id: 'E1',
  claim:
    'Values are latent in the model’s representation, and linear: each is a direction that a probe finds.',
  criterion: CRITERION,
  models: ['base', UNNAMED],
  full: { seeds: [1, 2, 3], situations: 100, each: 16 },
  quick: { seeds: [1], situations: 30, each: 8 },
  parts: latentParts,
  outcome: latentOutcome,
};
