import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * A seeded stream of random numbers (xoroshiro128+).
 *
 * Streams are named: `createRandom(7).fork('validation')` is the same stream whatever was drawn from
 * its parent before, so adding a draw somewhere never changes what happens elsewhere.
 */
export interface Random {
  /** What `createRandom` makes the same stream of, from its beginning. */
  readonly name: string;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** True with probability p. */
  chance(p: number): boolean;
  /** One item, uniformly. Throws RangeError when the list is empty. */
  pick<T>(items: readonly T[]): T;
  /** One item with probability proportional to its weight. Throws RangeError when all weights are 0. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  /** A copy of the list in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** An independent stream, named. */
  fork(name: string | number): Random;
}

export function createRandom(seed: number | string): Random {
  return new SeededRandom(`${seed}`);
}

const TWO_POW_32 = 0x1_0000_0000;

class SeededRandom implements Random {
  readonly name: string;
  readonly #generator: RandomGenerator;

  constructor(name: string) {
    this.name = name;
    this.#generator = xoroshiro128plusFromState(hash128(name));
  }

  uniform(): number {
    return (this.#generator.next() >>> 0) / TWO_POW_32;
  }

  integer(n: number): number {
    if (!(n >= 1)) throw new RangeError(`cannot draw an integer below ${n}`);
    return uniformInt(this.#generator, 0, n - 1);
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  chance(p: number): boolean {
    return this.uniform() < p;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)];
  }

  weighted<T>(items: readonly T[], weight: (item: T) => number): T {
    const total = items.reduce((sum, item) => sum + weight(item), 0);
    if (!(total > 0)) throw new RangeError('cannot draw from weights that add up to nothing');
    let left = this.uniform() * total;
    let last: T | undefined;
    for (const item of items) {
      const w = weight(item);
      if (w <= 0) continue;
      last = item;
      left -= w;
      if (left < 0) break;
    }
    return last as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }

  fork(name: string | number): Random {
    return new SeededRandom(`${this.name}/${name}`);
  }
}

/** 128 bits of a name: four FNV-1a passes from different bases, each finished as in MurmurHash3. */
function hash128(text: string): [number, number, number, number] {
  const state = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((basis) => {
    let h = basis;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  });
  return state as [number, number, number, number];
}
