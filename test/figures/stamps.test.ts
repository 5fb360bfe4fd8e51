import { afterEach, expect, test, vi } from 'vitest';
import { paintCloud } from '../../src/figures/cloud/paint.ts';
import type { Dot } from '../../src/figures/cloud/layout.ts';
import type { Paint } from '../../src/figures/ui/colours.ts';
import { Rows, Stamps } from '../../src/figures/ui/stamps.ts';

afterEach(() => vi.unstubAllGlobals());

test('squares of a sheet lie inside it and none over another, until it is full', () => {
  const rows = new Rows(100);
  const cells = Array.from({ length: 200 }, (_, i) => rows.take([7, 11, 30][i % 3])).filter(
    (one) => one !== null,
  );
  expect(cells.length).toBeGreaterThan(20);
  expect(cells.filter(({ x, y, side }) => x + side > 100 || y + side > 100)).toEqual([]);
  const apart = (a: (typeof cells)[0], b: (typeof cells)[0]) =>
    a.x + a.side <= b.x || b.x + b.side <= a.x || a.y + a.side <= b.y || b.y + b.side <= a.y;
  expect(cells.flatMap((a, i) => cells.slice(i + 1).filter((b) => !apart(a, b)))).toEqual([]);
  expect(rows.take(101)).toBeNull();
});

/** A context that notes where it is drawn on. */
function noting(calls: string[]): CanvasRenderingContext2D {
  const ignore = () => {};
  const pen = { beginPath: ignore, arc: ignore, fill: ignore, stroke: ignore };
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void calls.push([name, ...args.slice(-4)].join(' '));
  const setTransform = (...args: number[]) => void calls.push(['at', ...args.slice(-2)].join(' '));
  const getTransform = () => ({ e: 10, f: 10 });
  return { ...pen, getTransform, resetTransform: ignore, setTransform, drawImage: note('copy to') } as never;
}

const paint = { tone: (v: number) => `tone ${v}`, paper: 'paper' } as Paint;

test('dots that look the same are painted once; every dot is copied to its place, large ones first', () => {
  const sheet: string[] = [];
  const getContext = () => noting(sheet);
  vi.stubGlobal('document', { createElement: () => ({ getContext }) });
  const calls: string[] = [];
  const pen = noting(calls);
  const stamps = new Stamps(pen, 1);
  const dot = (x: number, r: number): Dot => ({ x, y: 50, r, value: 1, shape: 'full' });
  const dots = [dot(10, 3), dot(20.01, 3.01), dot(30.4, 3), dot(40, 6)];
  paintCloud(pen, paint, dots, false, stamps);
  // cells of 2 × (radius and line, and a margin); half a px to the right where it was needed
  expect(sheet).toEqual(['at 8 8', 'at 5 21', 'at 15.5 21']);
  expect(calls.slice(0, -1)).toEqual([
    'copy to 42 52 16 16',
    'copy to 25 55 10 10',
    'copy to 15 55 10 10',
    'copy to 35 55 10 10',
  ]);
  paintCloud(pen, paint, dots, false, stamps);
  expect(sheet).toHaveLength(3);
});

test('what a full sheet has no room for is drawn where it belongs, in its turn', () => {
  vi.stubGlobal('document', { createElement: () => ({ getContext: () => noting([]) }) });
  const calls: string[] = [];
  const pen = noting(calls);
  const stamps = new Stamps(pen, 1);
  const motif = (i: number) => ({
    name: `${i}`,
    reach: 200,
    paint: () => calls.push(`lines of ${i}`),
    x: i,
    y: 0,
  });
  stamps.draw([motif(1), motif(2), motif(3)]);
  expect(calls.slice(0, -1)).toEqual([
    'lines of 1', // on the sheet
    'copy to -190 -191 402 402',
    ...['at 12 10', 'lines of 2'],
    ...['at 13 10', 'lines of 3'],
  ]);
  calls.length = 0;
  stamps.draw([motif(2)]); // on another sheet, since that one was of no use
  expect(calls).toContain('copy to -189 -191 402 402');
});
