/** Σ xᵢ² of n floats, summed in float64. */
export function sumOfSquares(x: usize, n: i32): f64 {
  const whole = n & ~3;
  let low = f64x2.splat(0),
    high = f64x2.splat(0);
  for (let i = 0; i < whole; i += 4) {
    const four = v128.load(x + ((<usize>i) << 2));
    const first = f64x2.promote_low_f32x4(four);
    const last = f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(last, last));
  }
  const sums = f64x2.add(low, high);
  let total = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (let i = whole; i < n; i++) {
    const value = <f64>load<f32>(x + ((<usize>i) << 2));
    total += value * value;
  }
  return total;
}
