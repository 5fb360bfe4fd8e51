/** Two results side by side: by hand, by what must hold of any, and by what chance makes of equal ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compared, incomparable } from '../../src/experiments/framework/compared.ts';
import { measured, type Measure } from '../../src/experiments/framework/experiment.ts';
import type { Result } from '../../src/experiments/framework/result.ts';
import { createRandom } from '../../src/math/random.ts';

const measure = (name: string, low: number, value: number, high: number, n = 300): Measure =>
  measured(name, { value, low, high }, n);

const resultOf = (estimates: Measure[], rest: Partial<Result> = {}): Result => ({
  id: 'E1',
  claim: '',
  criterion: { text: '', because: '' },
  headline: '',
  holds: true,
  estimates,
  controls: [],
  seeds: [1, 2],
  config: { seeds: [1, 2], situations: 10 },
  series: [],
  notes: [],
  model: { base: 'a', other: 'b' },
  commit: null,
  backend: 'wasm',
  seconds: 1,
  ...rest,
});

test('values inside, intervals that overlap and those that do not are told apart, controls too', () => {
  const published = resultOf([measure('inside', 0, 1, 2), measure('overlaps', 0, 1, 2)], {
    controls: [measure('touches', 0, 1, 2), measure('apart', 0, 1, 2)],
  });
  const fresh = resultOf([
    measure('apart', 2.5, 3, 4),
    measure('touches', 2, 3, 4),
    measure('overlaps', 1.5, 2.5, 3.5),
    measure('inside', 1, 2, 3),
  ]);
  const { pairs, inside, overlapping, apart, left } = compared(published, fresh);
  expect([pairs, inside, overlapping, left]).toEqual([4, 1, 3, []]);
  expect(apart).toEqual([
    {
      name: 'apart',
      unit: '',
      published: { value: 1, low: 0, high: 2 },
      fresh: { value: 3, low: 2.5, high: 4 },
    },
  ]);
});

test('a measure of one alone, of no width or of a few units is left out by name', () => {
  const published = resultOf([
    measure('gone', 0, 1, 2),
    measure('point', 1, 1, 1),
    measure('range', 0, 1, 2, 3),
  ]);
  const fresh = resultOf([measure('new', 0, 1, 2), measure('point', 0, 1, 2), measure('range', 0, 1, 2, 3)]);
  const { pairs, inside, overlapping, expected, left } = compared(published, fresh);
  expect(left).toEqual(['gone', 'point', 'range', 'new']);
  expect([pairs, inside, overlapping, expected]).toEqual([0, 0, 0, { inside: 0, overlapping: 0 }]);
});

test('intervals of one width are expected to hold 83% of fresh values, and to overlap 99.4% of the time', () => {
  const result = resultOf([measure('a', -1, 0, 1), measure('b', 5, 6, 7)]);
  const { expected } = compared(result, result);
  expect(expected.inside / 2).toBeCloseTo(0.8342, 4);
  expect(expected.overlapping / 2).toBeCloseTo(0.9944, 4);
  // A published interval that is far wider holds nearly all, one far narrower nearly none; about 95% overlap.
  const [wide, narrow] = [measure('a', -1000, 0, 1000), measure('a', -1, 0, 1)].map((m) => resultOf([m]));
  expect(compared(wide, narrow).expected.inside).toBeCloseTo(0.95, 3);
  expect(compared(narrow, wide).expected.inside).toBeLessThan(0.002);
  expect(compared(narrow, wide).expected.overlapping).toBeCloseTo(0.95, 3);
});

test('values drawn about one truth give what is expected, whatever the widths', () => {
  const random = createRandom('compared');
  const errors = Array.from({ length: 20_000 }, () => [0.2 + random.uniform(), 0.2 + random.uniform()]);
  const drawn = (side: 0 | 1) =>
    resultOf(
      errors.map((error, i) => {
        const value = i + error[side] * random.normal();
        return measure(`${i}`, value - 1.96 * error[side], value, value + 1.96 * error[side]);
      }),
    );
  const { pairs, inside, overlapping, expected } = compared(drawn(0), drawn(1));
  expect(pairs).toBe(errors.length);
  expect(Math.abs(inside - expected.inside) / pairs).toBeLessThan(0.01);
  expect(Math.abs(overlapping - expected.overlapping) / pairs).toBeLessThan(0.002);
});

const estimate = fc
  .tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.nat(20), fc.nat(20), fc.constantFrom(3, 300))
  .map(([value, below, above, n]) => measure('', value - below / 10, value, value + above / 10, n));
const anyResult = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), estimate), { maxLength: 5 })
  .map((list) => resultOf([...new Map(list).entries()].map(([name, m]) => ({ ...m, name }))));

test('of any two results every measure is told of once, and what overlaps does so from either side', () => {
  fc.assert(
    fc.property(anyResult, anyResult, (a, b) => {
      const [there, back] = [compared(a, b), compared(b, a)];
      const names = new Set([...a.estimates, ...b.estimates].map(({ name }) => name));
      expect(there.pairs + there.left.length).toBe(names.size);
      expect(there.overlapping + there.apart.length).toBe(there.pairs);
      expect(there.inside).toBeLessThanOrEqual(there.overlapping);
      expect(there.expected.inside).toBeLessThanOrEqual(there.expected.overlapping);
      expect(there.expected.overlapping).toBeLessThanOrEqual(there.pairs);
      expect(back.overlapping).toBe(there.overlapping);
      expect(back.expected.overlapping).toBeCloseTo(there.expected.overlapping, 12);
      const self = compared(a, a);
      expect([self.inside, self.apart]).toEqual([self.pairs, []]);
    }),
  );
});

test('results are held against each other where nothing but the seeds differs', () => {
  const published = resultOf([]);
  const fresh = (rest: Partial<Result> = {}) =>
    resultOf([], { seeds: [11, 12], config: { seeds: [11, 12], situations: 10 }, ...rest });
  expect(incomparable(published, fresh())).toBeNull();
  expect(incomparable(published, fresh({ seeds: [11], commit: 'b', seconds: 9 }))).toBeNull();
  expect(incomparable(published, fresh({ id: 'E2' }))).toMatch(/of E1$/);
  const others: Result['model'][] = [
    { base: 'a' },
    { base: 'a', other: 'c' },
    { base: 'a', other: 'b', more: 'd' },
  ];
  for (const model of others) expect(incomparable(published, fresh({ model }))).toMatch(/other models/);
  expect(incomparable(published, fresh({ config: { seeds: [11], situations: 3 } }))).toMatch(
    /other settings/,
  );
  expect(incomparable(published, fresh({ seeds: [11, 2, 1] }))).toMatch(/seed 2, 1 too/);
});
