/** A pen that writes SVG paths instead of pixels. Pure. */
import type { Pen } from '../pen.ts';

const number = (value: number) => `${Math.round(value * 100) / 100}`;

export interface SvgPen extends Pen {
  /** The paths drawn so far. */
  svg(): string;
}

/** @param plain writes a colour as every reader of SVG knows it */
export function svgPen(plain: (colour: string) => string): SvgPen {
  const paths: string[] = [];
  let path = '';
  let dash: number[] = [];

  const put = (attributes: string) => {
    if (path !== '') paths.push(`<path d="${path}" ${attributes}/>`);
  };
  const opacity = (name: string, alpha: number) => (alpha < 1 ? ` ${name}="${number(alpha)}"` : '');

  const pen: SvgPen = {
    fillStyle: '#000',
    strokeStyle: '#000',
    globalAlpha: 1,
    lineWidth: 1,
    lineCap: 'butt',
    beginPath: () => (path = ''),
    moveTo: (x, y) => (path += `M${number(x)},${number(y)}`),
    lineTo: (x, y) => (path += `L${number(x)},${number(y)}`),
    closePath: () => (path += 'Z'),
    arc(x, y, r, start, end) {
      // two halves, because an arc of SVG that ends where it starts is nothing
      const at = (angle: number) => `${number(x + r * Math.cos(angle))},${number(y + r * Math.sin(angle))}`;
      const [size, half] = [`${number(r)},${number(r)}`, (start + end) / 2];
      path += `${path === '' ? 'M' : 'L'}${at(start)}A${size} 0 0 1 ${at(half)}A${size} 0 0 1 ${at(end)}`;
    },
    setLineDash: (segments: Iterable<number>) => (dash = [...segments]),
    fill: () => put(`fill="${plain(pen.fillStyle as string)}"${opacity('fill-opacity', pen.globalAlpha)}`),
    stroke() {
      const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
      const cap = pen.lineCap === 'butt' ? '' : ` stroke-linecap="${pen.lineCap}"`;
      const colour = `fill="none" stroke="${plain(pen.strokeStyle as string)}"`;
      put(
        `${colour}${opacity('stroke-opacity', pen.globalAlpha)} stroke-width="${pen.lineWidth}"${cap}${dashes}`,
      );
    },
    svg: () => paths.join(''),
  };
  return pen;
}
