import { ln, Vector } from './vector.as';

/** Largest of n floats. */
export function largest(x: usize, n: i32): f32 {
  const whole = n & ~3;
  let top = f32x4.splat(-Infinity);
  for (let i = 0; i < whole; i += 4) top = f32x4.pmax(top, v128.load(x + ((<usize>i) << 2)));
  return Vector.largest(f32x4.max(top, Vector.loadSome(x + ((<usize>whole) << 2), n - whole, -Infinity)));
}

/** log Σ exp(x) of n floats. */
export function logSumExp(x: usize, n: i32): f32 {
  const top = largest(x, n);
  const t = f32x4.splat(top);
  const whole = n & ~3;
  let total = f32x4.splat(0);
  for (let i = 0; i < whole; i += 4)
    total = f32x4.add(total, Vector.exp(f32x4.sub(v128.load(x + ((<usize>i) << 2)), t)));
  const tail = Vector.loadSome(x + ((<usize>whole) << 2), n - whole, -Infinity);
  total = f32x4.add(total, Vector.exp(f32x4.sub(tail, t)));
  return top + <f32>ln(<f64>Vector.sum(total));
}

/** out = factor·exp(x − shift) for n floats. */
export function scaledExp(x: usize, n: i32, shift: f32, factor: f32, out: usize): void {
  const s = f32x4.splat(shift);
  const f = f32x4.splat(factor);
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(out + at, f32x4.mul(Vector.exp(f32x4.sub(v128.load(x + at), s)), f));
  }
  const at = (<usize>whole) << 2;
  const tail = Vector.loadSome(x + at, n - whole, -Infinity);
  Vector.storeSome(out + at, f32x4.mul(Vector.exp(f32x4.sub(tail, s)), f), n - whole);
}
