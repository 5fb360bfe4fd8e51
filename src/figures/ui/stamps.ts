/**
 * Small drawings that a canvas needs again and again: each is painted once, on a sheet, and copied from there,
 * which costs a third of painting its lines again.
 */
import type { Pen } from './pen.ts';

/** A square on the sheet, px of the canvas. */
export interface Cell {
  x: number;
  y: number;
  side: number;
}

/** Hands out squares of a sheet: those of one side stand in rows of their own. Pure. */
export class Rows {
  readonly #side: number;
  readonly #ends = new Map<number, { x: number; y: number }>();
  #bottom = 0;

  constructor(side: number) {
    this.#side = side;
  }

  /** A square that is free; null when there is none left. */
  take(side: number): Cell | null {
    let end = this.#ends.get(side);
    if (!end || end.x + side > this.#side) {
      if (side > this.#side || this.#bottom + side > this.#side) return null;
      this.#ends.set(side, (end = { x: 0, y: this.#bottom }));
      this.#bottom += side;
    }
    const cell = { ...end, side };
    end.x += side;
    return cell;
  }
}

/** A small drawing about the origin, how far it reaches from there, and where it is wanted, css px. */
export interface Motif {
  /** The same for all that look the same. */
  name: string;
  reach: number;
  paint: (pen: Pen) => void;
  x: number;
  y: number;
}

/** css px: side of a sheet, with room for about a thousand dots. */
const SIDE = 512;
export class Stamps {
  readonly #target: CanvasRenderingContext2D;
  /** px a css px. */
  readonly #scale: number;
  /**
   * Places in a px at which a drawing has stamps of its own, along x and along y, because copies blur between
   * px: no dot is more than a quarter of a css px beside its place.
   */
  readonly #phases: number;
  #sheet: HTMLCanvasElement | null = null;
  #rows = new Rows(0);
  readonly #cells = new Map<string, Cell>();

  constructor(target: CanvasRenderingContext2D, scale: number) {
    this.#target = target;
    this.#scale = scale;
    this.#phases = Math.max(1, Math.round(2 / scale));
  }

  /** Draws the motifs in their order, the copies of most and, where the sheet is full, the lines of some. */
  draw(motifs: readonly Motif[]): void {
    const [target, scale, origin] = [this.#target, this.#scale, this.#target.getTransform()];
    const placed = motifs.map((motif) => ({
      motif,
      x: motif.x * scale + origin.e,
      y: motif.y * scale + origin.f,
    }));
    const pen = this.#pen();
    // all before the first is copied: a sheet that is painted on after that is copied whole
    const cells = placed.map(({ motif, x, y }) => this.#cell(pen, motif, this.#phaseOf(x), this.#phaseOf(y)));
    target.resetTransform();
    placed.forEach(({ motif, x, y }, i) => {
      const cell = cells[i];
      if (cell) {
        const { side } = cell;
        const left = Math.round(x - this.#phaseOf(x)) - side / 2;
        const top = Math.round(y - this.#phaseOf(y)) - side / 2;
        target.drawImage(this.#sheet!, cell.x, cell.y, side, side, left, top, side, side);
      } else {
        target.setTransform(scale, 0, 0, scale, x, y);
        motif.paint(target);
        target.resetTransform();
      }
    });
    target.setTransform(origin);
    // full of what is needed no more: the next drawing begins another
    if (cells.filter((cell) => cell === null).length > motifs.length / 2) this.#sheet = null;
  }

  #phaseOf(at: number): number {
    return (Math.round(at * this.#phases) % this.#phases) / this.#phases;
  }

  #cell(
    pen: CanvasRenderingContext2D,
    { name, reach, paint }: Motif,
    right: number,
    down: number,
  ): Cell | null {
    const key = `${name} ${right} ${down}`;
    const known = this.#cells.get(key);
    if (known) return known;
    const cell = this.#rows.take(2 * Math.ceil(reach * this.#scale + 1));
    if (!cell) return null;
    this.#cells.set(key, cell);
    const [x, y] = [cell.x + cell.side / 2 + right, cell.y + cell.side / 2 + down];
    pen.setTransform(this.#scale, 0, 0, this.#scale, x, y);
    paint(pen);
    return cell;
  }

  #pen(): CanvasRenderingContext2D {
    if (!this.#sheet) {
      const side = Math.ceil(SIDE * this.#scale);
      this.#sheet = Object.assign(document.createElement('canvas'), { width: side, height: side });
      this.#rows = new Rows(side);
      this.#cells.clear();
    }
    return this.#sheet.getContext('2d')!;
  }
}
