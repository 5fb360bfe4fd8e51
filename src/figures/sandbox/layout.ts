/** Where the sandbox's arrows, dots and bars stand, and which sentences hold. Pure. */
import { scaleLinear } from 'd3-scale';
import { type Arrow, DIMENSIONS, directionOf, type LinearSetting } from '../../rlaif/linearModel.ts';
import { clamp, lerp } from '../ui/motion.ts';
import type { Spot } from '../ui/dots.ts';
import { shapeOf } from '../ui/palette.ts';

export type ArrowName = 'truth' | 'habits' | 'constitution';
/** In the order in which they are drawn and walked. */
export const ARROWS: readonly ArrowName[] = ['truth', 'habits', 'constitution'];

/** Everything that a visitor can set. */
export interface Settings extends LinearSetting {
  /** Dots, at most MOST. */
  count: number;
  seed: number;
  /** Which training the dots' sizes show. */
  by: 'constitution' | 'habits';
}

export const MOST = 2000;
/** Lengths that an arrow may have. */
export const LENGTHS = { low: 0.3, high: 1.2 } as const;

const DEGREE = Math.PI / 180;

/** @param angle degrees, counted from the right against the clock */
export const arrowAt = (angle: number, length: number): Arrow => ({
  x: length * Math.cos(angle * DEGREE),
  y: length * Math.sin(angle * DEGREE),
});

export const lengthOf = ({ x, y }: Arrow): number => Math.hypot(x, y);
/** Degrees, −180 … 180. */
export const angleOf = ({ x, y }: Arrow): number => Math.atan2(y, x) / DEGREE;

const withLength = (arrow: Arrow, length: number): Arrow =>
  arrowAt(angleOf(arrow), clamp(length, LENGTHS.low, LENGTHS.high));

export const START: Settings = {
  truth: arrowAt(62, 1),
  habits: arrowAt(128, 0.8),
  constitution: arrowAt(24, 1),
  rank: 2,
  kl: 0.5,
  count: 1000,
  seed: 7,
  by: 'constitution',
};

/** How far a key turns an arrow, degrees, and how much longer it makes it. */
const TURN = 5;
const GROW = 0.1;

/** An arrow after a key was pressed on it; null for a key that means nothing. */
export function pressed(arrow: Arrow, key: string): Arrow | null {
  const [angle, length] = [angleOf(arrow), lengthOf(arrow)];
  if (key === 'ArrowLeft') return arrowAt(angle + TURN, length);
  if (key === 'ArrowRight') return arrowAt(angle - TURN, length);
  if (key === 'ArrowUp') return withLength(arrow, length + GROW);
  if (key === 'ArrowDown') return withLength(arrow, length - GROW);
  return null;
}

/** How far the dots reach from the middle of the plane to its edge, standard deviations. */
const REACH = 3.4;
/** Where the tip of an arrow of length 1 is on the way from the middle to the edge. */
const UNIT = 0.6;

/** css px from the left top. */
export interface Point {
  x: number;
  y: number;
}

export const tipOf = ({ x, y }: Arrow, side: number): Point => ({
  x: (side / 2) * (1 + UNIT * x),
  y: (side / 2) * (1 - UNIT * y),
});

/** The arrow whose tip is at a point, as long as one may be; the one that was there where the point says no direction. */
export function arrowTo(point: Point, side: number, before: Arrow): Arrow {
  const half = (side / 2) * UNIT;
  const arrow = { x: (point.x - side / 2) / half, y: (side / 2 - point.y) / half };
  return lengthOf(arrow) > 0.05 ? withLength(arrow, lengthOf(arrow)) : before;
}

export interface PlacedArrow {
  name: ArrowName;
  tip: Point;
  /** Tip of what the representation holds of it, where that is less. */
  held: Point | null;
}

export function placedArrows(setting: LinearSetting, side: number): PlacedArrow[] {
  return ARROWS.map((name) => {
    const tip = tipOf(setting[name], side);
    if (name === 'truth') return { name, tip, held: null };
    const [x, y] = directionOf(setting, name);
    return { name, tip, held: setting.rank < 2 ? tipOf({ x, y }, side) : null };
  });
}

/** Lines along which the judge rates alike, one a standard deviation of its score, and where it rates best and worst. */
export function levelsOf(setting: LinearSetting, side: number) {
  const [x, y] = directionOf(setting, 'constitution');
  const size = Math.hypot(x, y);
  if (size < 1e-9) return null;
  const [dx, dy, half] = [x / size, -y / size, side / 2];
  const lines = [-2, -1, 0, 1, 2].map((level) => {
    const away = (level / REACH) * half;
    const along = Math.sqrt(half ** 2 - away ** 2);
    const [mx, my] = [half + away * dx, half + away * dy];
    return {
      from: { x: mx - along * dy, y: my + along * dx },
      to: { x: mx + along * dy, y: my - along * dx },
      zero: level === 0,
    };
  });
  const end = (sign: 1 | -1) => ({ x: half + sign * 0.9 * half * dx, y: half + sign * 0.9 * half * dy });
  return { lines, good: end(1), bad: end(-1) };
}

export interface Label<Name extends string = string> {
  name: Name;
  x: number;
  y: number;
}

/** css px: no label is wider or higher. */
const LABEL = { width: 96, height: 19 } as const;

/** Words in the middle over their points: beyond them as seen from the plane's middle, inside it, none on another. */
export function labelsAt<Name extends string>(
  wanted: readonly { name: Name; at: Point; gap: number }[],
  side: number,
): Label<Name>[] {
  const placed: Label<Name>[] = [];
  for (const { name, at, gap } of wanted) {
    const way = at.y <= side / 2 ? -1 : 1;
    const x = clamp(at.x, LABEL.width / 2, side - LABEL.width / 2);
    const isFree = (y: number) =>
      placed.every((one) => Math.abs(one.x - x) >= LABEL.width || Math.abs(one.y - y) >= LABEL.height);
    const inside = (y: number) => clamp(y, LABEL.height / 2, side - LABEL.height / 2);
    const start = inside(at.y + way * gap);
    const steps = Array.from({ length: 20 }, (_, k) => k * (LABEL.height / 2));
    const places = steps.flatMap((step) => [inside(start + way * step), inside(start - way * step)]);
    placed.push({ name, x, y: places.find(isFree) ?? start });
  }
  return placed;
}

/** css px: the least that can be seen, and the most that covers not too much. */
const RADIUS = { least: 0.8, most: 17 } as const;
/** All dots together cover this share of the plane before training. */
const COVER = 0.05;

/** Dots whose area is their probability. */
export function spotsOf(
  responses: Float64Array,
  probability: Float64Array,
  values: Float64Array,
  side: number,
): Spot[] {
  const scale = side * Math.sqrt(COVER / Math.PI);
  const at = (z: number) => (side / 2) * (z / REACH);
  return Array.from(probability, (p, i) => ({
    x: side / 2 + at(responses[i * DIMENSIONS]),
    y: side / 2 - at(responses[i * DIMENSIONS + 1]),
    r: clamp(scale * Math.sqrt(p), RADIUS.least, RADIUS.most),
    value: values[i],
    shape: shapeOf(values[i]),
  }));
}

/** More than any setting can gain: √(2·1 nat)·σ(V*) of the longest arrow. */
const MOST_GAINED = 1.9;

/** Gains as places on a line of some css px, 0 in the middle. */
export const gainScale = (width: number) =>
  scaleLinear([-MOST_GAINED, MOST_GAINED], [1, Math.max(1, width - 1)]).clamp(true);

/** Settings on the way from one to another; what is no number is as it will be. Arrows turn the shorter way round. */
export function between(from: Settings, to: Settings, t: number): Settings {
  if (t >= 1) return to;
  const mixed = { ...to, kl: lerp(from.kl, to.kl, t) };
  for (const name of ARROWS) {
    const [a, b] = [angleOf(from[name]), angleOf(to[name])];
    const turn = ((b - a + 540) % 360) - 180;
    mixed[name] = arrowAt(a + t * turn, lerp(lengthOf(from[name]), lengthOf(to[name]), t));
  }
  return mixed;
}
