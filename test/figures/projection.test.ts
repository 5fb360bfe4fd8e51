import { expect, test } from 'vitest';
import {
  arrowsAt,
  camera,
  dot,
  fallingAt,
  floorOf,
  groundOf,
  unitOf,
  type Vector,
} from '../../src/figures/projection/layout.ts';
import { namesOf } from '../../src/figures/projection/names.ts';
import { projectionRows, slopeOf, verdictsAt } from '../../src/figures/projection/slope.ts';
import { createRandom } from '../../src/math/random.ts';
import type { Projection } from '../../src/worker/protocol.ts';

const random = createRandom('projection');
const COUNT = 23;
const points = Float32Array.from({ length: COUNT * 3 }, () => random.normal());
const flattened = (keep: [number, number, number]) => points.map((value, i) => value * keep[i % 3]);
const AXES: Projection['floor'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** Points that fell onto so many of the drawn directions. */
const projection = (after: Float32Array, dimension = 2): Projection => ({
  model: 'the model',
  sample: 'a sample',
  floor: AXES.slice(0, dimension),
  ids: Int32Array.from({ length: COUNT }, (_, i) => i),
  before: points,
  after,
  arrows: [{ name: 'mercy', value: 'care', before: [0, 0, 1], after: [0, 0, 0] }],
  judged: [1, 0, 0],
  dropped: Float32Array.of(0, 0.5, 1),
  verdicts: Float32Array.from({ length: 3 * COUNT }, (_, i) => i / COUNT),
  original: Float32Array.from({ length: COUNT }, (_, i) => i / COUNT),
  rank: 2,
  same: Float32Array.of(1, 0.9, 0.8),
  slope: Float32Array.of(1, 0.9, 0.8),
  agrees: Float32Array.of(1, 0.9, 0.8),
});
const eye = camera({ width: 500, height: 440, small: false, yaw: -0.55 });

test('the floor is a plane with its normal, a line, or neither', () => {
  const [a, b]: Vector[] = [
    [0.6, 0.8, 0],
    [0, 0, 1],
  ];
  const { dimension, normal } = floorOf({ floor: [[...a], [...b]] });
  expect(dimension).toBe(2);
  expect(Math.hypot(...normal!)).toBeCloseTo(1);
  for (const axis of [a, b]) expect(dot(normal!, axis)).toBeCloseTo(0);
  expect(floorOf({ floor: [[0, 1, 0]] })).toMatchObject({ dimension: 1, normal: null });
  expect(floorOf({ floor: [] })).toMatchObject({ dimension: 0, normal: null });
});

test('a fall begins where the model has it and ends on the floor', () => {
  const data = projection(flattened([1, 1, 0]));
  const floor = floorOf(data);
  for (const point of fallingAt(data, 0, eye, floor, false)) expect(point.now).toEqual(point.top);
  for (const point of fallingAt(data, 1, eye, floor, false)) {
    expect(point.now.x).toBeCloseTo(point.foot.x);
    expect(point.now.y).toBeCloseTo(point.foot.y);
  }
});

test('far points are drawn first', () => {
  const data = projection(flattened([1, 1, 0]));
  const depths = fallingAt(data, 0.4, eye, floorOf(data), false).map((point) => point.now.depth);
  expect([...depths].sort((a, b) => b - a)).toEqual(depths);
});

test('the direction that is dropped falls too', () => {
  const data = projection(flattened([1, 1, 0]));
  const [arrow] = arrowsAt(data, 1, eye);
  expect(arrow.fallen).toBe(true);
  expect(arrow.tip.x).toBeCloseTo(arrow.from.x);
  expect(arrowsAt(data, 0, eye)[0].tip.y).toBeLessThan(arrow.from.y);
});

test('iso-score lines lie across the direction in which the verdict rises', () => {
  const data = projection(flattened([1, 1, 0]));
  const flat = ([x, y]: Vector) => ({ x, y, depth: 0 });
  const { levels, corners } = groundOf(data, floorOf(data), flat);
  expect(corners).toHaveLength(4);
  expect(levels.length).toBeGreaterThan(8);
  expect(levels.filter((level) => level.zero)).toHaveLength(1);
  for (const { from, to } of levels) expect(from.x).toBeCloseTo(to.x);
});

test('a line has no iso-score lines, a space no ground', () => {
  const flat = ([x, y]: Vector) => ({ x, y, depth: 0 });
  const line = projection(flattened([1, 0, 0]), 1);
  expect(groundOf(line, floorOf(line), flat)).toMatchObject({ corners: [], levels: [] });
  expect(groundOf(line, floorOf(line), flat).line).not.toBeNull();
  const all = projection(points, 3);
  expect(groundOf(all, floorOf(all), flat)).toEqual({ corners: [], levels: [], line: null });
});

test('the drawing has room for nearly all points', () => {
  const unit = unitOf(points);
  const inside = Array.from(
    { length: COUNT },
    (_, i) => Math.hypot(points[i * 3], points[i * 3 + 1]) * unit <= 1.25,
  );
  expect(inside.filter(Boolean).length / COUNT).toBeGreaterThan(0.9);
});

test('both sides of the slope graph share one scale', () => {
  const before = Float32Array.of(-2, 0, 2);
  const shrunk = slopeOf(
    before,
    before.map((v) => v / 2),
    204,
    290,
  );
  const [low, zero, high] = shrunk.lines;
  expect(zero.before).toBeCloseTo(zero.after);
  expect(low.before - zero.before).toBeCloseTo(2 * (low.after - zero.after));
  expect(high.after).toBeGreaterThan(high.before);
});

test('verdicts are those of the measured share', () => {
  const data = projection(points);
  expect(verdictsAt(data.verdicts, COUNT, 1)[0]).toBeCloseTo(1);
  expect(projectionRows(data)).toHaveLength(1 + 3 * COUNT);
});

test('a name stands beside the tip of its arrow, inside the figure, and never on another one', () => {
  const arrow = (name: string, x: number, y: number) => ({
    name,
    from: { x: 150, y: 150 },
    tip: { x, y },
    plain: false,
  });
  const [right, left, up, down] = namesOf(
    [arrow('care', 200, 160), arrow('fairness', 100, 140), arrow('truth', 155, 60), arrow('mercy', 150, 240)],
    300,
  );
  expect(right).toMatchObject({ anchor: 'start', x: 208 });
  expect(left).toMatchObject({ anchor: 'end', x: 92 });
  expect([up.anchor, up.y]).toEqual(['middle', 51]);
  expect([down.anchor, down.y]).toEqual(['middle', 259]);

  const [inside, outside] = namesOf([arrow('judged good', 280, 150), arrow('loyalty', 20, 150)], 300);
  expect(inside).toMatchObject({ anchor: 'end', x: 300, y: 140 });
  expect(outside).toMatchObject({ anchor: 'start', x: 0, y: 140 });

  const same = namesOf(
    ['a name', 'another', 'a third'].map((name) => arrow(name, 200, 150)),
    300,
  );
  expect(same.map(({ y }) => y - same[0].y)).toEqual([0, 16, 32]);
});
