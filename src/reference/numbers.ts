/** What is computed: float64, flat, row by row. */
export type Numbers = Float64Array;

/** What is read: weights are float32 where they come from the model. */
export type Readable = ArrayLike<number>;

/** x + y, elementwise. */
export function plus(x: Readable, y: Readable): Numbers {
  return Float64Array.from(x, (value, i) => value + y[i]);
}
