/** Probes of the gist: what a line can read, and what takes more than a line. */
import { describe, expect, test } from 'vitest';
import type { Points } from '../../src/math/linear.ts';
import { createRandom, type Random } from '../../src/math/random.ts';
import { correlationWithin } from '../../src/math/statistics.ts';
import { fitAny, fitLinear } from '../../src/values/readout.ts';
import { randomVector } from '../math/build.ts';

const H = 32;

interface Half {
  gists: Points;
  situations: number[];
  /** The planted coordinates of each gist. */
  a: number[];
  b: number[];
}

/** Gists with two planted coordinates among others of unequal scale, 16 a situation. */
function half(random: Random, count: number, directions: number[][]): Half {
  const data = new Float32Array(count * H);
  const [a, b]: number[][] = [[], []];
  for (let i = 0; i < count; i++) {
    const row = randomVector(random, H).map((x, j) => 0.1 * x * (1 + j));
    a.push(random.normal());
    b.push(random.normal());
    row.forEach(
      (x, j) => (data[i * H + j] = 4 + x + 3 * directions[0][j] * a[i] + 3 * directions[1][j] * b[i]),
    );
  }
  return {
    gists: { data, count, size: H },
    situations: Array.from({ length: count }, (_, i) => i >> 4),
    a,
    b,
  };
}

function world(seed: number) {
  const random = createRandom(seed);
  const directions = [randomVector(random, H), randomVector(random, H)];
  const make = (name: string, count: number) => half(random.fork(name), count, directions);
  return { random, fitting: make('fitting', 1600), test: make('test', 1600) };
}

/** Correlation within the situation of a readout with the target, out of sample. */
const r = (readout: ReturnType<typeof fitLinear>, { gists, situations }: Half, y: number[]) =>
  correlationWithin(readout(gists), y, situations);

describe('the linear probe', () => {
  test('recovers a planted direction out of sample, in spite of noise and of each situation’s own offset', () => {
    const { random, fitting, test } = world(1);
    const y = fitting.a.map((a, i) => a + 0.5 * random.normal() + 20 * Math.sin(fitting.situations[i]));
    expect(r(fitLinear(fitting.gists, y, fitting.situations), test, test.a)).toBeGreaterThan(0.93);
  });

  test('finds nothing in shuffled labels', () => {
    const { random, fitting, test } = world(2);
    const y = random.shuffle(fitting.a);
    expect(Math.abs(r(fitLinear(fitting.gists, y, fitting.situations), test, test.a))).toBeLessThan(0.5);
    const unrelated = Array.from({ length: 1600 }, () => random.normal());
    expect(
      Math.abs(r(fitLinear(fitting.gists, unrelated, fitting.situations), test, unrelated)),
    ).toBeLessThan(0.1);
  });
});

describe('any readout', () => {
  test('beats the line on a target that no line can read', () => {
    const { fitting, test } = world(3);
    const bent = ({ a, b }: Half) => a.map((x, i) => x + 2 * Math.abs(b[i]));
    const linear = r(fitLinear(fitting.gists, bent(fitting), fitting.situations), test, bent(test));
    const any = r(
      fitAny(fitting.gists, bent(fitting), fitting.situations, createRandom(3)),
      test,
      bent(test),
    );
    expect(linear).toBeLessThan(0.75); // sd of a is 1, of 2|b| 1.2: a line reads at most 0.64
    expect(any).toBeGreaterThan(linear + 0.15);
  });

  test('is not worse than the line where the line says it all', () => {
    for (const seed of [4, 5, 6]) {
      const { random, fitting, test } = world(seed);
      const y = fitting.a.map((a) => a + random.normal());
      const linear = r(fitLinear(fitting.gists, y, fitting.situations), test, test.a);
      const any = r(fitAny(fitting.gists, y, fitting.situations, createRandom(seed)), test, test.a);
      expect(any).toBeGreaterThan(linear - 0.02);
    }
  });

  test('is not led astray by how situations differ', () => {
    const { random, fitting, test } = world(7);
    const y = fitting.a.map(
      (a, i) =>
        a + 2 * Math.abs(fitting.b[i]) + 8 * Math.sin(7 * fitting.situations[i]) + 0.1 * random.normal(),
    );
    const bent = test.a.map((x, i) => x + 2 * Math.abs(test.b[i]));
    const linear = r(fitLinear(fitting.gists, y, fitting.situations), test, bent);
    const any = r(fitAny(fitting.gists, y, fitting.situations, createRandom(7)), test, bent);
    expect(any).toBeGreaterThan(linear + 0.1);
  });

  test('is the same for the same stream', () => {
    const { fitting, test } = world(8);
    const once = () =>
      fitAny(fitting.gists, fitting.b.map(Math.abs), fitting.situations, createRandom(8))(test.gists);
    expect(once()).toEqual(once());
  });

  test('of a target that does not vary is no error', () => {
    const { fitting, test } = world(9);
    const readout = fitAny(
      fitting.gists,
      new Array<number>(1600).fill(2),
      fitting.situations,
      createRandom(9),
    );
    expect(readout(test.gists).every(Number.isFinite)).toBe(true);
  });
});
