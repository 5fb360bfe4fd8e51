/** Four floats at a time. Static methods of a class because AssemblyScript inlines on a decorator, and those need one. */
export class Vector {
  /** a·b + c. In the relaxed build one instruction that rounds once, where the processor has it. */
  @inline static madd(a: v128, b: v128, c: v128): v128 {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
    return f32x4.add(c, f32x4.mul(a, b));
  }

  /** c − a·b, as `madd`. */
  @inline static nmadd(a: v128, b: v128, c: v128): v128 {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
    return f32x4.sub(c, f32x4.mul(a, b));
  }

  /** Sum of the four lanes. */
  @inline static sum(x: v128): f32 {
    return (
      f32x4.extract_lane(x, 0) +
      f32x4.extract_lane(x, 1) +
      (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
    );
  }

  /** Largest of the four lanes. */
  @inline static largest(x: v128): f32 {
    return max(
      max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
      max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
    );
  }

  /** The first n floats at p, n < 4; the other lanes keep the filler. */
  @inline static loadSome(p: usize, n: i32, filler: f32): v128 {
    let x = f32x4.splat(filler);
    if (n > 0) x = v128.load_lane<f32>(p, x, 0);
    if (n > 1) x = v128.load_lane<f32>(p + 4, x, 1);
    if (n > 2) x = v128.load_lane<f32>(p + 8, x, 2);
    return x;
  }

  /** The first n floats at p, four at the most; the other lanes are 0. */
  @inline static loadUpTo(p: usize, n: i32): v128 {
    return n >= 4 ? v128.load(p) : Vector.loadSome(p, n, 0);
  }

  /** Writes the first n lanes, n < 4. */
  @inline static storeSome(p: usize, x: v128, n: i32): void {
    if (n > 0) v128.store_lane<f32>(p, x, 0);
    if (n > 1) v128.store_lane<f32>(p + 4, x, 1);
    if (n > 2) v128.store_lane<f32>(p + 8, x, 2);
  }

  /** Writes the first n of eight floats; all of them where n is 8 or more. */
  @inline static storeEight(p: usize, x: v128, y: v128, n: i32): void {
    if (n >= 8) {
      v128.store(p, x);
      v128.store(p, y, 16);
    } else if (n >= 4) {
      v128.store(p, x);
      Vector.storeSome(p + 16, y, n - 4);
    } else Vector.storeSome(p, x, n);
  }

  /** Copies n floats and fills up to m with zeros. */
  @inline static copyPadded(from: usize, to: usize, n: i32, m: i32): void {
    memory.copy(to, from, (<usize>n) << 2);
    memory.fill(to + ((<usize>n) << 2), 0, (<usize>(m - n)) << 2);
  }
}

/** Natural logarithm of a positive number, to 13 digits, without the tables of the standard library. */
export function ln(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  const bits = reinterpret<i64>(x);
  let exponent = <i32>((bits >> 52) & 0x7ff) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000); // in [1, 2)
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  const z = (m - 1) / (m + 1);
  const s = z * z;
  let series: f64 = 1.0 / 17;
  for (let k = 15; k >= 1; k -= 2) series = series * s + 1.0 / <f64>k;
  return 2 * z * series + <f64>exponent * 0.6931471805599453;
}
