import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { GRID_NAMES, SWEEP } from '../sweep.ts';
import { gapParts, type Config, type Rows } from './measure.ts';
import { gapOutcome } from './outcome.ts';

/** The corpora that the claim is about, all at width 64 and seed 0. */
const [MIXED, NOISY, KIND] = ['mixed-64-0', 'noisy-64-0', 'kind-64-0'];

export const CRITERION: Criterion = {
  text:
    'In the default corpus judgement (the verdict without a principle) agrees with true value better than generation ' +
    '(log π₀) by at least 0.3; noise and anti-social commenters leave at least half of that gap; well-behaved conduct ' +
    'halves it at least; commenters who look at two values of five bring it within 0.15 of nothing; and with those who ' +
    'look at one, and with those who mostly judge against value, it is negative.',
  because:
    'A prototype’s gaps were about 0.9, 0.05, −0.20 and −1.13 in four such corpora, each of one seed; the thresholds ' +
    'keep the order and leave the sizes room. Noise scales verdicts and cannot reorder what they agree with.',
  holds(measures) {
    const at = (name: string) => named(measures, `${name}: gap`);
    const needed = [MIXED, NOISY, KIND, 'gap-none', 'gap-negative', 'gap-inverted'];
    return (
      needed.every((name) => measures.some((m) => m.name === `${name}: gap`)) &&
      at(MIXED).low >= 0.3 &&
      at(NOISY).low >= 0.5 * at(MIXED).value &&
      at(KIND).high <= 0.5 * at(MIXED).value &&
      Math.abs(at('gap-none').value) <= 0.15 &&
      at('gap-negative').high < 0 &&
      at('gap-inverted').high < 0
    );
  },
};

/** Every model of the sweep with a corpus of some quality, and the corpora made for this question. */
const NAMES = SWEEP.filter(
  ({ name, world, width }) => world.startsWith('gap-') || (width >= 32 && GRID_NAMES.includes(name)),
).map(({ name }) => name);

/** E3: the gap between what a model says and what it approves of. */
export const E3: Experiment<Config, Rows> = {
  id: 'E3',
  claim:
    'A model judges better than it generates; the gap comes from how people act and judge in the corpus, shrinks as ' +
    'they act better, and can be negative. Noise in the verdicts does not close it.',
  criterion: CRITERION,
  models: NAMES,
  full: { seeds: [1, 2, 3], situations: 200, each: 16, names: NAMES },
  quick: { seeds: [1], situations: 24, each: 8, names: [MIXED] },
  parts: gapParts,
  outcome: gapOutcome,
};
