/** Puts the cloud on a canvas. */
import type { Paint } from '../ui/colours.ts';
import { paintDots, type Spot } from '../ui/dots.ts';
import type { Pen } from '../ui/pen.ts';
import type { Stamps } from '../ui/stamps.ts';

/** Grey where nothing was judged. */
export function paintCloud(
  pen: Pen,
  paint: Paint,
  dots: readonly Spot[],
  grey: boolean,
  stamps?: Stamps,
): void {
  if (grey) for (const dot of dots.toSorted((a, b) => b.r - a.r)) paintGrey(pen, paint, dot);
  else paintDots(pen, paint, dots, stamps);
}

function paintGrey(pen: Pen, paint: Paint, { x, y, r }: Spot): void {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = paint.control;
  pen.globalAlpha = 0.45;
  pen.fill();
  pen.globalAlpha = 1;
}
