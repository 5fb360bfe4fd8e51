/** Puts dots on a canvas: bad is an open ring, neutral half filled, good filled, not a sentence a cross. */
import type { Pen } from '../canvas.ts';
import type { Paint } from '../palette.ts';
import type { Dot } from './layout.ts';

/** Anything that a dot can be drawn from. */
export type Spot = Pick<Dot, 'x' | 'y' | 'r' | 'value' | 'shape'>;

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

/** Large dots first, so that no small one is hidden. */
export function paintCloud(pen: Pen, paint: Paint, dots: readonly Dot[], grey: boolean): void {
  const order = dots.map((_, i) => i).sort((a, b) => dots[b].r - dots[a].r);
  for (const i of order) {
    if (!grey) paintDot(pen, paint, dots[i]);
    else {
      pen.beginPath();
      pen.arc(dots[i].x, dots[i].y, dots[i].r, 0, 2 * Math.PI);
      pen.fillStyle = paint.control;
      pen.globalAlpha = 0.45;
      pen.fill();
      pen.globalAlpha = 1;
    }
  }
}
