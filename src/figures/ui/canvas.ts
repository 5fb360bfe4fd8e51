/** Canvases of figures: sharp on every screen, and drawn again as lines when a picture is saved. */
import { devicePixelRatio } from 'svelte/reactivity/window';
import type { Pen } from './pen.ts';
import { Stamps } from './stamps.ts';

/** With stamps on a canvas; a picture is drawn without. */
export type Drawing = (pen: Pen, stamps?: Stamps) => void;

interface Sheet {
  /** css px, without the bleed. */
  width: number;
  height: number;
  /** css px that the drawing may reach beyond its box on each side. */
  bleed?: number;
}

const drawings = new WeakMap<HTMLCanvasElement, { bleed: number; draw: Drawing }>();
const stamps = new WeakMap<HTMLCanvasElement, { scale: number; stamps: Stamps }>();

function stampsOf(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, scale: number): Stamps {
  let held = stamps.get(canvas);
  if (held?.scale !== scale) stamps.set(canvas, (held = { scale, stamps: new Stamps(context, scale) }));
  return held.stamps;
}

/**
 * Draws on a cleared canvas that has as many pixels as the screen under it, up to 3 × 3 a css px; an effect that draws
 * runs anew on a sharper screen.
 */
export function drawOn(canvas: HTMLCanvasElement, { width, height, bleed = 0 }: Sheet, draw: Drawing): void {
  const scale = Math.min(3, devicePixelRatio.current || 1);
  const [w, h] = [width, height].map((side) => Math.round((side + 2 * bleed) * scale));
  const context = w > 0 && h > 0 ? canvas.getContext('2d') : null;
  if (!context) return;
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, w, h);
  context.translate(bleed, bleed);
  draw(context, stampsOf(canvas, context, scale));
  drawings.set(canvas, { bleed, draw });
}

/** How a canvas was last drawn, and how far its drawing's origin lies inside it; undefined when it never was. */
export const drawingOf = (canvas: HTMLCanvasElement): { bleed: number; draw: Drawing } | undefined =>
  drawings.get(canvas);
