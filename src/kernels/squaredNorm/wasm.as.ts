/** Σ xᵢ² of n floats, summed in float64. */
export function sumOfSquares(x: usize, n: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const value = <f64>load<f32>(x + ((<usize>i) << 2));
    total += value * value;
  }
  return total;
}
