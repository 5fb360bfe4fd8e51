import type { Numbers, Readable } from './numbers.ts';

// N rows, I inputs, O outputs; dz is the gradient of z

/** y = x W + b. x (N, I), weight (I, O) as GPT-2's Conv1D stores it, bias (O); y (N, O). */
export function linear(x: Readable, weight: Readable, bias: Readable): Numbers {
  const O = bias.length;
  const I = weight.length / O;
  const N = x.length / I;
  const y = new Float64Array(N * O);
  for (let n = 0; n < N; n++) {
    for (let o = 0; o < O; o++) {
      let sum = bias[o];
      for (let i = 0; i < I; i++) sum += x[n * I + i] * weight[i * O + o];
      y[n * O + o] = sum;
    }
  }
  return y;
}

/** dx = dy Wᵀ, dW = xᵀ dy, db = Σ dy over rows. */
export function linearBackward(
  x: Readable,
  weight: Readable,
  dy: Readable,
  O: number,
): { dx: Numbers; dweight: Numbers; dbias: Numbers } {
  const I = weight.length / O;
  const dx = new Float64Array(x.length);
  const dweight = new Float64Array(weight.length);
  const dbias = new Float64Array(O);
  for (let n = 0; n < x.length / I; n++) {
    for (let o = 0; o < O; o++) {
      dbias[o] += dy[n * O + o];
      for (let i = 0; i < I; i++) {
        dx[n * I + i] += dy[n * O + o] * weight[i * O + o];
        dweight[i * O + o] += x[n * I + i] * dy[n * O + o];
      }
    }
  }
  return { dx, dweight, dbias };
}

/** The head tied to the token embedding: y = x Eᵀ. x (N, D), wte (V, D); y (N, V). */
export function unembed(x: Readable, wte: Readable, D: number): Numbers {
  const V = wte.length / D;
  const N = x.length / D;
  const y = new Float64Array(N * V);
  for (let n = 0; n < N; n++)
    for (let v = 0; v < V; v++) for (let i = 0; i < D; i++) y[n * V + v] += x[n * D + i] * wte[v * D + i];
  return y;
}

/** dx = dy E, dE = dyᵀ x. */
export function unembedBackward(
  x: Readable,
  wte: Readable,
  dy: Readable,
  D: number,
): { dx: Numbers; dwte: Numbers } {
  const V = wte.length / D;
  const dx = new Float64Array(x.length);
  const dwte = new Float64Array(wte.length);
  for (let n = 0; n < x.length / D; n++) {
    for (let v = 0; v < V; v++) {
      for (let i = 0; i < D; i++) {
        dx[n * D + i] += dy[n * V + v] * wte[v * D + i];
        dwte[v * D + i] += dy[n * V + v] * x[n * D + i];
      }
    }
  }
  return { dx, dwte };
}
