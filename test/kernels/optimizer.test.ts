import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { adamw, chooseBackend, composedLinear, linear, squaredNorm } from '../../src/kernels/index.ts';
import { expectClose, randomNumbers } from './compare.ts';
import { guardAllocations } from './guards.ts';

describe.each(['wasm', 'cpu'] as const)('optimizer on %s', (backend) => {
  let checkGuards = () => {};
  beforeAll(async () => {
    await chooseBackend(backend);
    if (backend === 'wasm') checkGuards = guardAllocations();
  });
  afterEach(() => checkGuards());

  test.each([[[7, 3]], [[1]], [[8]], [[2, 3, 5]]])('AdamW on a parameter of shape %j', (shape) => {
    const before = tf.memory().numTensors;
    const n = shape.reduce((a, b) => a * b, 1);
    const p = randomNumbers(1, n);
    const m = new Float64Array(n);
    const v = new Float64Array(n);
    const initial = tf.tensor(Float32Array.from(p), shape);
    const parameter = tf.variable(initial);
    const moments = tf.tidy(() => [tf.variable(tf.zeros(shape)), tf.variable(tf.zeros(shape))] as const);
    const options = { lr: 0.1, beta1: 0.8, beta2: 0.95, eps: 1e-6, decay: 0.3, scale: 0.5 };
    for (let step = 1; step <= 5; step++) {
      const gradient = randomNumbers(step, n, 2);
      tf.tidy(() =>
        adamw(parameter, tf.tensor(Float32Array.from(gradient), shape), ...moments, { ...options, step }),
      );
      for (let i = 0; i < n; i++) {
        const g = options.scale * gradient[i];
        m[i] = 0.8 * m[i] + 0.2 * g;
        v[i] = 0.95 * v[i] + 0.05 * g * g;
        const move = m[i] / (1 - 0.8 ** step) / (Math.sqrt(v[i] / (1 - 0.95 ** step)) + 1e-6);
        p[i] -= 0.1 * (move + 0.3 * p[i]);
      }
    }
    expectClose('parameter', parameter.dataSync(), p, 5e-6);
    expectClose('m', moments[0].dataSync(), m, 5e-6);
    expectClose('v', moments[1].dataSync(), v, 5e-6);
    expectClose('the tensor it began as', initial.dataSync(), randomNumbers(1, n));
    tf.dispose([initial, parameter, ...moments]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('an update reaches products with the parameter, and no clone of it', () => {
    const parameter = tf.variable(tf.ones<tf.Rank.R2>([3, 5]));
    const moments = [tf.variable(tf.zeros([3, 5])), tf.variable(tf.zeros([3, 5]))] as const;
    const x = tf.ones<tf.Rank.R2>([2, 3]);
    const bias = tf.zeros<tf.Rank.R1>([5]);
    const products = () =>
      [linear(x, parameter, bias), composedLinear(x, parameter, bias)].map((y) => y.dataSync()[0]);
    const clone = tf.clone(parameter);
    tf.tidy(() => {
      expect(products()).toEqual([3, 3]);
      for (let step = 1; step <= 2; step++) {
        // Without memory of earlier steps the first moment is all there is: a move of lr.
        const options = { lr: 0.25, beta1: 0, beta2: 0, eps: 0, decay: 0, scale: 1, step };
        adamw(parameter, tf.ones([3, 5]), ...moments, options);
        expect(products()).toEqual([3 - 0.75 * step, 3 - 0.75 * step]);
      }
      expect([...clone.dataSync()]).toEqual(Array(15).fill(1));
    });
    tf.dispose([parameter, ...moments, x, bias, clone]);
  });

  test('a parameter of its own stays where it is on WASM', () => {
    const parameter = tf.tidy(() => tf.variable(tf.ones([3])));
    const moments = tf.tidy(() => [tf.variable(tf.zeros([3])), tf.variable(tf.zeros([3]))] as const);
    const { dataId } = parameter;
    const options = { lr: 1, beta1: 0.9, beta2: 0.99, eps: 1e-8, decay: 0, scale: 1, step: 1 };
    tf.tidy(() => adamw(parameter, tf.ones([3]), ...moments, options));
    expect(parameter.dataId === dataId).toBe(backend === 'wasm');
    tf.dispose([parameter, ...moments]);
  });

  test('the squared norm adds up all tensors', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const values = [randomNumbers(1, 7), randomNumbers(2, 1), randomNumbers(3, 10)];
      const shapes = [[7], [], [2, 5]];
      const tensors = values.map((x, i) => tf.tensor(Float32Array.from(x), shapes[i]));
      const expected = values.flatMap((x) => [...x]).reduce((total, x) => total + x * x, 0);
      expectClose('norm', squaredNorm(tensors).dataSync(), [expected]);
      expect(squaredNorm(tensors).shape).toEqual([]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
