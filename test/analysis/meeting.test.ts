/** How patterns of gists meet: planted ones, whitened and as they are, beside what is drawn at random. */
import { expect, test } from 'vitest';
import { overlap } from '../../src/analysis/angles.ts';
import { meetingOf, PatternSpace } from '../../src/analysis/meeting.ts';
import { covarianceWith, type Matrix } from '../../src/math/linear.ts';
import { createRandom } from '../../src/math/random.ts';
import { directionOf, gistSpace, subspaceOf } from '../../src/values/directions.ts';
import type { Gists } from '../../src/values/gists.ts';

const [count, size] = [600, 6];
const random = createRandom(2);
/** Gists whose first coordinate varies ten times as much as the others. */
const gists: Gists = {
  data: Float32Array.from({ length: count * size }, (_, i) => (i % size === 0 ? 10 : 1) * random.normal()),
  positions: new Int32Array(count),
  count,
  size,
};
const situations = Int32Array.from({ length: count }, (_, i) => Math.floor(i / 20));
const space = gistSpace(gists, situations);
const [whitened, plain] = [new PatternSpace(space, true), new PatternSpace(space, false)];
const unit = (j: number) => Float64Array.from({ length: size }, (_, i) => (i === j ? 1 : 0));

test('whitened, a small difference along what varies little counts as much as a large one along what varies much', () => {
  const pattern = Float64Array.from([10, 1, 0, 0, 0, 0]);
  expect(overlap(whitened.axesOf([pattern]), whitened.axesOf([unit(1)]))).toBeCloseTo(0.5, 1);
  expect(overlap(plain.axesOf([pattern]), plain.axesOf([unit(1)]))).toBeCloseTo(1 / 101, 6);
});

test('what a constitution sees is the pattern that its verdict goes with', () => {
  const scores = Float64Array.from({ length: count }, (_, i) => gists.data[i * size + 3]);
  const subspace = subspaceOf(space, [directionOf(space, scores)]);
  const pattern = covarianceWith(space.centred, size, scores);
  for (const metric of [whitened, plain])
    expect(overlap(metric.axesOfSubspace(subspace), metric.axesOf([pattern]))).toBeCloseTo(1, 6);
  expect(overlap(whitened.axesOf([pattern]), whitened.axesOf([unit(3)]))).toBeGreaterThan(0.95);
});

test('random patterns are drawn whitened: alike in all directions, or as the gists vary', () => {
  const along = (metric: PatternSpace, j: number) => {
    const draws = Array.from({ length: 500 }, () => metric.random(1, random));
    return draws.reduce((sum, axes) => sum + axes.get(j, 0) ** 2, 0) / draws.length;
  };
  expect(along(whitened, 0)).toBeCloseTo(1 / size, 1);
  expect(along(plain, 0)).toBeGreaterThan(0.6);
});

/** Gists with a shift of all by one vector, and of each by a share of another that differs within the situation. */
const changed = Float32Array.from(gists.data, (x, k) => {
  const [i, j] = [Math.floor(k / size), k % size];
  return x + (j === 2 ? 0.5 : 0) + (j === 4 ? 0.1 * ((i % 2) - 0.5) : 0);
});

test('what changed for all alike is the first axis, and is left out within situations', () => {
  const after = { data: changed, count, size };
  const axisOf = ({ axes }: { axes: Matrix }) => axes;
  expect(overlap(axisOf(plain.changeOf(gists, after, 1)), plain.axesOf([unit(2)]))).toBeCloseTo(1, 4);
  const within = plain.changeOf(gists, after, 1, situations);
  expect(overlap(within.axes, plain.axesOf([unit(4)]))).toBeCloseTo(1, 4);
  expect(within.share).toBeCloseTo(1, 4);
  const both = plain.changeOf(gists, after, 2);
  expect(both.share).toBeCloseTo(1, 4);
  expect(overlap(both.axes, plain.axesOf([unit(2), unit(4)]))).toBeCloseTo(1, 4);
});

test('a meeting says how often random subspaces come nearer', () => {
  const drawn = Array.from({ length: 400 }, () => whitened.random(1, random));
  const target = whitened.axesOf([unit(0), unit(1)]);
  const met = meetingOf(whitened.axesOf([unit(1)]), target, drawn);
  expect(met.overlap).toBeCloseTo(1, 6);
  expect(met.beyond).toBe(1);
  expect(met.chance).toBeCloseTo(2 / size, 1);
  expect(meetingOf(whitened.axesOf([unit(5)]), target, drawn).beyond).toBeLessThan(0.15);
});
