import { createRandom } from '../math/random.ts';
import {
  bootstrapOfSamples,
  correlationOf,
  momentsWithin,
  slopeOf,
  type Estimate,
  type Moments,
  type Numbers,
} from '../math/statistics.ts';
import { measured, type Measure } from './experiment.ts';

/** Moments of two lists within each situation, as plain lists: what a finished part keeps of a comparison. */
interface Compared {
  xx: number[];
  xy: number[];
  yy: number[];
}

/** Comparisons of one seed's sample, by name. */
export type Ledger = Record<string, Compared>;

/**
 * x and y held against each other within the situation; `situations` counts 0 … count − 1. With `rows` only
 * these responses count: a situation that has none of them adds nothing.
 */
export function compare(
  x: Numbers,
  y: Numbers,
  situations: Numbers,
  count: number,
  rows?: readonly number[],
): Compared {
  const at = (list: Numbers) => (rows ? rows.map((i) => list[i]) : list);
  const { xx, xy, yy } = momentsWithin(at(x), at(y), at(situations));
  const padded = (list: Float64Array) => Array.from({ length: count }, (_, i) => list[i] ?? 0);
  return { xx: padded(xx), xy: padded(xy), yy: padded(yy) };
}

/** Correlations and slopes by name, over some draw of the situations. */
export interface Reading {
  r(name: string): number;
  slope(name: string): number;
}

/**
 * What the seeds' samples say together. Intervals are by bootstrap over seeds and the situations of each: directions are
 * fitted, and controls drawn, anew with every seed, and what that adds is seen between seeds alone.
 */
export class Evidence {
  /** Situations in all. */
  readonly n: number;
  /** Of each seed. */
  readonly #sizes: number[];
  readonly #moments = new Map<string, Moments>();

  /** One ledger a seed, all with the same names. Throws RangeError when one lacks a name. */
  constructor(ledgers: readonly Ledger[]) {
    for (const name of Object.keys(ledgers[0])) {
      const joined = (key: keyof Compared) =>
        Float64Array.from(
          ledgers.flatMap((ledger) => {
            if (!(name in ledger)) throw new RangeError(`a seed has no comparison "${name}"`);
            return ledger[name][key];
          }),
        );
      this.#moments.set(name, { xx: joined('xx'), xy: joined('xy'), yy: joined('yy') });
    }
    const [name] = Object.keys(ledgers[0]);
    this.#sizes = ledgers.map((ledger) => ledger[name].xx.length);
    this.n = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  #reading(drawn: Int32Array): Reading {
    const at = (name: string): Moments => {
      const moments = this.#moments.get(name);
      if (!moments) throw new RangeError(`"${name}" was not compared`);
      return moments;
    };
    return { r: (name) => correlationOf(at(name), drawn), slope: (name) => slopeOf(at(name), drawn) };
  }

  /** A statistic of all situations. */
  value(statistic: (read: Reading) => number): number {
    return statistic(this.#reading(Int32Array.from({ length: this.n }, (_, i) => i)));
  }

  /** The same with its interval; all statistics see the same draws. */
  estimate(statistic: (read: Reading) => number): Estimate {
    return bootstrapOfSamples(this.#sizes, createRandom('evidence'), (drawn) =>
      statistic(this.#reading(drawn)),
    );
  }

  measure(name: string, statistic: (read: Reading) => number, unit = ''): Measure {
    return measured(name, this.estimate(statistic), this.n, unit);
  }
}

/** Mean of a statistic over some things. */
export const meanOver = <T>(things: readonly T[], of: (thing: T) => number): number =>
  things.reduce((sum, thing) => sum + of(thing), 0) / things.length;
