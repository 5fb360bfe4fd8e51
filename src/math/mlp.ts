import type { Random } from './random.ts';

// n samples, H inputs, U hidden units

/** A network with one hidden layer: y = w₂·tanh(W₁x + b₁) + b₂. Inputs should be of one scale. */
export class Mlp {
  readonly inputs: number;
  readonly units: number;
  /** W₁ (U, H) row by row, b₁ (U), w₂ (U), b₂ (1), one after the other. */
  weights: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #hidden: Float64Array;
  #step = 0;

  /** Output weights start at 0, so an untrained network says 0. */
  constructor(inputs: number, units: number, random: Random) {
    this.inputs = inputs;
    this.units = units;
    this.weights = new Float64Array(units * inputs + 2 * units + 1);
    for (let i = 0; i < units * inputs; i++) this.weights[i] = random.normal() / Math.sqrt(inputs);
    this.#first = new Float64Array(this.weights.length);
    this.#second = new Float64Array(this.weights.length);
    this.#hidden = new Float64Array(units);
  }

  /** The output for the row of `x` that starts at `at`. */
  forward(x: ArrayLike<number>, at: number): number {
    const { inputs: H, units: U, weights: w } = this;
    let y = w[U * H + 2 * U];
    for (let u = 0; u < U; u++) {
      let sum = w[U * H + u];
      for (let j = 0; j < H; j++) sum += w[u * H + j] * x[at + j];
      const h = Math.tanh(sum);
      this.#hidden[u] = h;
      y += w[U * H + U + u] * h;
    }
    return y;
  }

  /** One Adam update (Kingma & Ba 2015) on the mean squared error of some rows, with weight decay. */
  update(
    x: ArrayLike<number>,
    y: ArrayLike<number>,
    rows: ArrayLike<number>,
    rate: number,
    decay: number,
  ): void {
    const { inputs: H, units: U, weights: w } = this;
    const gradient = new Float64Array(w.length);
    for (let r = 0; r < rows.length; r++) {
      const at = rows[r] * H;
      const error = (2 * (this.forward(x, at) - y[rows[r]])) / rows.length;
      gradient[U * H + 2 * U] += error;
      for (let u = 0; u < U; u++) {
        const h = this.#hidden[u];
        gradient[U * H + U + u] += error * h;
        const back = error * w[U * H + U + u] * (1 - h * h); // d tanh = 1 − tanh²
        gradient[U * H + u] += back;
        for (let j = 0; j < H; j++) gradient[u * H + j] += back * x[at + j];
      }
    }
    this.#step += 1;
    const [c1, c2] = [1 - 0.9 ** this.#step, 1 - 0.999 ** this.#step];
    for (let i = 0; i < w.length; i++) {
      const g = gradient[i];
      this.#first[i] = 0.9 * this.#first[i] + 0.1 * g;
      this.#second[i] = 0.999 * this.#second[i] + 0.001 * g * g;
      w[i] -= rate * (this.#first[i] / c1 / (Math.sqrt(this.#second[i] / c2) + 1e-8) + decay * w[i]);
    }
  }
}
