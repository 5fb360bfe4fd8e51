import { CUBE, Exp, ONE, SLOPE, THREE_CUBES } from './exp.as';
import { Vector } from './vector.as';

/** GELU four floats at a time, inlined. */
class Gelu {
  /** forward: GELU(x) = x·s, s = σ(2u) = 1 / (1 + e^(−2u)) */
  @inline static gate(x: v128): v128 {
    const minus = f32x4.mul(x, Vector.madd(f32x4.mul(x, x), CUBE, SLOPE)); // −2u
    return f32x4.div(ONE, f32x4.add(ONE, Exp.of(minus)));
  }

  /** GELU′(x) = s + x·s(1 − s)·2u′ = s + (y s − y)·(−2u′), y = x s */
  @inline static slope(x: v128, s: v128, y: v128): v128 {
    const minus = Vector.madd(f32x4.mul(x, x), THREE_CUBES, SLOPE); // −2u′
    return Vector.madd(f32x4.sub(f32x4.mul(y, s), y), minus, s);
  }
}

/** y ← GELU(y) of n floats, with GELU′ written to slope, unless that is 0. */
export function applyGelu(y: usize, n: i32, slope: usize): void {
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
