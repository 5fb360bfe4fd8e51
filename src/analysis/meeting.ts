import { centrePoints, leadingAxes, Matrix, orthonormalBasis, times, type Points } from '../math/linear.ts';
import type { Random } from '../math/random.ts';
import type { Numbers } from '../math/statistics.ts';
import type { GistSpace, Subspace } from '../values/directions.ts';
import { overlap } from './angles.ts';

// n responses, H numbers a gist

/**
 * How angles between patterns of gists are measured: whitened, by Σ^-½ of them, where chance is alike in all directions; or
 * as they are, where what varies much counts more. Random patterns are Σ^½z in both, "drawn whitened".
 */
export class PatternSpace {
  readonly #space: GistSpace;
  readonly #whitened: boolean;

  constructor(space: GistSpace, whitened: boolean) {
    this.#space = space;
    this.#whitened = whitened;
  }

  /** Axes of the span of some patterns, such as differences in means (H each): (H, rank). */
  axesOf(patterns: readonly Numbers[]): Matrix {
    const at = this.#whitened ? patterns.map((p) => times(this.#space.inverseRoot, p)) : patterns;
    return orthonormalBasis(at, 1e-6);
  }

  /** Axes of what a constitution sees: of the span of Σu. */
  axesOfSubspace({ basis }: Subspace): Matrix {
    if (this.#whitened || basis.columns === 0) return basis;
    return this.axesOf(this.#space.root.mmul(basis).transpose().to2DArray());
  }

  /** As many patterns as `rank`, drawn whitened. */
  random(rank: number, random: Random): Matrix {
    const draw = () => Float64Array.from({ length: this.#space.size }, () => random.normal());
    return this.axesOf(Array.from({ length: rank }, () => times(this.#space.root, draw())));
  }

  /**
   * Leading axes of the change from some gists to others of the same responses, and their share of its mean square. `within`
   * leaves out what changed for all responses to a situation alike.
   */
  changeOf(before: Points, after: Points, rank: number, within?: Numbers): { axes: Matrix; share: number } {
    const { count, size } = before;
    const difference = after.data.map((x, i) => x - before.data[i]);
    const change = within ? centrePoints({ data: difference, count, size }, within) : difference;
    const rows = Matrix.from1DArray(count, size, Array.from(change));
    const seen = this.#whitened ? rows.mmul(this.#space.inverseRoot) : rows;
    const square = seen.transpose().mmul(seen);
    const leading = leadingAxes(square, rank);
    const trace = square.trace();
    return {
      axes: new Matrix(leading.map(({ axis }) => axis)).transpose(),
      share: trace > 0 ? leading.reduce((sum, { variance }) => sum + variance, 0) / trace : 0,
    };
  }
}

/** How two subspaces meet, and how random ones do. */
export interface Meeting {
  /** Mean squared cosine of the principal angles. */
  overlap: number;
  /** That of random subspaces of the first one's rank with the second: mean, and share of them below the overlap. */
  chance: number;
  beyond: number;
}

/** The meeting of a and b beside those of what is drawn in a's place. */
export function meetingOf(a: Matrix, b: Matrix, drawn: readonly Matrix[]): Meeting {
  const found = overlap(a, b);
  const random = drawn.map((other) => overlap(other, b));
  return {
    overlap: found,
    chance: random.reduce((sum, x) => sum + x, 0) / random.length,
    beyond: random.filter((x) => x < found).length / random.length,
  };
}
