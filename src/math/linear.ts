import { EigenvalueDecomposition, Matrix, SingularValueDecomposition, solve } from 'ml-matrix';
import { centreWithin, mean, type Numbers } from './statistics.ts';

export { Matrix, SingularValueDecomposition };

// n samples, d dimensions

/** n points of d numbers, row by row. */
export interface Points {
  data: Float32Array;
  count: number;
  size: number;
}

/** Mean of each coordinate: (d). */
export function meanPoint({ data, count, size }: Points): Float64Array {
  const total = new Float64Array(size);
  for (let i = 0; i < count; i++) for (let j = 0; j < size; j++) total[j] += data[i * size + j];
  return total.map((x) => x / count);
}

/** Points with each coordinate centred within its group: (n, d) float64, row by row. */
export function centrePoints({ data, count, size }: Points, groups: Numbers): Float64Array {
  const centred = new Float64Array(count * size);
  const column = new Float64Array(count);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < count; i++) column[i] = data[i * size + j]!;
    const c = centreWithin(column, groups);
    for (let i = 0; i < count; i++) centred[i * size + j] = c[i]!;
  }
  return centred;
}

/** Covariance of centred rows: (d, d). */
export function covarianceOf(centred: Float64Array, size: number): Matrix {
  const count = centred.length / size;
  const c = Array.from({ length: size }, () => new Float64Array(size));
  for (let i = 0; i < count; i++) {
    const row = centred.subarray(i * size, (i + 1) * size);
    for (let a = 0; a < size; a++) {
      const x = row[a];
      const into = c[a];
      for (let b = 0; b <= a; b++) into[b] += x * row[b];
    }
  }
  const m = Matrix.zeros(size, size);
  for (let a = 0; a < size; a++)
    for (let b = 0; b <= a; b++) {
      m.set(a, b, c[a][b] / count);
      m.set(b, a, c[a][b] / count);
    }
  return m;
}

/** Covariance of every coordinate of centred rows with y: (d). */
export function covarianceWith(centred: Float64Array, size: number, y: Numbers): Float64Array {
  const c = new Float64Array(size);
  const m = mean(y);
  const count = y.length;
  for (let i = 0; i < count; i++) {
    const w = (y[i] - m) / count;
    for (let j = 0; j < size; j++) c[j] += w * centred[i * size + j];
  }
  return c;
}

/** Σ^½ and Σ^-½ of a symmetric positive definite matrix. */
export function squareRoots(symmetric: Matrix): { root: Matrix; inverseRoot: Matrix } {
  const e = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const V = e.eigenvectorMatrix;
  const scaled = (power: number) => {
    const left = V.clone();
    e.realEigenvalues.forEach((value, j) => left.mulColumn(j, Math.max(value, 0) ** power));
    return left.mmul(V.transpose());
  };
  return { root: scaled(0.5), inverseRoot: scaled(-0.5) };
}

/** Unit eigenvectors of a symmetric matrix with the largest eigenvalues, those first. */
export function leadingAxes(symmetric: Matrix, most: number): { axis: number[]; variance: number }[] {
  const e = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const axes = e.realEigenvalues.map((variance, j) => ({ axis: e.eigenvectorMatrix.getColumn(j), variance }));
  return axes.sort((a, b) => b.variance - a.variance).slice(0, most);
}

/** Singular value of unit columns under which they count as one direction: two closer than cosine 0.96. */
export const RANK_TOLERANCE = 0.2;

/**
 * Orthonormal basis of the columns' span: (d, rank). Columns are scaled to length 1 first, so that the
 * tolerance is about angles. An all-zero column adds nothing.
 */
export function orthonormalBasis(columns: readonly Numbers[], tolerance = RANK_TOLERANCE): Matrix {
  const size = columns[0]?.length ?? 0;
  const units = columns
    .map((c) => Array.from(c))
    .map((c) => ({ c, length: Math.hypot(...c) }))
    .filter(({ length }) => length > 0)
    .map(({ c, length }) => c.map((x) => x / length));
  if (units.length === 0) return Matrix.zeros(size, 0);
  const svd = new SingularValueDecomposition(new Matrix(units).transpose(), { autoTranspose: true });
  const rank = svd.diagonal.filter((s) => s > tolerance).length;
  return svd.leftSingularVectors.subMatrix(0, size - 1, 0, rank - 1);
}

/** A x: matrix (m, d) times vector (d). */
export function times(matrix: Matrix, x: Numbers): Float64Array {
  const out = new Float64Array(matrix.rows);
  for (let i = 0; i < matrix.rows; i++) {
    let total = 0;
    for (let j = 0; j < matrix.columns; j++) total += matrix.get(i, j) * x[j];
    out[i] = total;
  }
  return out;
}

/** x of the symmetric system A x = b. */
export function solveVector(matrix: Matrix, b: Numbers): Float64Array {
  return Float64Array.from(solve(matrix, Matrix.columnVector(Array.from(b))).to1DArray());
}

/** ⟨u, row⟩ of every row of points, less ⟨u, origin⟩. */
export function dotPoints({ data, count, size }: Points, u: Numbers, origin?: Numbers): Float64Array {
  let shift = 0;
  for (let j = 0; j < size; j++) shift += u[j] * (origin?.[j] ?? 0);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let total = 0;
    for (let j = 0; j < size; j++) total += u[j] * data[i * size + j];
    out[i] = total - shift;
  }
  return out;
}
