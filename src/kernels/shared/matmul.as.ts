// Products of matrices in row order. A panel is eight columns of a matrix, row after row, filled up with zeros.
import { Vector } from './vector.as';

/** Floats that the panels of a [K, M] matrix take, with the bias that follows them. */
export function panelFloats(K: i32, M: i32): i32 {
  return (K + 1) * ((M + 7) & ~7);
}

/** Packs W [K, M] and the bias [M] (or zeros, where it is 0) into panels. */
export function packPanels(w: usize, bias: usize, K: i32, M: i32, panels: usize): void {
  const stride = (<usize>M) << 2;
  let to = panels;
  for (let j = 0; j < M; j += 8) {
    let from = w + ((<usize>j) << 2);
    const n = min(8, M - j);
    for (let k = 0; k < K; k++) {
      if (n == 8) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else Vector.copyPadded(from, to, n, 8);
      from += stride;
      to += 32;
    }
  }
  packBias(bias, M, to);
}

/** Packs the transpose of W [M, K] into panels, with a bias of zeros. */
export function packTransposed(w: usize, K: i32, M: i32, panels: usize): void {
  const stride = (<usize>K) << 2;
  let to = panels;
  for (let j = 0; j < M; j += 8) {
    const n = min(8, M - j);
    if (n < 8) memory.fill(to, 0, (<usize>K) << 5);
    for (let c = 0; c < n; c++) {
      const row = w + <usize>(j + c) * stride;
      const column = to + ((<usize>c) << 2);
      for (let k = 0; k < K; k++) store<f32>(column + ((<usize>k) << 5), load<f32>(row + ((<usize>k) << 2)));
    }
    to += (<usize>K) << 5;
  }
  packBias(0, M, to);
}

function packBias(bias: usize, M: i32, to: usize): void {
  const padded = (M + 7) & ~7;
  if (bias != 0) Vector.copyPadded(bias, to, M, padded);
  else memory.fill(to, 0, (<usize>padded) << 2);
}

/**
 * C [N, M] = A [N, K] × panels + bias. Four rows by eight columns at a time is what eight accumulators hold; a chunk of
 * A's rows stays in the first-level cache while the panels pass by.
 */
export function multiply(a: usize, panels: usize, N: i32, K: i32, M: i32, c: usize): void {
  const chunk = max(4, (4096 / K) & ~3);
  const aStride = (<usize>K) << 2;
  const cStride = (<usize>M) << 2;
  const bias = panels + ((<usize>K * <usize>((M + 7) & ~7)) << 2);
  for (let start = 0; start < N; start += chunk) {
    const end = min(N, start + chunk);
    for (let j = 0; j < M; j += 8) {
      const panel = panels + ((<usize>j * <usize>K) << 2);
      const biasAt = bias + ((<usize>j) << 2);
      for (let i = start; i < end; i += 4) {
        const rows = end - i;
        let a0 = a + <usize>i * aStride;
        // Rows beyond the last repeat it: computed, not written.
        let a1 = rows > 1 ? a0 + aStride : a0;
        let a2 = rows > 2 ? a1 + aStride : a1;
        let a3 = rows > 3 ? a2 + aStride : a2;
        let x0 = v128.load(biasAt),
          y0 = v128.load(biasAt, 16);
        let x1 = x0,
          y1 = y0,
          x2 = x0,
          y2 = y0,
          x3 = x0,
          y3 = y0;
        let b = panel;
        const stop = a0 + aStride;
        while (a0 < stop) {
          const b0 = v128.load(b),
            b1 = v128.load(b, 16);
          let s = v128.load_splat<f32>(a0);
          x0 = f32x4.add(x0, f32x4.mul(s, b0));
          y0 = f32x4.add(y0, f32x4.mul(s, b1));
          s = v128.load_splat<f32>(a1);
          x1 = f32x4.add(x1, f32x4.mul(s, b0));
          y1 = f32x4.add(y1, f32x4.mul(s, b1));
          s = v128.load_splat<f32>(a2);
          x2 = f32x4.add(x2, f32x4.mul(s, b0));
          y2 = f32x4.add(y2, f32x4.mul(s, b1));
          s = v128.load_splat<f32>(a3);
          x3 = f32x4.add(x3, f32x4.mul(s, b0));
          y3 = f32x4.add(y3, f32x4.mul(s, b1));
          a0 += 4;
          a1 += 4;
          a2 += 4;
          a3 += 4;
          b += 32;
        }
        const n = M - j;
        const at = c + <usize>i * cStride + ((<usize>j) << 2);
        Vector.storeEight(at, x0, y0, n);
        if (rows > 1) Vector.storeEight(at + cStride, x1, y1, n);
        if (rows > 2) Vector.storeEight(at + 2 * cStride, x2, y2, n);
        if (rows > 3) Vector.storeEight(at + 3 * cStride, x3, y3, n);
      }
    }
  }
}

/** Rows of X and Y that one call of `addTransposed` takes: their packed copies stay in the second-level cache. */
export const CHUNK: i32 = 128;

/** Floats of the accumulator of `addTransposed`: tiles of four by eight. */
export function tileFloats(I: i32, O: i32): i32 {
  return ((I + 3) & ~3) * ((O + 7) & ~7);
}

/** Floats of the packed copies in `addTransposed`. */
export function chunkFloats(I: i32, O: i32): i32 {
  return CHUNK * (((I + 3) & ~3) + ((O + 7) & ~7));
}

/**
 * tiles += Xᵀ Y and, where sums is not 0, sums [O filled up to eights] += column sums of Y, for at most CHUNK rows.
 * @param packed room for `chunkFloats`
 */
export function addTransposed(
  x: usize,
  y: usize,
  rows: i32,
  I: i32,
  O: i32,
  tiles: usize,
  sums: usize,
  packed: usize,
): void {
  const xPanels = packed;
  const yPanels = packed + ((<usize>CHUNK * <usize>((I + 3) & ~3)) << 2);
  packRows4(x, rows, I, xPanels);
  packRows8(y, rows, O, yPanels, sums);
  let tile = tiles;
  for (let o = 0; o < O; o += 8) {
    const yPanel = yPanels + ((<usize>o * <usize>rows) << 2);
    const stop = yPanel + ((<usize>rows) << 5);
    let a = xPanels;
    for (let i = 0; i < I; i += 4) {
      let x0 = v128.load(tile),
        y0 = v128.load(tile, 16);
      let x1 = v128.load(tile, 32),
        y1 = v128.load(tile, 48);
      let x2 = v128.load(tile, 64),
        y2 = v128.load(tile, 80);
      let x3 = v128.load(tile, 96),
        y3 = v128.load(tile, 112);
      let b = yPanel;
      while (b < stop) {
        const b0 = v128.load(b),
          b1 = v128.load(b, 16);
        let s = v128.load_splat<f32>(a);
        x0 = f32x4.add(x0, f32x4.mul(s, b0));
        y0 = f32x4.add(y0, f32x4.mul(s, b1));
        s = v128.load_splat<f32>(a, 4);
        x1 = f32x4.add(x1, f32x4.mul(s, b0));
        y1 = f32x4.add(y1, f32x4.mul(s, b1));
        s = v128.load_splat<f32>(a, 8);
        x2 = f32x4.add(x2, f32x4.mul(s, b0));
        y2 = f32x4.add(y2, f32x4.mul(s, b1));
        s = v128.load_splat<f32>(a, 12);
        x3 = f32x4.add(x3, f32x4.mul(s, b0));
        y3 = f32x4.add(y3, f32x4.mul(s, b1));
        a += 16;
        b += 32;
      }
      v128.store(tile, x0);
      v128.store(tile, y0, 16);
      v128.store(tile, x1, 32);
      v128.store(tile, y1, 48);
      v128.store(tile, x2, 64);
      v128.store(tile, y2, 80);
      v128.store(tile, x3, 96);
      v128.store(tile, y3, 112);
      tile += 128;
    }
  }
}

/** Writes the accumulator of `addTransposed` out as a matrix [I, O]. */
export function unpackTiles(tiles: usize, I: i32, O: i32, out: usize): void {
  const stride = (<usize>O) << 2;
  let tile = tiles;
  for (let o = 0; o < O; o += 8) {
    for (let i = 0; i < I; i += 4) {
      const rows = min(4, I - i);
      let at = out + <usize>i * stride + ((<usize>o) << 2);
      for (let r = 0; r < rows; r++) {
        Vector.storeEight(
          at,
          v128.load(tile + ((<usize>r) << 5)),
          v128.load(tile + ((<usize>r) << 5), 16),
          O - o,
        );
        at += stride;
      }
      tile += 128;
    }
  }
}

function packRows4(x: usize, rows: i32, I: i32, to: usize): void {
  const stride = (<usize>I) << 2;
  for (let i = 0; i < I; i += 4) {
    const n = I - i;
    let from = x + ((<usize>i) << 2);
    for (let r = 0; r < rows; r++) {
      v128.store(to, n >= 4 ? v128.load(from) : Vector.loadSome(from, n, 0));
      from += stride;
      to += 16;
    }
  }
}

function packRows8(y: usize, rows: i32, O: i32, to: usize, sums: usize): void {
  const stride = (<usize>O) << 2;
  for (let o = 0; o < O; o += 8) {
    const n = O - o;
    let from = y + ((<usize>o) << 2);
    let x0 = f32x4.splat(0),
      x1 = f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      const v0 = n >= 4 ? v128.load(from) : Vector.loadSome(from, n, 0);
      const v1 = n >= 8 ? v128.load(from, 16) : Vector.loadSome(from + 16, n - 4, 0);
      x0 = f32x4.add(x0, v0);
      x1 = f32x4.add(x1, v1);
      v128.store(to, v0);
      v128.store(to, v1, 16);
      from += stride;
      to += 32;
    }
    if (sums != 0) {
      const at = sums + ((<usize>o) << 2);
      v128.store(at, f32x4.add(v128.load(at), x0));
      v128.store(at, f32x4.add(v128.load(at, 16), x1), 16);
    }
  }
}
