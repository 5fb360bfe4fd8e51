/** Central differences: what a gradient should be, from the function alone. */
import { createRandom } from '../../src/math/random.ts';
import type { Numbers } from '../../src/reference/index.ts';

/** Fourth order: the error falls with step⁴, so that rounding is all that is left. */
const STEP = 1e-3;

/** How f changes along a direction from x. */
export function slope(f: (x: Numbers) => number, x: Numbers, direction: Numbers): number {
  const at = (steps: number) => f(x.map((value, i) => value + steps * STEP * direction[i]));
  return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * STEP);
}

/** The gradient of f at x, coordinate by coordinate. */
export function differences(f: (x: Numbers) => number, x: Numbers): Numbers {
  return x.map((_, i) =>
    slope(
      f,
      x,
      x.map((_, j) => (i === j ? 1 : 0)),
    ),
  );
}

export function normals(seed: number | string, n: number): Numbers {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => random.normal());
}

export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
