import { Exp } from './exp.as';
import { ln, Vector } from './vector.as';

/** Largest of n floats. */
export function largest(x: usize, n: i32): f32 {
  const whole = n & ~3;
  let top = f32x4.splat(-Infinity);
  for (let i = 0; i < whole; i += 4) top = f32x4.pmax(top, v128.load(x + ((<usize>i) << 2)));
  return Vector.largest(f32x4.max(top, Vector.loadSome(x + ((<usize>whole) << 2), n - whole, -Infinity)));
}

/** Σ exp(x − shift) of n floats; the single exponentials go to out, unless that is 0. */
export function sumExp(x: usize, n: i32, shift: f32, out: usize): f32 {
  const s = f32x4.splat(shift);
  const whole = n & ~3;
  let total = f32x4.splat(0);
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    const e = Exp.of(f32x4.sub(v128.load(x + at), s));
    total = f32x4.add(total, e);
    if (out != 0) v128.store(out + at, e);
  }
  const at = (<usize>whole) << 2;
  const e = Exp.of(f32x4.sub(Vector.loadSome(x + at, n - whole, -Infinity), s));
  if (out != 0) Vector.storeSome(out + at, e, n - whole);
  return Vector.sum(f32x4.add(total, e));
}

/** log Σ exp(x) of n floats. */
export function logSumExp(x: usize, n: i32): f32 {
  const top = largest(x, n);
  return top + <f32>ln(<f64>sumExp(x, n, top, 0));
}

/** x ← factor·x for n floats */
export function scale(x: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = x + ((<usize>i) << 2);
    v128.store(at, f32x4.mul(v128.load(at), f));
  }
  for (let i = whole; i < n; i++) {
    const at = x + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

/** out = factor·exp(x − shift) for n floats. */
export function scaledExp(x: usize, n: i32, shift: f32, factor: f32, out: usize): void {
  const s = f32x4.splat(shift);
  const f = f32x4.splat(factor);
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(out + at, f32x4.mul(Exp.of(f32x4.sub(v128.load(x + at), s)), f));
  }
  const at = (<usize>whole) << 2;
  const tail = Vector.loadSome(x + at, n - whole, -Infinity);
  Vector.storeSome(out + at, f32x4.mul(Exp.of(f32x4.sub(tail, s)), f), n - whole);
}
