/** The small network behind "any readout". */
import { describe, expect, test } from 'vitest';
import { Mlp } from '../../src/math/mlp.ts';
import { createRandom, type Random } from '../../src/math/random.ts';
import { randomVector } from './build.ts';

const H = 5;
const U = 3;

/** A network with no weight at 0. */
function network(random: Random, inputs = H, units = U): Mlp {
  const mlp = new Mlp(inputs, units, random);
  mlp.weights = mlp.weights.map(() => 0.7 * random.normal());
  return mlp;
}

/** y = w₂·tanh(W₁x + b₁) + b₂, written out. */
function output(w: Float64Array, x: readonly number[], at: number): number {
  let y = w[U * H + 2 * U];
  for (let u = 0; u < U; u++) {
    let sum = w[U * H + u];
    for (let j = 0; j < H; j++) sum += w[u * H + j] * x[at + j];
    y += w[U * H + U + u] * Math.tanh(sum);
  }
  return y;
}

describe('forward', () => {
  test('equals the formula', () => {
    const random = createRandom(1);
    const mlp = network(random);
    const x = randomVector(random, 4 * H);
    for (let row = 0; row < 4; row++)
      expect(mlp.forward(x, row * H)).toBeCloseTo(output(mlp.weights, x, row * H), 12);
  });

  test('an untrained network says 0', () => {
    const mlp = new Mlp(H, U, createRandom(2));
    expect(mlp.forward(randomVector(createRandom(3), H), 0)).toBe(0);
    expect(mlp.weights.length).toBe(U * H + 2 * U + 1);
  });
});

test('the gradient agrees with central differences', () => {
  const random = createRandom(4);
  const mlp = network(random);
  const [x, y] = [randomVector(random, 6 * H), randomVector(random, 6)];
  const rows = [4, 0, 3]; // some rows only, out of order
  const loss = (w: Float64Array) =>
    rows.reduce((sum, r) => sum + (output(w, x, r * H) - y[r]) ** 2, 0) / rows.length;
  // Adam's first update is rate·g/(|g| + ε): it tells the sign of g; with ε's scale of rates it tells no more.
  // Two updates from the same gradient but for one weight would not either, so the moments are read instead.
  const start = mlp.weights.slice();
  const gradient = start.map((_, i) => {
    const h = 1e-5;
    const [up, down] = [start.slice(), start.slice()];
    up[i] += h;
    down[i] -= h;
    return (loss(up) - loss(down)) / (2 * h);
  });
  // After two updates at rates of 0 and r the second step is known from both gradients, which are equal.
  mlp.update(x, y, rows, 0, 0);
  expect(mlp.weights).toEqual(start);
  mlp.update(x, y, rows, 1e-3, 0);
  mlp.weights.forEach((w, i) => expect((start[i] - w) / 1e-3).toBeCloseTo(Math.sign(gradient[i]), 4));

  // The size: a batch with another gradient in between weighs the two by Adam's known averages.
  const other = network(createRandom(4));
  const others = [1, 2, 5];
  const lossOthers = (w: Float64Array) =>
    others.reduce((sum, r) => sum + (output(w, x, r * H) - y[r]) ** 2, 0) / others.length;
  const second = start.map((_, i) => {
    const h = 1e-5;
    const [up, down] = [start.slice(), start.slice()];
    up[i] += h;
    down[i] -= h;
    return (lossOthers(up) - lossOthers(down)) / (2 * h);
  });
  other.update(x, y, rows, 0, 0);
  other.update(x, y, others, 1e-3, 0);
  other.weights.forEach((w, i) => {
    const m = (0.9 * 0.1 * gradient[i] + 0.1 * second[i]) / (1 - 0.9 ** 2);
    const v = (0.999 * 0.001 * gradient[i] ** 2 + 0.001 * second[i] ** 2) / (1 - 0.999 ** 2);
    expect((start[i] - w) / 1e-3).toBeCloseTo(m / (Math.sqrt(v) + 1e-8), 4);
  });
});

test('weight decay shrinks weights apart from the gradient', () => {
  const mlp = network(createRandom(5));
  const start = mlp.weights.slice();
  const x = randomVector(createRandom(6), H);
  mlp.update(x, [mlp.forward(x, 0)], [0], 0.1, 0.5); // no error, so no gradient
  mlp.weights.forEach((w, i) => expect(w).toBeCloseTo(start[i] * (1 - 0.1 * 0.5), 12));
});

test('it learns what no line can: |x| and a product', () => {
  const random = createRandom(7);
  const n = 600;
  const x = randomVector(random, n * 2);
  const targets = {
    absolute: Array.from({ length: n }, (_, i) => Math.abs(x[2 * i])),
    product: Array.from({ length: n }, (_, i) => x[2 * i] * x[2 * i + 1]),
  };
  for (const y of Object.values(targets)) {
    const mlp = new Mlp(2, 16, random.fork('weights'));
    const train = Array.from({ length: 500 }, (_, i) => i);
    for (let epoch = 0; epoch < 150; epoch++) {
      const order = random.fork(epoch).shuffle(train);
      for (let from = 0; from < order.length; from += 25)
        mlp.update(x, y, order.slice(from, from + 25), 5e-3, 0);
    }
    const test = y.slice(500);
    const mean = test.reduce((a, b) => a + b, 0) / test.length;
    const total = test.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const left = test.reduce((sum, v, i) => sum + (v - mlp.forward(x, 2 * (500 + i))) ** 2, 0);
    expect(1 - left / total).toBeGreaterThan(0.85); // R², held out
  }
});

test('the same stream trains the same network', () => {
  const make = () => {
    const mlp = new Mlp(H, U, createRandom(8));
    const x = randomVector(createRandom(9), 4 * H);
    for (let i = 0; i < 5; i++) mlp.update(x, [1, 2, 3, 4], [0, 1, 2, 3], 1e-2, 1e-2);
    return mlp.weights;
  };
  expect(make()).toEqual(make());
});
