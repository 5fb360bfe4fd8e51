import type { Numbers, Readable } from './numbers.ts';

// N rows, D channels; dz is the gradient of z

/** Added to the variance, as in GPT-2. */
const EPSILON = 1e-5;

/** y = gain ∘ n + bias with n = (x − mean) / √(variance + ε), each row on its own. x (N, D), gain (D), bias (D). */
export function layerNorm(x: Readable, gain: Readable, bias: Readable): Numbers {
  const D = gain.length;
  const { normal } = normalise(x, D);
  return normal.map((n, at) => gain[at % D] * n + bias[at % D]);
}

/**
 * dbias = Σ dy, dgain = Σ dy ∘ n over rows; with dn = dy ∘ gain,
 * dx = (dn − mean(dn) − n · mean(dn ∘ n)) / √(variance + ε).
 */
export function layerNormBackward(
  x: Readable,
  gain: Readable,
  dy: Readable,
): { dx: Numbers; dgain: Numbers; dbias: Numbers } {
  const D = gain.length;
  const { normal, deviations } = normalise(x, D);
  const dx = new Float64Array(x.length);
  const dgain = new Float64Array(D);
  const dbias = new Float64Array(D);
  for (let row = 0; row < x.length / D; row++) {
    let mean = 0; // of dn
    let along = 0; // mean of dn ∘ n
    for (let i = 0; i < D; i++) {
      const at = row * D + i;
      dbias[i] += dy[at];
      dgain[i] += dy[at] * normal[at];
      mean += (dy[at] * gain[i]) / D;
      along += (dy[at] * gain[i] * normal[at]) / D;
    }
    for (let i = 0; i < D; i++) {
      const at = row * D + i;
      dx[at] = (dy[at] * gain[i] - mean - normal[at] * along) / deviations[row];
    }
  }
  return { dx, dgain, dbias };
}

/** n (N, D) and √(variance + ε) of each row (N). */
function normalise(x: Readable, D: number): { normal: Numbers; deviations: Numbers } {
  const normal = new Float64Array(x.length);
  const deviations = new Float64Array(x.length / D);
  for (let row = 0; row < deviations.length; row++) {
    let mean = 0;
    for (let i = 0; i < D; i++) mean += x[row * D + i] / D;
    let variance = 0;
    for (let i = 0; i < D; i++) variance += (x[row * D + i] - mean) ** 2 / D;
    deviations[row] = Math.sqrt(variance + EPSILON);
    for (let i = 0; i < D; i++) normal[row * D + i] = (x[row * D + i] - mean) / deviations[row];
  }
  return { normal, deviations };
}
