/**
 * A figure as an SVG of its own: its words, its lines and what is on its canvases, as they stand on the page,
 * with where it comes from below. Controls stay behind, but for what is switched on.
 */
import { drawingOf } from '../canvas.ts';
import { fontFaces } from './fonts.ts';
import { svgPen } from './pen.ts';
import type { Line } from './text.ts';
import { linesIn, wrapped } from './text.ts';

export interface Caption {
  title: string;
  /** What was computed, and on what. */
  source: string;
  /** Address of the page as it stands. */
  link: string;
}

const BEHIND = '.tools, .unseen, details, input:not(.range), .only-screen, button:not([aria-pressed="true"])';
/** css px: around the figure, from its foot down to what stands below, and from line to line there. */
const ROOM = 24;
const GAP = 22;
const LEADING = 20;

/** How shapes look, each with the value that need not be written. */
const LOOK = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  opacity: '1',
  'paint-order': 'normal',
  'shape-rendering': 'auto',
  visibility: 'visible',
};
const TYPE = ['font-family', 'font-size', 'font-weight', 'font-style', 'letter-spacing', 'word-spacing'];

export async function pictureOf(figure: Element, { title, source, link }: Caption): Promise<string> {
  const shown = (element: Element) =>
    !element.closest(BEHIND) && element.checkVisibility({ visibilityProperty: true });
  const elements = Array.from(figure.querySelectorAll('*')).filter(shown);
  const lines = linesIn(figure, shown);
  const box = around([...lines.map((line) => line.box), ...elements.filter(isDrawing).map(boxOf)]);
  const x = Math.min(...lines.map((line) => line.x));
  const style = getComputedStyle(figure.querySelector('.note') ?? figure);
  const below = [source, link]
    .flatMap((text) => wrapped(text, style, box.right - x))
    .map((text, i) => ({ text, x, y: box.bottom + GAP + (i + 1) * LEADING, style }));
  const faces = new Set<string>();
  const body = [...elements.flatMap(drawn), ...[...lines, ...below].map((line) => written(line, faces))].join(
    '',
  );
  for (const text of figure.querySelectorAll('svg text')) face(getComputedStyle(text), faces);
  const [width, height] = [box.width + 2 * ROOM, box.height + GAP + below.length * LEADING + 2 * ROOM];
  const digits = `text{font-variant-numeric:${style.fontVariantNumeric}}`; // which no attribute says
  const paper = plain(getComputedStyle(document.documentElement).backgroundColor);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box.left - ROOM} ${box.top - ROOM} ${width} ${height}">` +
    `<title>${escaped(title)}</title><style>${escaped(digits + (await fontFaces(faces)))}</style>` +
    `<rect x="${box.left - ROOM}" y="${box.top - ROOM}" width="${width}" height="${height}" fill="${paper}"/>` +
    `${body}</svg>`
  );
}

const isDrawing = (element: Element) => element.matches('canvas, input') || element instanceof SVGSVGElement;
const boxOf = (element: Element) => element.getBoundingClientRect();

function around(boxes: DOMRect[]): DOMRect {
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  return new DOMRect(left, top, right - left, bottom - top);
}

/** What an element draws besides its words. */
function drawn(element: Element): string[] {
  const { left, top, width } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  if (element instanceof HTMLCanvasElement) {
    const drawing = drawingOf(element);
    if (!drawing) return [];
    const pen = svgPen(plain);
    drawing.draw(pen);
    return [`<g transform="translate(${left + drawing.bleed} ${top + drawing.bleed})">${pen.svg()}</g>`];
  }
  if (element instanceof SVGSVGElement) return [cloned(element, left, top)];
  if (element instanceof HTMLInputElement) return [slider(element)];
  const rule = parseFloat(style.borderTopWidth);
  if (element instanceof SVGElement || !(rule > 0) || style.borderTopStyle === 'none') return [];
  const colour = plain(style.borderTopColor);
  return [`<rect x="${left}" y="${top}" width="${width}" height="${rule}" fill="${colour}"/>`];
}

/** A slider where it stands: its line, and its knob. */
function slider(input: HTMLInputElement): string {
  const { left, top, width, height } = input.getBoundingClientRect();
  const [r, y, colour] = [8, top + height / 2, plain(getComputedStyle(input).color)];
  const paper = plain(getComputedStyle(document.documentElement).backgroundColor);
  const share = (input.valueAsNumber - Number(input.min)) / (Number(input.max) - Number(input.min));
  const x = left + r + share * (width - 2 * r);
  return (
    `<path d="M${left + r},${y}H${left + width - r}" stroke="${colour}" stroke-opacity="0.3"/>` +
    `<circle cx="${x}" cy="${y}" r="${r - 1}" fill="${paper}" stroke="${colour}" stroke-width="1.5"/>`
  );
}

/** An SVG element with its styles written into it, since no stylesheet goes with it. */
function cloned(svg: SVGSVGElement, x: number, y: number): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, i) => {
    const style = getComputedStyle(originals[i]);
    for (const name of ['class', 'style', 'aria-hidden']) element.removeAttribute(name);
    const isText = element.localName === 'text' || element.localName === 'tspan';
    for (const [property, usual] of Object.entries(LOOK)) {
      const value = style.getPropertyValue(property);
      element.removeAttribute(property);
      if (value !== usual)
        element.setAttribute(property, property === 'fill' || property === 'stroke' ? plain(value) : value);
    }
    for (const property of isText ? [...TYPE, 'text-anchor'] : [])
      element.setAttribute(property, style.getPropertyValue(property));
  });
  copy.setAttribute('x', `${x}`);
  copy.setAttribute('y', `${y}`);
  copy.setAttribute('overflow', 'visible');
  return new XMLSerializer().serializeToString(copy);
}

function written({ text, x, y, style }: Omit<Line, 'box'>, faces: Set<string>): string {
  face(style, faces);
  const look = TYPE.map((name) => `${name}="${escaped(style.getPropertyValue(name))}"`).join(' ');
  return `<text x="${x}" y="${y}" fill="${plain(style.color)}" ${look}>${escaped(text)}</text>`;
}

function face(style: CSSStyleDeclaration, faces: Set<string>): void {
  faces.add(`${style.fontStyle} ${style.fontFamily.split(',')[0].replace(/["']/g, '').trim()}`);
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

const known = new Map<string, string>();

/** A colour of CSS as "rgb()", which every reader of SVG knows; "none" stays. */
function plain(colour: string): string {
  if (colour === 'none' || colour === '') return 'none';
  const before = known.get(colour);
  if (before) return before;
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  const result = a === 255 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${(a / 255).toFixed(3)})`;
  known.set(colour, result);
  return result;
}
