/** The random numbers on which every run, sample and interval stands. Bounds are about 4 to 5 sigma, seeds fixed. */
import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/math/random.ts';

const draw = (n: number, next: () => number): number[] => Array.from({ length: n }, next);
const mean = (x: readonly number[]) => x.reduce((sum, v) => sum + v, 0) / x.length;

function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number) => x.reduce((total, _, i) => total + f(i), 0);
  const xy = sum((i) => (x[i] - mx) * (y[i] - my));
  return xy / Math.sqrt(sum((i) => (x[i] - mx) ** 2) * sum((i) => (y[i] - my) ** 2));
}

/** χ² of counts against equal shares, in standard deviations above its mean. */
function excess(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  const chi = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (chi - freedom) / Math.sqrt(2 * freedom);
}

function histogram(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const v of values) counts[Math.floor(v * bins)] += 1;
  return counts;
}

test('the same seed gives the same stream, other seeds other ones', () => {
  const ten = (random: Random) => draw(10, () => random.uniform());
  expect(ten(createRandom(7))).toEqual(ten(createRandom(7)));
  expect(ten(createRandom(7))).toEqual(ten(createRandom('7')));
  expect(ten(createRandom(7))).not.toEqual(ten(createRandom(8)));
});

test('the stream is the one that recorded runs were made with', () => {
  const random = createRandom(1);
  const seen = [random.uniform(), random.normal(), random.integer(1000), random.fork('a').uniform()];
  // A change here changes every seeded run, the checkpoint and all recorded figures.
  expect(seen.map((x) => Number(x.toFixed(9)))).toEqual([0.865786894, 0.517160095, 811, 0.929825576]);
});

test('a fork does not depend on what was drawn from its parent, nor the parent on the fork', () => {
  const fresh = createRandom(3);
  const used = createRandom(3);
  used.normal();
  used.shuffle([1, 2, 3]);
  const [a, b] = [fresh.fork('x'), used.fork('x')];
  expect(draw(20, () => a.uniform())).toEqual(draw(20, () => b.uniform()));
  const [one, two] = [createRandom(5), createRandom(5)];
  one.fork('y').uniform();
  expect(one.uniform()).toBe(two.uniform());
});

test('forks of other names, depths and order of names are apart', () => {
  const root = createRandom(0);
  const streams = [
    root,
    root.fork('a'),
    root.fork('b'),
    root.fork('a').fork('b'),
    root.fork('b').fork('a'),
    root.fork(1),
    root.fork(11),
    root.fork(1).fork(1),
  ];
  const firsts = streams.map((s) => s.uniform());
  expect(new Set(firsts).size).toBe(streams.length);
  expect(root.fork(1).uniform()).toBe(createRandom(0).fork('1').uniform());
});

test('uniform numbers are uniform, and neighbours are independent', () => {
  const random = createRandom('uniform');
  const n = 200_000;
  const x = draw(n, () => random.uniform());
  expect(Math.min(...x.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
  expect(x.every((v) => v < 1)).toBe(true);
  expect(Math.abs(excess(histogram(x, 100)))).toBeLessThan(4.5);
  for (const lag of [1, 2, 3, 7])
    expect(Math.abs(correlation(x.slice(lag), x.slice(0, -lag))) * Math.sqrt(n)).toBeLessThan(4.5);
  const pairs = new Array<number>(64).fill(0);
  for (let i = 0; i + 1 < n; i += 2) pairs[Math.floor(x[i] * 8) * 8 + Math.floor(x[i + 1] * 8)] += 1;
  expect(Math.abs(excess(pairs))).toBeLessThan(4.5);
});

test('every bit of a uniform number is a fair coin', () => {
  const random = createRandom('bits');
  const n = 50_000;
  const ones = new Array<number>(32).fill(0);
  for (let i = 0; i < n; i++) {
    const word = Math.round(random.uniform() * 2 ** 32) >>> 0;
    for (let bit = 0; bit < 32; bit++) ones[bit] += (word >>> bit) & 1;
  }
  for (const count of ones) expect(Math.abs(count - n / 2) / Math.sqrt(n / 4)).toBeLessThan(4.5);
});

test('the first draws of numbered forks are uniform and independent: texts are sampled so', () => {
  const root = createRandom(1).fork('rlaif').fork('pairs');
  const n = 50_000;
  const forks = Array.from({ length: n }, (_, i) => root.fork(i));
  const first = forks.map((f) => f.uniform());
  const second = forks.map((f) => f.uniform());
  for (const x of [first, second]) {
    expect(Math.abs(excess(histogram(x, 64)))).toBeLessThan(4.5);
    for (const lag of [1, 2, 10, 100])
      expect(Math.abs(correlation(x.slice(lag), x.slice(0, -lag))) * Math.sqrt(n)).toBeLessThan(4.5);
  }
  expect(Math.abs(correlation(first, second)) * Math.sqrt(n)).toBeLessThan(4.5);
  expect(new Set(first.map((v, i) => `${v} ${second[i]}`)).size).toBe(n);
});

test('integers are unbiased, also where the count is no power of two', () => {
  for (const n of [1, 2, 3, 7, 100]) {
    const random = createRandom(`integer ${n}`);
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < 1000 * n; i++) counts[random.integer(n)] += 1;
    if (n > 1) expect(Math.abs(excess(counts))).toBeLessThan(4.5);
    else expect(counts).toEqual([1000]);
  }
  // Two thirds of 2³²: a plain remainder would give the lower half twice its share.
  const random = createRandom('large');
  const n = Math.floor((2 / 3) * 2 ** 32);
  const low = draw(20_000, () => random.integer(n)).filter((x) => x < n / 2).length;
  expect(Math.abs(low - 10_000) / Math.sqrt(5000)).toBeLessThan(4.5);
});

test('integers outside what can be drawn are refused', () => {
  const random = createRandom(0);
  for (const n of [0, -1, NaN]) expect(() => random.integer(n)).toThrow(RangeError);
  expect(() => random.pick([])).toThrow(RangeError);
});

test('normal numbers have the moments of a standard normal', () => {
  const random = createRandom('normal');
  const n = 200_000;
  const x = draw(n, () => random.normal());
  const moment = (k: number) => mean(x.map((v) => v ** k));
  expect(x.every(Number.isFinite)).toBe(true);
  expect(Math.abs(moment(1)) * Math.sqrt(n)).toBeLessThan(4.5);
  expect((Math.abs(moment(2) - 1) * Math.sqrt(n)) / Math.sqrt(2)).toBeLessThan(4.5);
  expect((Math.abs(moment(3)) * Math.sqrt(n)) / Math.sqrt(15)).toBeLessThan(4.5);
  expect((Math.abs(moment(4) - 3) * Math.sqrt(n)) / Math.sqrt(96)).toBeLessThan(4.5);
});

test('chances come out at their rate; 0 never and 1 always', () => {
  const random = createRandom('chance');
  const n = 50_000;
  const hits = draw(n, () => (random.chance(0.3) ? 1 : 0));
  expect(Math.abs(mean(hits) - 0.3) / Math.sqrt(0.21 / n)).toBeLessThan(4.5);
  expect(draw(1000, () => (random.chance(0) ? 1 : 0)).every((x) => x === 0)).toBe(true);
  expect(draw(1000, () => (random.chance(1) ? 1 : 0)).every((x) => x === 1)).toBe(true);
});

test('weighted draws follow the weights, and never take an item of weight 0', () => {
  const random = createRandom('weighted');
  const items = ['never', 'half', 'rare', 'never either', 'rest', 'never at the end'] as const;
  const weights = { never: 0, half: 5, rare: 0.1, 'never either': 0, rest: 4.9, 'never at the end': 0 };
  const n = 50_000;
  const seen = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const item = random.weighted(items, (name) => weights[name]);
    seen.set(item, (seen.get(item) ?? 0) + 1);
  }
  for (const name of items) {
    const p = weights[name] / 10;
    if (p === 0) expect(seen.get(name)).toBeUndefined();
    else expect(Math.abs((seen.get(name) ?? 0) / n - p) / Math.sqrt((p * (1 - p)) / n)).toBeLessThan(4.5);
  }
});

test('weights that add up to nothing are refused', () => {
  const random = createRandom(0);
  expect(() => random.weighted(['a'], () => 0)).toThrow(RangeError);
  expect(() => random.weighted([], () => 1)).toThrow(RangeError);
  expect(() => random.weighted(['a'], () => NaN)).toThrow(RangeError);
});

test('a shuffle keeps all items, leaves the list alone, and makes every order equally often', () => {
  const random = createRandom('shuffle');
  const list = [1, 2, 3, 4];
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const shuffled = random.shuffle(list);
    counts.set(shuffled.join(), (counts.get(shuffled.join()) ?? 0) + 1);
  }
  expect(list).toEqual([1, 2, 3, 4]);
  expect(counts.size).toBe(24);
  expect(Math.abs(excess([...counts.values()]))).toBeLessThan(4.5);
});
