import { named, type Criterion, type Experiment } from '../framework/experiment.ts';
import { CONSTITUTIONS, SOME } from './constitutions.ts';
import { OPEN, projectionParts, type Config, type Rows } from './measure.ts';
import { projectionOutcome } from './outcome.ts';

export const CRITERION: Criterion = {
  text:
    'The verdict that is asked for with no principle, of a gist projected by P_c, follows the prompted one at a mean r ' +
    'of at least 0.9 over the good constitutions and at most −0.9 over the anti-social ones; what is kept follows at ' +
    '0.9, what is erased leaves a mean |slope| of at most 0.25; a random subspace of the same rank keeps at most 0.2 ' +
    'and erases nothing (r ≥ 0.9); and without the gist bottleneck the projected judge follows at most at 0.75.',
  because:
    'The aim of 0.9 on both sides was set from a prototype (0.90 to 0.98, −0.97) before this model was trained, and ' +
    'so was the control without the bottleneck (0.35 to 0.68); the bounds on what is kept and erased leave room ' +
    'around what single principles gave on the command line.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      at('projected with prompted, good ones, mean').low >= 0.9 &&
      at('projected with prompted, anti-social ones, mean').high <= -0.9 &&
      at('kept with prompted, mean').low >= 0.9 &&
      at('what is left after erasing, mean |slope|').value <= 0.25 &&
      Math.abs(at('random subspace kept, mean').value) <= 0.2 &&
      at('random subspace erased, mean').low >= 0.9 &&
      measures.some(({ name }) => name === 'without the bottleneck: projected with prompted, mean') &&
      at('without the bottleneck: projected with prompted, mean').value <= 0.75
    );
  },
};

const { style, ...moral } = CONSTITUTIONS;

/** E2: a constitution is a projection. */
export const E2: Experiment<Config, Rows> = {
  id: 'E2',
  claim:
    'A constitution is a projection: asked with no principle, of a gist from which everything but the constitution’s ' +
    'subspace was taken, the model judges as if it had been given the constitution.',
  criterion: CRITERION,
  models: ['base', OPEN],
  full: {
    seeds: [1, 2, 3],
    situations: 100,
    each: 16,
    constitutions: [...Object.values(moral).flat(), ...style],
    some: SOME,
    ranks: 8,
  },
  quick: {
    seeds: [1],
    situations: 30,
    each: 16,
    constitutions: ['honesty', 'care', 'honesty and care', 'power and deceit', 'politeness'],
    some: ['honesty', 'power'],
    ranks: 3,
  },
  parts: projectionParts,
  outcome: projectionOutcome,
};
