import { scaleLinear, scaleSqrt } from 'd3-scale';
import type { Field } from '../../math/field.ts';
import { significant } from '../numbers.ts';

const WIDTH = 720; // px
const ROW = 18; // px, of a figure with a row a label
const MARGIN = { top: 28, right: 150, bottom: 40 };
const HUES = ['#33658a', '#c1513a', '#5b8c5a', '#8f6aa8', '#c08a2d', '#5c5c5c', '#2a9d8f', '#a23b72'];
/** From here on an axis of numbers is drawn as its square root: what is near 0 would be a heap otherwise. */
const LONG_AXIS = 100;

const hue = (i: number): string => HUES[i % HUES.length];
const round = (x: number): number => Math.round(10 * x) / 10;
const escape = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.codePointAt(0)};`);
const say = (x: number): string => significant(x, 6);

interface Place {
  anchor?: 'start' | 'middle' | 'end';
  fill?: string;
}
const text = (x: number, y: number, words: string, { anchor = 'start', fill = '#444' }: Place = {}): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}">${escape(words)}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="#ddd"/>`;
const dot = (x: number, y: number, fill: string): string =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" fill="${fill}" fill-opacity="0.8"/>`;

/** A narrower range is drawn as wide as if all numbers were 0: d3 cannot divide the smallest there are. */
const LEAST_RANGE = 1e-12;

/** The range of some numbers with 0 in it, a little wider. */
function domainOf(data: readonly number[]): [number, number] {
  const [low, high] = [Math.min(0, ...data), Math.max(0, ...data)];
  const pad = 0.05 * (high - low > LEAST_RANGE ? high - low : 1);
  return [low < 0 ? low - pad : 0, high > 0 ? high + pad : 0];
}

/**
 * A field as a small SVG. By its axes: (run, coordinate) is a scatter plot, (numbers, kind) one line a kind,
 * (labels, kind) one row a label with a dot a kind. The second axis may be left out.
 */
export function figure(field: Field): string {
  const [first, second] = field.axes;
  const scatter = second?.name === 'coordinate';
  const numeric = first.ticks.every((tick) => typeof tick === 'number');
  const { marks, height } = scatter ? points(field) : numeric ? lines(field) : rows(field);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(12, 18, field.unit ? `${field.name}, ${field.unit}` : field.name, { fill: '#111' }),
    ...marks,
    '</svg>\n',
  ].join('\n');
}

interface Drawn {
  marks: string[];
  height: number;
}

const kindsOf = ({ axes, name }: Field): string[] => (axes[1] ? axes[1].ticks.map(String) : [name]);

function lines(field: Field): Drawn {
  const height = 360;
  const left = 56;
  const kinds = kindsOf(field);
  const [axis] = field.axes;
  const at = axis.ticks as number[];
  const most = Math.max(...at);
  const x = (most >= LONG_AXIS ? scaleSqrt() : scaleLinear())
    .domain([Math.min(...at), most])
    .range([left, WIDTH - MARGIN.right]);
  const y = scaleLinear(domainOf(field.data), [height - MARGIN.bottom, MARGIN.top]);
  const curves = kinds.map((kind, k) => {
    const path = at.map((tick, i) => `${round(x(tick))} ${round(y(field.data[i * kinds.length + k]))}`);
    return { kind, k, path, end: y(field.data[(at.length - 1) * kinds.length + k]) };
  });
  return {
    height,
    marks: [
      ...y.ticks(5).flatMap((tick) => grid(left, y(tick), say(tick))),
      ...x.ticks(8).map((tick) => text(x(tick), height - 22, say(tick), { anchor: 'middle' })),
      text((left + WIDTH - MARGIN.right) / 2, height - 6, titleOf(axis), { anchor: 'middle' }),
      ...curves.map(
        ({ path, k }) => `<path d="M${path.join('L')}" fill="none" stroke="${hue(k)}" stroke-width="1.5"/>`,
      ),
      ...apart(curves.map(({ end }) => end)).map((place, k) =>
        text(WIDTH - MARGIN.right + 6, place + 4, kinds[k], { fill: hue(k) }),
      ),
    ],
  };
}

function rows(field: Field): Drawn {
  const kinds = kindsOf(field);
  const labels = field.axes[0].ticks.map(String);
  const left = 24 + 6.4 * Math.max(...labels.map((label) => label.length));
  const height = MARGIN.top + ROW * labels.length + MARGIN.bottom;
  const x = scaleLinear(domainOf(field.data), [left, WIDTH - MARGIN.right]);
  const bottom = height - MARGIN.bottom + 4;
  return {
    height,
    marks: [
      ...x
        .ticks(6)
        .flatMap((tick) => [
          line(x(tick), MARGIN.top, x(tick), bottom),
          text(x(tick), bottom + 16, say(tick), { anchor: 'middle' }),
        ]),
      ...labels.flatMap((label, i) => {
        const y = MARGIN.top + ROW * (i + 0.5);
        const dots = kinds.map((_, k) => dot(x(field.data[i * kinds.length + k]), y, hue(k)));
        return [text(left - 10, y + 4, label, { anchor: 'end' }), ...dots];
      }),
      ...kinds.map((kind, k) =>
        text(WIDTH - MARGIN.right + 14, MARGIN.top + 16 * (k + 1), kind, { fill: hue(k) }),
      ),
    ],
  };
}

function points(field: Field): Drawn {
  const height = 420;
  const left = 56;
  const xs = field.data.filter((_, i) => i % 2 === 0);
  const ys = field.data.filter((_, i) => i % 2 === 1);
  const x = scaleLinear(domainOf(xs), [left, WIDTH - MARGIN.right]);
  const y = scaleLinear(domainOf(ys), [height - MARGIN.bottom, MARGIN.top]);
  const [across, up] = field.axes[1].ticks.map(String);
  return {
    height,
    marks: [
      ...y.ticks(6).flatMap((tick) => grid(left, y(tick), say(tick))),
      ...x.ticks(8).map((tick) => text(x(tick), height - 22, say(tick), { anchor: 'middle' })),
      line(x(0), MARGIN.top, x(0), height - MARGIN.bottom),
      text((left + WIDTH - MARGIN.right) / 2, height - 6, across, { anchor: 'middle' }),
      text(left + 6, MARGIN.top + 12, up),
      ...xs.map((value, i) => dot(x(value), y(ys[i]), hue(0))),
    ],
  };
}

const grid = (left: number, y: number, words: string): string[] => [
  line(left, y, WIDTH - MARGIN.right, y),
  text(left - 8, y + 4, words, { anchor: 'end' }),
];

const titleOf = ({ name, unit }: { name: string; unit: string }): string =>
  unit ? `${name}, ${unit}` : name;

/** Places of labels, moved down where they would stand on one another. */
function apart(places: readonly number[]): number[] {
  const moved = [...places];
  let last = -Infinity;
  for (const i of places.map((_, i) => i).sort((a, b) => places[a] - places[b])) {
    moved[i] = Math.max(moved[i], last + 14);
    last = moved[i];
  }
  return moved;
}
