/** A small model of random weights: enough for all that does not depend on what a model has learned. */
import { chooseBackend } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { configOf, type ModelConfig } from '../../src/model/config.ts';
import { createModel, initialWeights, type Model, type Weights } from '../../src/model/parameters.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';

export const SMALL: ModelConfig = configOf(VOCABULARY.length, 16, 3);

/**
 * Weights for it. Unlike fresh ones no bias is 0 and the verdicts differ clearly; `scale` multiplies the spread,
 * so larger ones make surer models.
 */
export function smallWeights(seed = 1, scale = 3, config = SMALL): Weights {
  const random = createRandom(seed);
  const weights = initialWeights(config, random);
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const stream = random.fork(`${name} moved`);
      const moved = values.map((x) => (x === 0 || x === 1 ? x + 0.1 * stream.normal() : scale * x));
      return [name, moved];
    }),
  );
}

/** The model on the WASM backend. Dispose it with `disposeModel`. */
export async function smallModel(seed?: number, scale?: number): Promise<Model> {
  await chooseBackend('wasm');
  return createModel(SMALL, smallWeights(seed, scale));
}
