/** Draws the scene of the fall on a canvas, from what lies under the plane to what stands on it. */
import type { CloudResponse } from '../../worker/protocol.ts';
import { paintDot } from '../ui/dots.ts';
import type { Pen } from '../ui/pen.ts';
import type { Paint } from '../ui/colours.ts';
import { shapeOf } from '../ui/palette.ts';
import type { Arrow, Falling, Ground, Seen } from './layout.ts';

export interface Scene {
  points: readonly Falling[];
  arrows: readonly Arrow[];
  judged: { from: Seen; tip: Seen };
  ground: Ground;
  small: boolean;
}

export function paintSpace(
  pen: Pen,
  paint: Paint,
  scene: Scene,
  responseAt: (place: number) => CloudResponse | null,
): void {
  const below = scene.points.filter((point) => point.below);
  const above = scene.points.filter((point) => !point.below);
  const thread = (point: Falling) => paintThread(pen, paint, point, responseAt(point.place)?.trueValue ?? 0);
  const ball = (point: Falling) => {
    const response = responseAt(point.place);
    if (!response) return;
    const { x, y } = point.now;
    paintDot(pen, paint, {
      x,
      y,
      r: point.r,
      value: response.trueValue,
      shape: shapeOf(response.trueValue, response.wellFormed),
    });
  };
  below.forEach((point) => (thread(point), ball(point)));
  paintGround(pen, paint, scene.ground);
  for (const arrow of scene.arrows) {
    const colour = arrow.value ? paint.value(arrow.value) : paint.ink2;
    if (arrow.fallen) stroke(pen, arrow.start, arrow.tip, colour, 1, [1, 3]);
    paintArrow(pen, arrow.from, arrow.tip, colour, arrow.fallen ? 2.8 : 3.4);
  }
  paintArrow(pen, scene.judged.from, scene.judged.tip, paint.ink, 1.7);
  above.forEach(thread);
  above.forEach(ball);
}

function paintThread(pen: Pen, paint: Paint, { top, now, foot }: Falling, value: number): void {
  const colour = paint.tone(value);
  pen.globalAlpha = 0.75;
  stroke(pen, top, now, colour, 0.9);
  pen.globalAlpha = 1;
  stroke(pen, now, foot, paint.control, 0.7, [1, 3]);
  disc(pen, top, 1.1, colour);
  disc(pen, foot, 1, paint.control);
}

function paintGround(pen: Pen, paint: Paint, { corners, levels, line }: Ground): void {
  if (corners.length > 0) {
    pen.beginPath();
    corners.forEach(({ x, y }, i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
    pen.closePath();
    pen.globalAlpha = 0.5;
    pen.fillStyle = paint.paper;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = paint.control;
    pen.lineWidth = 1;
    pen.stroke();
  }
  for (const { from, to, zero } of levels) {
    pen.globalAlpha = zero ? 0.9 : 0.42;
    stroke(pen, from, to, paint.control, 1);
  }
  pen.globalAlpha = 1;
  if (line) stroke(pen, line.from, line.to, paint.control, 1.25);
}

function paintArrow(pen: Pen, from: Seen, tip: Seen, colour: string, width: number): void {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y);
  if (length < 3) return disc(pen, tip, width, colour);
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const head = Math.min(width * 3.1, length * 0.6);
  const neck = { x: tip.x - head * 0.8 * Math.cos(angle), y: tip.y - head * 0.8 * Math.sin(angle), depth: 0 };
  stroke(pen, from, neck, colour, width);
  pen.beginPath();
  pen.moveTo(tip.x, tip.y);
  pen.lineTo(tip.x - head * Math.cos(angle - 0.42), tip.y - head * Math.sin(angle - 0.42));
  pen.lineTo(tip.x - head * Math.cos(angle + 0.42), tip.y - head * Math.sin(angle + 0.42));
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
}

function stroke(pen: Pen, from: Seen, to: Seen, colour: string, width: number, dash: number[] = []): void {
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(to.x, to.y);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = 'round';
  pen.setLineDash(dash);
  pen.stroke();
  pen.setLineDash([]);
}

function disc(pen: Pen, at: Seen, r: number, colour: string): void {
  pen.beginPath();
  pen.arc(at.x, at.y, r, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}
