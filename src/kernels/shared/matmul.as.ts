// Products of matrices in row order. A panel is sixteen columns of a matrix, row after row, filled up with zeros. Two rows
// by sixteen columns at a time is what eight accumulators hold: why.md says why not more.
import { Vector } from './vector.as';

/** Columns of a panel. */
const WIDE: i32 = 16;

/** Floats that the panels of a [K, M] matrix take, with the bias that follows them. */
export function panelFloats(K: i32, M: i32): i32 {
  return (K + 1) * ((M + 15) & ~15);
}

/** Packs W [K, M] and the bias [M] (or zeros, where it is 0) into panels. */
export function packPanels(w: usize, bias: usize, K: i32, M: i32, panels: usize): void {
  const stride = (<usize>M) << 2;
  let to = panels;
  for (let j = 0; j < M; j += WIDE) {
    let from = w + ((<usize>j) << 2);
    const n = min(WIDE, M - j);
    for (let k = 0; k < K; k++) {
      if (n == WIDE) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        v128.store(to, v128.load(from, 32), 32);
        v128.store(to, v128.load(from, 48), 48);
      } else Vector.copyPadded(from, to, n, WIDE);
      from += stride;
      to += 64;
    }
  }
  packBias(bias, M, to);
}

/** Packs the transpose of W [M, K] into panels, with a bias of zeros. */
export function packTransposed(w: usize, K: i32, M: i32, panels: usize): void {
  const stride = (<usize>K) << 2;
  let to = panels;
  for (let j = 0; j < M; j += WIDE) {
    const n = min(WIDE, M - j);
    if (n < WIDE) memory.fill(to, 0, (<usize>K) << 6);
    for (let c = 0; c < n; c++) {
      const row = w + <usize>(j + c) * stride;
      const column = to + ((<usize>c) << 2);
      for (let k = 0; k < K; k++) store<f32>(column + ((<usize>k) << 6), load<f32>(row + ((<usize>k) << 2)));
    }
    to += (<usize>K) << 6;
  }
  packBias(0, M, to);
}

function packBias(bias: usize, M: i32, to: usize): void {
  const padded = (M + 15) & ~15;
  if (bias != 0) Vector.copyPadded(bias, to, M, padded);
  else memory.fill(to, 0, (<usize>padded) << 2);
}

/**
 * C [N, M] = A [N, K] × panels + bias. A chunk of A's rows stays in the first-level cache while the panels pass by.
 * @param aStride, cStride floats from one row to the next
 */
export function multiply(
  a: usize,
  aStride: i32,
  panels: usize,
  N: i32,
  K: i32,
  M: i32,
  c: usize,
  cStride: i32,
): void {
  const chunk = max(2, (4096 / K) & ~1);
  const aBytes = (<usize>aStride) << 2;
  const cBytes = (<usize>cStride) << 2;
  const bias = panels + ((<usize>K * <usize>((M + 15) & ~15)) << 2);
  for (let start = 0; start < N; start += chunk) {
    const end = min(N, start + chunk);
    for (let j = 0; j < M; j += WIDE) {
      const panel = panels + ((<usize>j * <usize>K) << 2);
      const stop = panel + ((<usize>K) << 6);
      const biasAt = bias + ((<usize>j) << 2);
      for (let i = start; i < end; i += 2) {
        let a0 = a + <usize>i * aBytes;
        let a1 = i + 1 < end ? a0 + aBytes : a0; // a row beyond the last repeats it: computed, not written
        let x0 = v128.load(biasAt),
          x1 = v128.load(biasAt, 16),
          x2 = v128.load(biasAt, 32),
          x3 = v128.load(biasAt, 48);
        let y0 = x0,
          y1 = x1,
          y2 = x2,
          y3 = x3;
        let b = panel;
        do {
          const b0 = v128.load(b),
            b1 = v128.load(b, 16),
            b2 = v128.load(b, 32),
            b3 = v128.load(b, 48);
          let s = v128.load_splat<f32>(a0);
          x0 = Vector.madd(s, b0, x0);
          x1 = Vector.madd(s, b1, x1);
          x2 = Vector.madd(s, b2, x2);
          x3 = Vector.madd(s, b3, x3);
          s = v128.load_splat<f32>(a1);
          y0 = Vector.madd(s, b0, y0);
          y1 = Vector.madd(s, b1, y1);
          y2 = Vector.madd(s, b2, y2);
          y3 = Vector.madd(s, b3, y3);
          a0 += 4;
          a1 += 4;
          b += 64;
        } while (b < stop);
        const n = M - j;
        const at = c + <usize>i * cBytes + ((<usize>j) << 2);
        storeRow(at, x0, x1, x2, x3, n);
        if (i + 1 < end) storeRow(at + cBytes, y0, y1, y2, y3, n);
      }
    }
  }
}

/** Writes the first n of sixteen floats; all of them where n is 16 or more. */
function storeRow(p: usize, x0: v128, x1: v128, x2: v128, x3: v128, n: i32): void {
  if (n >= 8) {
    v128.store(p, x0);
    v128.store(p, x1, 16);
    if (n > 8) Vector.storeEight(p + 32, x2, x3, n - 8);
  } else Vector.storeEight(p, x0, x1, n);
}

/** Rows of X and Y for one call of `addTransposed`: a column of either, sixteen floats wide, stays in the first-level cache. */
export const CHUNK: i32 = 64;

/**
 * out [I, O] += Xᵀ Y
 * @param xStride, yStride floats from one row to the next; multiples of 256 would crowd a few sets of the cache
 */
export function addTransposed(
  x: usize,
  xStride: i32,
  y: usize,
  yStride: i32,
  rows: i32,
  I: i32,
  O: i32,
  out: usize,
): void {
  const xBytes = (<usize>xStride) << 2;
  const yBytes = (<usize>yStride) << 2;
  const stride = (<usize>O) << 2;
  const wholeI = I & ~1;
  const wholeO = O & ~15;
  for (let o = 0; o < wholeO; o += WIDE) {
    const column = y + ((<usize>o) << 2);
    const stop = column + <usize>rows * yBytes;
    for (let i = 0; i < wholeI; i += 2) {
      const at = out + <usize>i * stride + ((<usize>o) << 2);
      const below = at + stride;
      let x0 = v128.load(at),
        x1 = v128.load(at, 16),
        x2 = v128.load(at, 32),
        x3 = v128.load(at, 48);
      let y0 = v128.load(below),
        y1 = v128.load(below, 16),
        y2 = v128.load(below, 32),
        y3 = v128.load(below, 48);
      let a = x + ((<usize>i) << 2);
      let b = column;
      do {
        const b0 = v128.load(b),
          b1 = v128.load(b, 16),
          b2 = v128.load(b, 32),
          b3 = v128.load(b, 48);
        let s = v128.load_splat<f32>(a);
        x0 = Vector.madd(s, b0, x0);
        x1 = Vector.madd(s, b1, x1);
        x2 = Vector.madd(s, b2, x2);
        x3 = Vector.madd(s, b3, x3);
        s = v128.load_splat<f32>(a, 4);
        y0 = Vector.madd(s, b0, y0);
        y1 = Vector.madd(s, b1, y1);
        y2 = Vector.madd(s, b2, y2);
        y3 = Vector.madd(s, b3, y3);
        a += xBytes;
        b += yBytes;
      } while (b < stop);
      v128.store(at, x0);
      v128.store(at, x1, 16);
      v128.store(at, x2, 32);
      v128.store(at, x3, 48);
      v128.store(below, y0);
      v128.store(below, y1, 16);
      v128.store(below, y2, 32);
      v128.store(below, y3, 48);
    }
  }
  // What the tiles leave: the last columns of all rows, and the last row.
  for (let i = 0; i < I; i++) {
    const a = x + ((<usize>i) << 2);
    const to = out + <usize>i * stride;
    for (let o = i < wholeI ? wholeO : 0; o < O; o += 8)
      addEdge(a, xBytes, y + ((<usize>o) << 2), yBytes, rows, min(8, O - o), to + ((<usize>o) << 2));
  }
}

/** One row of the product and n of its columns, n ≤ 8. */
function addEdge(a: usize, aBytes: usize, b: usize, bBytes: usize, rows: i32, n: i32, to: usize): void {
  let x = f32x4.splat(0),
    y = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    const s = v128.load_splat<f32>(a);
    x = Vector.madd(s, Vector.loadUpTo(b, n), x);
    if (n > 4) y = Vector.madd(s, Vector.loadUpTo(b + 16, n - 4), y);
    a += aBytes;
    b += bBytes;
  }
  x = f32x4.add(x, Vector.loadUpTo(to, n));
  if (n > 4) y = f32x4.add(y, Vector.loadUpTo(to + 16, n - 4));
  Vector.storeEight(to, x, y, n);
}

/** sums [O] += Σ Y over its rows */
export function addColumns(y: usize, yStride: i32, rows: i32, O: i32, sums: usize): void {
  const bytes = (<usize>yStride) << 2;
  for (let o = 0; o < O; o += 8) {
    const n = O - o;
    const to = sums + ((<usize>o) << 2);
    let from = y + ((<usize>o) << 2);
    let x0 = Vector.loadUpTo(to, n),
      x1 = Vector.loadUpTo(to + 16, n - 4);
    for (let r = 0; r < rows; r++) {
      x0 = f32x4.add(x0, Vector.loadUpTo(from, n));
      x1 = f32x4.add(x1, Vector.loadUpTo(from + 16, n - 4));
      from += bytes;
    }
    Vector.storeEight(to, x0, x1, n);
  }
}
