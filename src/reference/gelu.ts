import type { Numbers, Readable } from './numbers.ts';

const SCALE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** GPT-2's "gelu_new": y = ½x(1 + tanh u), u = √(2/π)(x + 0.044715x³). */
export function gelu(x: Readable): Numbers {
  return Float64Array.from(x, (v) => 0.5 * v * (1 + Math.tanh(SCALE * (v + CUBIC * v ** 3))));
}

/** dy/dx = ½(1 + tanh u) + ½x(1 − tanh² u)u′, u′ = √(2/π)(1 + 3 · 0.044715x²). */
export function geluBackward(x: Readable, dy: Readable): Numbers {
  return Float64Array.from(x, (v, i) => {
    const tanh = Math.tanh(SCALE * (v + CUBIC * v ** 3));
    const slope = SCALE * (1 + 3 * CUBIC * v ** 2);
    return dy[i] * (0.5 * (1 + tanh) + 0.5 * v * (1 - tanh ** 2) * slope);
  });
}
