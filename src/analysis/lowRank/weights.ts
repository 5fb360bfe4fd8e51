import { Matrix, SingularValueDecomposition } from '../../math/linear.ts';
import type { ModelConfig } from '../../model/config.ts';
import { parameterTable, type Weights } from '../../model/parameters.ts';

/** A matrix by its singular values, the largest first: U (rows, r), s (r), V (columns, r). */
export interface Factors {
  u: Matrix;
  s: readonly number[];
  v: Matrix;
}

export function factorsOf(matrix: Matrix): Factors {
  const svd = new SingularValueDecomposition(matrix, { autoTranspose: true });
  return { u: svd.leftSingularVectors, s: svd.diagonal, v: svd.rightSingularVectors };
}

/** Σ over the kept i of sᵢuᵢvᵢᵀ. */
export function cutMatrix({ u, s, v }: Factors, keeps: (i: number) => boolean): Matrix {
  const scaled = u.clone();
  s.forEach((value, i) => scaled.mulColumn(i, keeps(i) ? value : 0));
  return scaled.mmul(v.transpose());
}

/** Weights after training less those before, matrix by matrix. */
export interface WeightChange {
  matrices: Record<string, Factors>;
  /** Biases and the gains of layer norms, which have no rank. */
  vectors: Record<string, Float32Array>;
}

export function weightChange(config: ModelConfig, before: Weights, after: Weights): WeightChange {
  const change: WeightChange = { matrices: {}, vectors: {} };
  for (const { name, shape } of parameterTable(config)) {
    const difference = after[name].map((x, i) => x - before[name][i]);
    if (shape.length === 1) change.vectors[name] = difference;
    else change.matrices[name] = factorsOf(Matrix.from1DArray(shape[0], shape[1], difference));
  }
  return change;
}

/** What of a change is made: directions of every matrix by their place, and whether vectors change too. */
export interface Cut {
  keeps(i: number): boolean;
  vectors: boolean;
}

/** The k strongest directions of every matrix, with all vectors; k = 0: the vectors alone. */
export const strongest = (k: number): Cut => ({ keeps: (i) => i < k, vectors: true });
/** What `strongest(k)` leaves out. */
export const allBut = (k: number): Cut => ({ keeps: (i) => i >= k, vectors: false });

/** The weights before with a part of the change. */
export const cutWeights = (before: Weights, { matrices, vectors }: WeightChange, cut: Cut): Weights =>
  changed(before, (name) =>
    name in matrices
      ? cutMatrix(matrices[name], (i) => cut.keeps(i)).to1DArray()
      : cut.vectors
        ? vectors[name]
        : undefined,
  );

/**
 * The weights before with what of the change lies in another change's k strongest directions, UUᵀΔVVᵀ matrix by matrix;
 * vectors stay as they were.
 */
export const changeWithin = (before: Weights, change: WeightChange, other: MatrixAxes): Weights =>
  changed(before, (name) => {
    if (!(name in change.matrices)) return undefined;
    const [u, v] = other(name);
    const whole = cutMatrix(change.matrices[name], () => true);
    const within = u.mmul(u.transpose().mmul(whole).mmul(v)).mmul(v.transpose());
    return within.to1DArray();
  });

/** Orthonormal axes of a matrix's rows and columns: (rows, k) and (columns, k). */
export type MatrixAxes = (name: string) => readonly [u: Matrix, v: Matrix];

/** The k strongest directions of a change. */
export const axesOfChange =
  ({ matrices }: WeightChange, k: number): MatrixAxes =>
  (name) => {
    const { u, s, v } = matrices[name];
    const last = Math.min(k, s.length) - 1;
    return [u.subMatrix(0, u.rows - 1, 0, last), v.subMatrix(0, v.rows - 1, 0, last)];
  };

/** Share of the squared size of all matrices' change that lies in the k strongest directions of each. */
export function energyWithin({ matrices }: WeightChange, k: number): number {
  let [within, all] = [0, 0];
  for (const { s } of Object.values(matrices))
    s.forEach((value, i) => {
      all += value ** 2;
      if (i < k) within += value ** 2;
    });
  return all > 0 ? within / all : 0;
}

function changed(before: Weights, by: (name: string) => ArrayLike<number> | undefined): Weights {
  return Object.fromEntries(
    Object.entries(before).map(([name, values]) => {
      const change = by(name);
      return [name, change ? values.map((x, i) => x + change[i]) : values];
    }),
  );
}
