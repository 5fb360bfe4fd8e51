import { createRandom } from '../../math/random.ts';
import { configOf, type ModelConfig } from '../../model/config.ts';
import { parameterTable, sizeOf } from '../../model/parameters.ts';
import type { StepTask } from './contenders/contender.ts';

/** What a training step is timed on: B texts of T tokens. */
export interface Shape {
  vocabulary: number;
  width: number;
  layers: number;
  B: number;
  T: number;
}

export const configAt = ({ vocabulary, width, layers }: Shape): ModelConfig =>
  configOf(vocabulary, width, layers);

/**
 * Texts of random words with `<gist>` in their second half, and weights that make every part of the model matter: with
 * those that training starts from, all losses are near ln V whatever a step computes.
 */
export function taskOf(shape: Shape): StepTask {
  const { B, T, vocabulary } = shape;
  const config = configAt(shape);
  const random = createRandom('bench');
  const tokens = Array.from({ length: B * T }, () => random.integer(vocabulary));
  const gists = Array.from({ length: B }, () => (T >> 1) + random.integer(T >> 2));
  const weights = parameterTable(config).map(({ name, shape, init }) => {
    const stream = random.fork(name);
    const [middle, spread] =
      'constant' in init ? [init.constant, 0.1] : [0, 1 / Math.sqrt(Math.min(...shape))];
    return [name, Array.from({ length: sizeOf(shape) }, () => middle + spread * stream.normal())];
  });
  return {
    config,
    batch: { tokens, weights: tokens.map((_, i) => Number(i % T !== T - 1)), gists, B, T },
    weights: Object.fromEntries(weights) as StepTask['weights'],
  };
}
