/** A model too small to be any use: all sizes prime and different, so that no two axes can be mixed up unseen. */
import { createRandom } from '../../src/math/random.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import { padRows, type TokenRows } from '../../src/model/encode.ts';
import { parameterTable, sizeOf, type Weights } from '../../src/model/parameters.ts';
import { GIST } from '../../src/world/tokenizer.ts';

export const TINY: ModelConfig = { vocabulary: 13, positions: 11, width: 21, layers: 2, heads: 3 };

/** Weights all far from their initial values, gains and biases too: attention is sharp, GELU bent. */
export function livelyWeights(config: ModelConfig, seed: number | string, scale = 1): Weights {
  return Object.fromEntries(
    parameterTable(config).map(({ name, shape }) => {
      const random = createRandom(seed).fork(name);
      const isGain = /ln_.\.weight$/.test(name);
      const spread = scale * (shape.length === 2 ? 1.5 / Math.sqrt(config.width) : 0.3);
      return [
        name,
        Float32Array.from({ length: sizeOf(shape) }, () => (isGain ? 1 : 0) + spread * random.normal()),
      ];
    }),
  );
}

/** Texts of the tiny vocabulary: `<gist>` early, late, at the very start, at the end, and none; two are padded. */
export function tinyRows(seed: number | string): TokenRows {
  const random = createRandom(seed);
  const word = () => 4 + random.integer(TINY.vocabulary - 4);
  const text = (length: number, gist: number) =>
    Array.from({ length }, (_, t) => (t === gist ? GIST : word()));
  return padRows([text(7, 2), text(7, 5), text(5, 0), text(7, 6), text(4, 99)]);
}

/** A weight for each position's prediction: none where the next token is padding. */
export function lossWeights({ tokens, B, T }: TokenRows, seed: number | string): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: B * T }, (_, at) =>
    at % T < T - 1 && tokens[at + 1] !== 0 ? 0.1 + random.uniform() : 0,
  );
}
