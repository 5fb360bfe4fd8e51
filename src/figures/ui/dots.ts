/** Puts dots on a canvas: bad is an open ring, neutral half filled, good filled, not a sentence a cross. */
import type { Paint } from './colours.ts';
import type { Shape } from './palette.ts';
import type { Pen } from './pen.ts';
import type { Motif, Stamps } from './stamps.ts';

/** Anything that a dot can be drawn from. */
export interface Spot {
  /** css px */
  x: number;
  y: number;
  r: number;
  /** True value. */
  value: number;
  shape: Shape;
}

export function paintDot(pen: Pen, paint: Paint, dot: Spot, solid = false): void {
  const colour = paint.tone(dot.value);
  const alpha = pen.globalAlpha;
  pen.lineWidth = 1.25;
  pen.strokeStyle = colour;
  if (dot.shape === 'cross') {
    const d = Math.max(1.8, Math.min(dot.r, 8) * 0.7);
    pen.beginPath();
    pen.moveTo(dot.x - d, dot.y - d);
    pen.lineTo(dot.x + d, dot.y + d);
    pen.moveTo(dot.x + d, dot.y - d);
    pen.lineTo(dot.x - d, dot.y + d);
    pen.stroke();
    return;
  }
  const circle = (start = 0, end = 2 * Math.PI) => {
    pen.beginPath();
    pen.arc(dot.x, dot.y, dot.r, start, end);
  };
  circle();
  pen.globalAlpha = alpha * (solid ? 1 : dot.shape === 'full' ? 0.82 : 0.7);
  pen.fillStyle = dot.shape === 'full' ? colour : paint.paper;
  pen.fill();
  if (dot.shape === 'half') {
    pen.globalAlpha = alpha * (solid ? 1 : 0.82);
    pen.fillStyle = colour;
    circle(0, Math.PI);
    pen.fill();
    circle();
  }
  pen.globalAlpha = alpha;
  pen.stroke();
}

/** A dot as others that look the same have it too: with a radius to a quarter of a css px. */
function motifOf(paint: Paint, { x, y, r, value, shape }: Spot): Motif {
  const radius = Math.round(r * 4) / 4;
  return {
    name: [shape, radius, paint.tone(value), paint.paper].join(),
    reach: radius + 1,
    paint: (pen) => paintDot(pen, paint, { x: 0, y: 0, r: radius, value, shape }),
    x,
    y,
  };
}

/** Large dots first, so that no small one is hidden. */
export function paintDots(pen: Pen, paint: Paint, dots: readonly Spot[], stamps?: Stamps): void {
  const sorted = dots.toSorted((a, b) => b.r - a.r);
  if (stamps) stamps.draw(sorted.map((dot) => motifOf(paint, dot)));
  else for (const dot of sorted) paintDot(pen, paint, dot);
}
