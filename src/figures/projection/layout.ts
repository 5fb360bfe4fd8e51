/** Dots in a light perspective, falling onto the subspace of a constitution. Pure: data, angles and a size in, marks out. */
import type { Ask, CloudResponse, Keep, Progress, Projection } from '../../worker/protocol.ts';
import { lerp } from '../ui/motion.ts';

export type Vector = readonly [number, number, number];

/** What is kept of responses, and what the judge is asked of them. */
export interface Question {
  keep: Keep;
  ask: Ask;
  /** Of the constitution's subspace. */
  rank: number;
  /** How many numbers the judge reads of a response; null until it is known. */
  gistSize: number | null;
}

/** A measurement, and the responses that its ids are places of. */
export interface Measured {
  data: Projection;
  responses: readonly CloudResponse[];
}

/** Why nothing is shown, or not what is asked; null where there is nothing to say of it. */
export type Pending =
  | { for: 'words' | 'engine' | 'repair' | 'sight' }
  | { for: 'answer'; progress: Progress | null }
  /** It was not measured; with a message, because that failed. */
  | { for: 'visitor'; failure: string | null }
  | null;

export interface View {
  width: number;
  height: number;
  small: boolean;
  yaw: number;
}

/** A point on the page; `depth` grows away from the eye. */
export interface Seen {
  x: number;
  y: number;
  depth: number;
}

const PITCH = 0.47;
/** Half the side of the drawn plane. */
const EXTENT = 1.24;

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const scaled = (a: Vector, k: number): Vector => [a[0] * k, a[1] * k, a[2] * k];
export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const mixed = (a: Vector, b: Vector, t: number): Vector => [
  lerp(a[0], b[0], t),
  lerp(a[1], b[1], t),
  lerp(a[2], b[2], t),
];

/** The eye: turned by `yaw` about the vertical, looking down by a fixed pitch. */
export function camera({ width, height, small, yaw }: View): (p: Vector) => Seen {
  const size = Math.min(width * (small ? 0.275 : 0.29), height * 0.46);
  const [cx, cy] = [width * 0.49, height * 0.53];
  const [cos, sin, up, down] = [Math.cos(yaw), Math.sin(yaw), Math.cos(PITCH), Math.sin(PITCH)];
  return ([px, py, pz]) => {
    const x = px * cos - py * sin;
    const z = px * sin + py * cos;
    const depth = z * up - pz * down;
    const k = size / (1 + 0.1 * depth);
    return { x: cx + x * k, y: cy - (pz * up + z * down) * k, depth };
  };
}

/** What the drawn points fall onto. */
export interface Floor {
  /** Orthonormal. */
  axes: readonly Vector[];
  /** 3 when everything drawn is kept. */
  dimension: number;
  normal: Vector | null;
}

export const floorOf = ({ floor: axes }: Pick<Projection, 'floor'>): Floor => ({
  axes,
  dimension: axes.length,
  normal: axes.length === 2 ? cross(axes[0], axes[1]) : null,
});

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export interface Falling {
  place: number;
  top: Seen;
  foot: Seen;
  now: Seen;
  r: number;
  /** Under the plane, as the eye sees it. */
  below: boolean;
}

/** How much of the drawing one standard deviation is, so that 97 of 100 points stay inside. */
export function unitOf(before: Float32Array): number {
  const reach = (sizeOf: (i: number) => number) => {
    const sizes = Array.from({ length: before.length / 3 }, (_, i) => sizeOf(i * 3)).sort((a, b) => a - b);
    return sizes[Math.floor(sizes.length * 0.97)] ?? 0;
  };
  const far = Math.max(
    reach((i) => Math.hypot(before[i], before[i + 1])),
    reach((i) => Math.abs(before[i + 2])),
  );
  return far > 0 ? 1.15 / far : 1;
}

const at = (list: Float32Array, i: number): Vector => [list[i * 3], list[i * 3 + 1], list[i * 3 + 2]];

/** The points at share `t` of the fall, far ones first. */
export function fallingAt(
  data: Projection,
  t: number,
  eye: (p: Vector) => Seen,
  floor: Floor,
  small: boolean,
): Falling[] {
  const unit = unitOf(data.before);
  return Array.from({ length: data.ids.length }, (_, place) => {
    const top = scaled(at(data.before, place), unit);
    const foot = scaled(at(data.after, place), unit);
    const now = eye(mixed(top, foot, t));
    return {
      place,
      top: eye(top),
      foot: eye(foot),
      now,
      r: Math.max(1.5, (small ? 3.2 : 4.5) * (1 - 0.14 * now.depth)),
      below: floor.normal !== null && dot(top, floor.normal) * Math.sign(floor.normal[2] || 1) < 0,
    };
  }).sort((a, b) => b.now.depth - a.now.depth);
}

export interface Arrow {
  name: string;
  value: Projection['arrows'][number]['value'];
  from: Seen;
  tip: Seen;
  /** Where the tip was before the fall. */
  start: Seen;
  fallen: boolean;
}

export function arrowsAt(data: Projection, t: number, eye: (p: Vector) => Seen): Arrow[] {
  const longest = Math.max(1e-6, ...data.arrows.map((one) => Math.hypot(...one.before)));
  const k = 1.18 / longest;
  return data.arrows.map(({ name, value, before, after }) => ({
    name,
    value,
    from: eye([0, 0, 0]),
    start: eye(scaled(before, k)),
    tip: eye(scaled(mixed(before, after, t), k)),
    fallen:
      Math.hypot(after[0] - before[0], after[1] - before[1], after[2] - before[2]) >
      0.25 * Math.hypot(...before),
  }));
}

export interface Ground {
  corners: Seen[];
  /** Lines along which the linear verdict is the same; the middle one is 0. */
  levels: { from: Seen; to: Seen; zero: boolean }[];
  line: { from: Seen; to: Seen } | null;
}

/** The plane as a square with its iso-score lines, or the line; nothing for other dimensions. */
export function groundOf(data: Projection, floor: Floor, eye: (p: Vector) => Seen): Ground {
  if (floor.dimension === 1) {
    const [axis] = floor.axes;
    return { corners: [], levels: [], line: { from: eye(scaled(axis, -1.45)), to: eye(scaled(axis, 1.45)) } };
  }
  if (floor.dimension !== 2) return { corners: [], levels: [], line: null };
  const [a, b] = squareOf(floor, data.judged);
  const on = (u: number, v: number): Vector => plus(scaled(a, u * EXTENT), scaled(b, v * EXTENT));
  const square: [number, number][] = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  const g: [number, number] = [dot(data.judged, a), dot(data.judged, b)];
  const steepness = Math.hypot(...g);
  const levels: Ground['levels'] = [];
  for (let k = -9; k <= 9 && steepness > 0.05; k++) {
    const level = k * 0.15 * steepness;
    const ends: [number, number][] = [];
    square.forEach(([u1, v1], i) => {
      const [u2, v2] = square[(i + 1) % 4];
      const [f1, f2] = [g[0] * u1 + g[1] * v1 - level, g[0] * u2 + g[1] * v2 - level];
      if (f1 * f2 < 0) ends.push([lerp(u1, u2, f1 / (f1 - f2)), lerp(v1, v2, f1 / (f1 - f2))]);
    });
    if (ends.length === 2) levels.push({ from: eye(on(...ends[0])), to: eye(on(...ends[1])), zero: k === 0 });
  }
  return { corners: square.map(([u, v]) => eye(on(u, v))), levels, line: null };
}

/** Axes of the square: turned in the plane so that its first side lies along the drawn first direction. */
function squareOf(floor: Floor, judged: Vector): [Vector, Vector] {
  const normal = floor.normal ?? [0, 0, 1];
  const wish: Vector = Math.abs(normal[0]) < 0.9 ? [1, 0, 0] : judged;
  const flat = plus(wish, scaled(normal, -dot(wish, normal)));
  const first = scaled(flat, 1 / Math.max(1e-9, Math.hypot(...flat)));
  return [first, cross(normal, first)];
}

/** Where the linear verdict rises, as an arrow. */
export function judgedArrow(data: Projection, eye: (p: Vector) => Seen): { from: Seen; tip: Seen } {
  return { from: eye([0, 0, 0]), tip: eye(scaled(data.judged, 1.26)) };
}
