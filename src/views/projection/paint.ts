/** Draws the scene of the fall on a canvas, from what lies under the plane to what stands on it. */
import type { CloudResponse } from '../../worker/protocol.ts';
import { paintDot } from '../cloud/paint.ts';
import type { Paint } from '../palette.ts';
import { shapeOf } from '../palette.ts';
import type { Arrow, Falling, Ground, Seen } from './layout.ts';

export interface Scene {
  points: readonly Falling[];
  arrows: readonly Arrow[];
  judged: { from: Seen; tip: Seen };
  ground: Ground;
  small: boolean;
}

type Context = CanvasRenderingContext2D;

export function paintSpace(
  context: Context,
  paint: Paint,
  scene: Scene,
  responseAt: (place: number) => CloudResponse | null,
): void {
  const below = scene.points.filter((point) => point.below);
  const above = scene.points.filter((point) => !point.below);
  const thread = (point: Falling) =>
    paintThread(context, paint, point, responseAt(point.place)?.trueValue ?? 0);
  const ball = (point: Falling) => {
    const response = responseAt(point.place);
    if (!response) return;
    const { x, y } = point.now;
    paintDot(context, paint, {
      x,
      y,
      r: point.r,
      value: response.trueValue,
      shape: shapeOf(response.trueValue, response.wellFormed),
    });
  };
  below.forEach((point) => (thread(point), ball(point)));
  paintGround(context, paint, scene.ground);
  for (const arrow of scene.arrows) {
    const colour = arrow.value ? paint.value(arrow.value) : paint.ink2;
    if (arrow.fallen) stroke(context, arrow.start, arrow.tip, colour, 1, [1, 3]);
    paintArrow(context, arrow.from, arrow.tip, colour, arrow.fallen ? 2.8 : 3.4);
  }
  paintArrow(context, scene.judged.from, scene.judged.tip, paint.ink, 1.7);
  above.forEach(thread);
  above.forEach(ball);
}

function paintThread(context: Context, paint: Paint, { top, now, foot }: Falling, value: number): void {
  const colour = paint.tone(value);
  context.globalAlpha = 0.75;
  stroke(context, top, now, colour, 0.9);
  context.globalAlpha = 1;
  stroke(context, now, foot, paint.control, 0.7, [1, 3]);
  disc(context, top, 1.1, colour);
  disc(context, foot, 1, paint.control);
}

function paintGround(context: Context, paint: Paint, { corners, levels, line }: Ground): void {
  if (corners.length > 0) {
    context.beginPath();
    corners.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
    context.globalAlpha = 0.5;
    context.fillStyle = paint.paper;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = paint.control;
    context.lineWidth = 1;
    context.stroke();
  }
  for (const { from, to, zero } of levels) {
    context.globalAlpha = zero ? 0.9 : 0.42;
    stroke(context, from, to, paint.control, 1);
  }
  context.globalAlpha = 1;
  if (line) stroke(context, line.from, line.to, paint.control, 1.25);
}

function paintArrow(context: Context, from: Seen, tip: Seen, colour: string, width: number): void {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y);
  if (length < 3) return disc(context, tip, width, colour);
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const head = Math.min(width * 3.1, length * 0.6);
  const neck = { x: tip.x - head * 0.8 * Math.cos(angle), y: tip.y - head * 0.8 * Math.sin(angle), depth: 0 };
  stroke(context, from, neck, colour, width);
  context.beginPath();
  context.moveTo(tip.x, tip.y);
  context.lineTo(tip.x - head * Math.cos(angle - 0.42), tip.y - head * Math.sin(angle - 0.42));
  context.lineTo(tip.x - head * Math.cos(angle + 0.42), tip.y - head * Math.sin(angle + 0.42));
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function stroke(
  context: Context,
  from: Seen,
  to: Seen,
  colour: string,
  width: number,
  dash: number[] = [],
): void {
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = 'round';
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

function disc(context: Context, at: Seen, r: number, colour: string): void {
  context.beginPath();
  context.arc(at.x, at.y, r, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}
