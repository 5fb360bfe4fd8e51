import { expect, test } from 'vitest';
import { paintDot } from '../../src/figures/ui/dots.ts';
import type { Paint } from '../../src/figures/ui/colours.ts';
import { svgPen } from '../../src/figures/ui/picture/pen.ts';

const colours = { tone: (v: number) => `tone ${v}`, paper: 'paper' } as Paint;
const plain = (colour: string) => `plain ${colour}`;
const pathsOf = (svg: string) => svg.match(/<path [^>]*>/g) ?? [];

test('a dot is the same in a picture: filled when good, open when bad, halved when neither, else a cross', () => {
  const draw = (shape: 'full' | 'open' | 'half' | 'cross', value: number) => {
    const pen = svgPen(plain);
    paintDot(pen, colours, { x: 10, y: 20, r: 5, value, shape });
    return pathsOf(pen.svg());
  };
  const [fill, edge] = draw('full', 1);
  expect(fill).toBe(
    '<path d="M15,20A5,5 0 0 1 5,20A5,5 0 0 1 15,20" fill="plain tone 1" fill-opacity="0.82"/>',
  );
  expect(edge).toContain('fill="none" stroke="plain tone 1" stroke-width="1.25"');
  expect(draw('open', -1)[0]).toContain('fill="plain paper"');
  expect(draw('half', 0)).toHaveLength(3);
  expect(draw('cross', 0)).toEqual([
    '<path d="M6.5,16.5L13.5,23.5M13.5,16.5L6.5,23.5" fill="none" stroke="plain tone 0" stroke-width="1.25"/>',
  ]);
});

test('dashes, caps and transparency go along, and an empty path is not written', () => {
  const pen = svgPen(plain);
  pen.beginPath();
  pen.stroke();
  expect(pen.svg()).toBe('');
  pen.moveTo(0, 0);
  pen.lineTo(1.234, 2);
  pen.closePath();
  pen.setLineDash([1, 3]);
  pen.lineCap = 'round';
  pen.globalAlpha = 0.5;
  pen.stroke();
  const [path] = pathsOf(pen.svg());
  expect(path).toContain('d="M0,0L1.23,2Z"');
  expect(path).toContain('stroke-opacity="0.5"');
  expect(path).toContain('stroke-linecap="round" stroke-dasharray="1 3"');
});
