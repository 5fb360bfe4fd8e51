import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { APART, wordingParts, type Config, type Rows } from './measure.ts';
import { PAIRS, PARAPHRASES, type Texts } from './texts.ts';
import { wordingOutcome } from './outcome.ts';

export const TEXTS: Texts = {
  paraphrases: PARAPHRASES,
  joins: PAIRS,
  heldOut: [
    ['sincerity', 'compassion'],
    ['equality', 'autonomy'],
    ['solidarity', 'no lies'],
    ['no cruelty', 'no cheating'],
    ['no force', 'no betrayal'],
    ['compassion', 'equality'],
    ['autonomy', 'sincerity'],
    ['no lies', 'no cruelty'],
  ],
  negated: [
    'honesty',
    'mercy',
    'justice',
    'liberty',
    'loyalty',
    'deceit',
    'violence',
    'greed',
    'power',
    'treachery',
  ],
  newlyNegated: [
    'truth',
    'openness',
    'care',
    'gentleness',
    'fairness',
    'impartiality',
    'freedom',
    'independence',
    'fidelity',
    'devotion',
    'trickery',
    'pain',
    'privilege',
    'control',
    'obedience',
  ],
  mixed: [
    ['power', 'honesty'],
    ['honesty', 'cruelty'],
    ['care', 'deceit'],
    ['greed', 'loyalty'],
    ['fairness', 'betrayal'],
    ['cheating', 'freedom'],
  ],
  nonsense: ['the wallet', 'the park', 'the birds', 'the letter', 'anna and ben'],
};

export const CRITERION: Criterion = {
  text:
    'The directions of a value’s phrases have a mean Σ-cosine of at least 0.95 with that of its plain word; the direction ' +
    'of “A and B” has one of at least 0.95 with the sum of A’s and B’s, also when the phrases were never joined in ' +
    'training (0.9), with mean weights of 0.6 to 1.2 for both; the order does not matter (r ≥ 0.95); and “no A” turns ' +
    'A’s direction round when it was read in training (at most −0.8) and when it was not (−0.5). What the model makes ' +
    'of values that were never joined, of mixed principles and of nonsense is told without a criterion.',
  because:
    'A prototype had paraphrases and joins at 0.99, weights of 0.85 to 1.0, and negated power at 0.85 to 0.92 unseen; ' +
    'values that were never joined it read as one of the two, so nothing is promised of them.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      at('paraphrases with the plain word, directions, mean').low >= 0.95 &&
      at('joins with the sum of their parts, directions, mean').low >= 0.95 &&
      at('joins of phrases never joined, with the sum, mean').low >= 0.9 &&
      ['first', 'second'].every((part) => {
        const { value } = at(`weight of the ${part} part in a join, mean`);
        return value >= 0.6 && value <= 1.2;
      }) &&
      at('joins in the other order, verdicts, mean').low >= 0.95 &&
      at('“no A” with A, read in training, directions, mean').high <= -0.8 &&
      at('“no A” with A, never read, directions, mean').high <= -0.5
    );
  },
};

/** E14: from text to direction. */
export const E14: Experiment<Config, Rows> = {
  id: 'E14',
  claim:
    'The text of a constitution becomes a direction by rule: phrases of one value share it, “A and B” is the sum, “no A” ' +
    'the reverse.',
  criterion: CRITERION,
  models: ['base', APART],
  full: { seeds: [1, 2, 3], situations: 100, each: 16, texts: TEXTS },
  quick: {
    seeds: [1],
    situations: 30,
    each: 16,
    texts: {
      paraphrases: PARAPHRASES.filter((_, i) => i % 8 === 0),
      joins: PAIRS.slice(0, 2),
      heldOut: TEXTS.heldOut.slice(0, 1),
      negated: ['honesty', 'power'],
      newlyNegated: ['care'],
      mixed: TEXTS.mixed.slice(0, 1),
      nonsense: ['the wallet'],
    },
  },
  parts: wordingParts,
  outcome: wordingOutcome,
};
