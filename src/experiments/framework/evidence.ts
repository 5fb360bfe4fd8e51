import { keyText, type Compared, type GroupedMoments, type Key } from '../../analysis/moments.ts';
import { createRandom } from '../../math/random.ts';
import {
  bootstrapOfSamples,
  correlationOf,
  slopeOf,
  type Estimate,
  type Moments,
} from '../../math/statistics.ts';
import { measured, type Measure } from './experiment.ts';

/** Correlations and slopes by key, over some draw of the situations. */
export interface Reading<K extends Key> {
  r(key: K): number;
  slope(key: K): number;
}

/**
 * What the seeds' samples say together. Intervals are by bootstrap over seeds and the situations of each: directions are
 * fitted, and controls drawn, anew with every seed, and what that adds is seen between seeds alone.
 */
export class Evidence<K extends Key> {
  /** Situations in all. */
  readonly n: number;
  readonly keys: readonly K[];
  /** Situations of each seed. */
  readonly #sizes: number[];
  readonly #moments = new Map<string, Moments>();

  /** Comparisons of each seed, all under the same keys. Throws RangeError when one lacks a key, or there is none. */
  constructor(seeds: readonly GroupedMoments<K>[]) {
    const of = seeds.map((seed) => new Map(seed.map(([key, compared]) => [keyText(key), compared])));
    this.keys = seeds[0].map(([key]) => key);
    for (const text of this.keys.map(keyText)) {
      const joined = (moment: keyof Compared) =>
        Float64Array.from(
          of.flatMap((seed) => {
            const compared = seed.get(text);
            if (!compared) throw new RangeError(`a seed has no comparison ${text}`);
            return compared[moment];
          }),
        );
      this.#moments.set(text, { xx: joined('xx'), xy: joined('xy'), yy: joined('yy') });
    }
    const [first] = this.keys;
    if (!first) throw new RangeError('nothing was compared');
    this.#sizes = of.map((seed) => seed.get(keyText(first))!.xx.length);
    this.n = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  #reading(drawn: Int32Array): Reading<K> {
    const at = (key: K): Moments => {
      const moments = this.#moments.get(keyText(key));
      if (!moments) throw new RangeError(`${keyText(key)} was not compared`);
      return moments;
    };
    return { r: (key) => correlationOf(at(key), drawn), slope: (key) => slopeOf(at(key), drawn) };
  }

  /** A statistic of all situations. */
  value(statistic: (read: Reading<K>) => number): number {
    return statistic(this.#reading(Int32Array.from({ length: this.n }, (_, i) => i)));
  }

  /** The same with its interval; all statistics see the same draws. */
  estimate(statistic: (read: Reading<K>) => number): Estimate {
    return bootstrapOfSamples(this.#sizes, createRandom('evidence'), (drawn) =>
      statistic(this.#reading(drawn)),
    );
  }

  measure(name: string, statistic: (read: Reading<K>) => number, unit = ''): Measure {
    return measured(name, this.estimate(statistic), this.n, unit);
  }
}

/** Mean of a statistic over some things. */
export const meanOver = <T>(things: readonly T[], of: (thing: T) => number): number =>
  things.reduce((sum, thing) => sum + of(thing), 0) / things.length;
