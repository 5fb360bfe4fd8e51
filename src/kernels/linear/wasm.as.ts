// N rows, I inputs, O outputs
import { product } from '../shared/elements.as';
import { applyGelu } from '../shared/gelu.as';
import {
  addColumns,
  addTransposed,
  CHUNK,
  multiply,
  packPanels,
  packTransposed,
  panelFloats,
} from '../shared/matmul.as';

/** Floats of scratch for `linearForward`. */
export function linearForwardScratch(I: i32, O: i32): i32 {
  return panelFloats(I, O);
}

/** Floats of scratch for `linearBackward`. */
export function linearBackwardScratch(I: i32, O: i32): i32 {
  return panelFloats(O, I) + CHUNK * O;
}

/** y = x W + b; then, where gelu is not 0, y = GELU(y) with GELU′ written to slope, unless that is 0. */
export function linearForward(
  x: usize,
  w: usize,
  bias: usize,
  N: i32,
  I: i32,
  O: i32,
  gelu: i32,
  y: usize,
  slope: usize,
  scratch: usize,
): void {
  packPanels(w, bias, I, O, scratch);
  if (gelu == 0) {
    multiply(x, I, scratch, N, I, O, y, O);
    return;
  }
  for (let start = 0; start < N; start += CHUNK) {
    // In chunks, so that GELU finds its input in the cache.
    const rows = min(CHUNK, N - start);
    const at = y + ((<usize>start * <usize>O) << 2);
    multiply(x + ((<usize>start * <usize>I) << 2), I, scratch, rows, I, O, at, O);
    applyGelu(at, rows * O, slope == 0 ? 0 : slope + ((<usize>start * <usize>O) << 2));
  }
}

/** dz = dy ∘ slope (dy, where slope is 0); dx = dz Wᵀ, dw = xᵀ dz, db = Σ dz over the rows. */
export function linearBackward(
  x: usize,
  w: usize,
  slope: usize,
  dy: usize,
  N: i32,
  I: i32,
  O: i32,
  dx: usize,
  dw: usize,
  db: usize,
  scratch: usize,
): void {
  const scaled = scratch + ((<usize>panelFloats(O, I)) << 2);
  packTransposed(w, O, I, scratch);
  memory.fill(dw, 0, (<usize>(I * O)) << 2);
  memory.fill(db, 0, (<usize>O) << 2);
  for (let start = 0; start < N; start += CHUNK) {
    const rows = min(CHUNK, N - start);
    const at = (<usize>start * <usize>I) << 2;
    let dz = dy + ((<usize>start * <usize>O) << 2);
    if (slope != 0) {
      product(dz, slope + ((<usize>start * <usize>O) << 2), rows * O, scaled);
      dz = scaled;
    }
    multiply(dz, O, scratch, rows, O, I, dx + at, I);
    addTransposed(x + at, I, dz, O, rows, I, O, dw);
    addColumns(dz, O, rows, O, db);
  }
}
