/** Puts dots on a canvas: bad is an open ring, neutral half filled, good filled, not a sentence a cross. */
import type { Paint } from '../palette.ts';
import type { Dot } from './layout.ts';

/** Anything that a dot can be drawn from. */
export type Spot = Pick<Dot, 'x' | 'y' | 'r' | 'value' | 'shape'>;

export function paintDot(context: CanvasRenderingContext2D, paint: Paint, dot: Spot, solid = false): void {
  const colour = paint.tone(dot.value);
  const alpha = context.globalAlpha;
  context.lineWidth = 1.25;
  context.strokeStyle = colour;
  if (dot.shape === 'cross') {
    const d = Math.max(1.8, Math.min(dot.r, 8) * 0.7);
    context.beginPath();
    context.moveTo(dot.x - d, dot.y - d);
    context.lineTo(dot.x + d, dot.y + d);
    context.moveTo(dot.x + d, dot.y - d);
    context.lineTo(dot.x - d, dot.y + d);
    context.stroke();
    return;
  }
  const circle = (start = 0, end = 2 * Math.PI) => {
    context.beginPath();
    context.arc(dot.x, dot.y, dot.r, start, end);
  };
  circle();
  context.globalAlpha = alpha * (solid ? 1 : dot.shape === 'full' ? 0.82 : 0.7);
  context.fillStyle = dot.shape === 'full' ? colour : paint.paper;
  context.fill();
  if (dot.shape === 'half') {
    context.globalAlpha = alpha * (solid ? 1 : 0.82);
    context.fillStyle = colour;
    circle(0, Math.PI);
    context.fill();
    circle();
  }
  context.globalAlpha = alpha;
  context.stroke();
}

/** Fits the canvas to its box and the screen's pixels, and clears it. Null when it has no size yet. */
export function clearCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const scale = Math.min(3, globalThis.devicePixelRatio || 1);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (w === 0 || h === 0) return null;
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Large dots first, so that no small one is hidden. */
export function paintCloud(
  context: CanvasRenderingContext2D,
  paint: Paint,
  dots: readonly Dot[],
  grey: boolean,
): void {
  const order = dots.map((_, i) => i).sort((a, b) => dots[b].r - dots[a].r);
  for (const i of order) {
    if (!grey) paintDot(context, paint, dots[i]);
    else {
      context.beginPath();
      context.arc(dots[i].x, dots[i].y, dots[i].r, 0, 2 * Math.PI);
      context.fillStyle = paint.control;
      context.globalAlpha = 0.45;
      context.fill();
      context.globalAlpha = 1;
    }
  }
}
