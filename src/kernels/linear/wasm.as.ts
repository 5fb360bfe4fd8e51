// N rows, I inputs, O outputs
import { CUBE, Exp, ONE, SLOPE, THREE_CUBES } from '../shared/exp.as';
import {
  addColumns,
  addTransposed,
  CHUNK,
  multiply,
  packPanels,
  packTransposed,
  panelFloats,
} from '../shared/matmul.as';
import { Vector } from '../shared/vector.as';

/** GELU four floats at a time, inlined. */
class Gelu {
  /** forward: GELU(x) = x·s, s = σ(2u) = 1 / (1 + e^(−2u)) */
  @inline static gate(x: v128): v128 {
    const minus = f32x4.mul(x, f32x4.add(f32x4.mul(f32x4.mul(x, x), CUBE), SLOPE)); // −2u
    return f32x4.div(ONE, f32x4.add(ONE, Exp.of(minus)));
  }

  /** GELU′(x) = s + x·s(1 − s)·2u′ = s + (y s − y)·(−2u′), y = x s */
  @inline static slope(x: v128, s: v128, y: v128): v128 {
    const minus = f32x4.add(f32x4.mul(f32x4.mul(x, x), THREE_CUBES), SLOPE); // −2u′
    return f32x4.add(s, f32x4.mul(f32x4.sub(f32x4.mul(y, s), y), minus));
  }
}

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

function applyGelu(y: usize, n: i32, slope: usize): void {
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    const x = v128.load(y + at);
    const s = Gelu.gate(x);
    const xs = f32x4.mul(x, s);
    v128.store(y + at, xs);
    if (slope != 0) v128.store(slope + at, Gelu.slope(x, s, xs));
  }
  const rest = n - whole;
  if (rest > 0) {
    const at = (<usize>whole) << 2;
    const x = Vector.loadSome(y + at, rest, 0);
    const s = Gelu.gate(x);
    const xs = f32x4.mul(x, s);
    Vector.storeSome(y + at, xs, rest);
    if (slope != 0) Vector.storeSome(slope + at, Gelu.slope(x, s, xs), rest);
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

function product(a: usize, b: usize, n: i32, out: usize): void {
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(out + at, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  }
  for (let i = whole; i < n; i++) {
    const at = (<usize>i) << 2;
    store<f32>(out + at, load<f32>(a + at) * load<f32>(b + at));
  }
}
