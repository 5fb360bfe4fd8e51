/** About six dots with words on them: the far ones in every direction, none over another. Pure. */
import type { Dot, Frame } from './layout.ts';

export interface Label {
  id: number;
  text: string;
  /** Start of the text, or its end when `end`. */
  x: number;
  y: number;
  end: boolean;
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** css px of one character of the label's italic serif, on average. */
const CHARACTER = 6.9;
const HEIGHT = 18;
/** Room for the dot to grow in training and push its words outwards. */
const GROWTH = 10;

/** Directions in which outstanding dots are looked for, in the units of the frame. */
const WISHES: readonly [number, number][] = [
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [1, 0],
  [-1, 0],
  [0.3, -1],
  [0.3, 1],
];

export const widthOf = (text: string): number => text.length * CHARACTER + 4;

/** What a label needs for itself. */
export function boxOf({ text, x, y, end }: Label): Box {
  const width = widthOf(text) + GROWTH;
  return {
    left: end ? x - width : x - 2,
    right: end ? x + 2 : x + width,
    top: y - 4.5 - HEIGHT / 2,
    bottom: y - 4.5 + HEIGHT / 2,
  };
}

const crosses = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Room for the ring around a dot that is looked at. */
const RING = 5;
/** Radius from which a dot has a face that words must not cover. */
const LARGE = 8;

/** The hairlines from the dot that is read to both axes. */
export function hairsOf({ x, y }: Dot, frame: Frame): Box[] {
  return [
    { left: 0, right: x, top: y, bottom: y },
    { left: x, right: x, top: y, bottom: frame.bottom },
  ];
}

/**
 * The labels that leave free what is taken, large dots, and those that are looked at, with their rings; a dot's own label is
 * never in its way.
 */
export function clearOf(
  labels: readonly Label[],
  dots: readonly Dot[],
  looked: readonly number[],
  taken: readonly Box[] = [],
): Label[] {
  const kept = dots.flatMap(({ x, y, r }, id) => {
    if (r < LARGE && !looked.includes(id)) return [];
    const reach = r + RING;
    return [{ id, box: { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach } }];
  });
  return labels.filter((label) => {
    const own = boxOf(label);
    return (
      kept.every(({ id, box }) => label.id === id || !crosses(own, box)) &&
      !taken.some((box) => crosses(own, box))
    );
  });
}

/**
 * @param taken boxes that must stay free, such as the words of the axes
 * @param first dots that are labelled before all others
 * @param most labels besides those; each covers at most two dots, where possible none
 */
export function labelsFor(
  dots: readonly Dot[],
  textOf: (id: number) => string,
  frame: Frame,
  taken: readonly Box[] = [],
  first: readonly number[] = [],
  most = 6,
): Label[] {
  if (dots.length === 0) return [];
  const boxes: Box[] = [...taken];
  const labels: Label[] = [];
  const spread = { x: (frame.right - frame.left) / 2, y: (frame.bottom - frame.top) / 2 };
  const middle = { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 };
  const crowd = (box: Box) =>
    dots.reduce(
      (n, { x, y, r }) =>
        n + Number(x + r > box.left && x - r < box.right && y + r > box.top && y - r < box.bottom),
      0,
    );

  const tryToPlace = (id: number, mostCovered: number): boolean => {
    const dot = dots[id];
    const text = textOf(id);
    if (text === '' || labels.some((label) => label.id === id || label.text === text)) return false;
    const gap = dot.r + 6;
    const sides = dot.x > middle.x ? [false, true] : [true, false];
    const options = sides
      .map((end) => {
        const x = dot.x + (end ? -gap : gap);
        const label = { id, text, x, y: dot.y + 4.5, end };
        const box = boxOf(label);
        return { label, box, covered: crowd(box) };
      })
      .filter(({ box, covered }) => {
        const inside = box.left >= frame.left - 12 && box.right <= frame.right + 6;
        return inside && covered <= mostCovered && !boxes.some((other) => crosses(other, box));
      })
      .sort((a, b) => a.covered - b.covered);
    const [best] = options;
    if (!best) return false;
    boxes.push(best.box, {
      left: dot.x - dot.r,
      right: dot.x + dot.r,
      top: dot.y - dot.r,
      bottom: dot.y + dot.r,
    });
    labels.push(best.label);
    return true;
  };

  for (const id of first) if (dots[id]) tryToPlace(id, 6);
  const enough = labels.length + most;
  for (const [dx, dy] of WISHES) {
    if (labels.length >= enough) break;
    const far = dots
      .map((dot, id) => ({
        id,
        score: ((dot.x - middle.x) / spread.x) * dx + ((dot.y - middle.y) / spread.y) * dy,
        shape: dot.shape,
      }))
      .filter((one) => one.shape !== 'cross')
      .sort((a, b) => b.score - a.score)
      .slice(0, 30);
    if (!far.some(({ id }) => tryToPlace(id, 0))) far.some(({ id }) => tryToPlace(id, 2));
  }
  return labels;
}
