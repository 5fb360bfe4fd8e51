import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import { numericGradients, type Numbers } from './oracle.ts';

/** Numbers that float32 holds exactly, so that oracle and kernel start from the same. */
export function randomNumbers(seed: number, n: number, scale = 1): Numbers {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => Math.fround(scale * random.normal()));
}

export function randomIntegers(seed: number, n: number, below: number): Int32Array {
  const random = createRandom(seed);
  return Int32Array.from({ length: n }, () => random.integer(below));
}

/** Asserts that all elements agree, relative to the largest expected one. */
export function expectClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 2e-6,
) {
  expect(actual.length, what).toBe(expected.length);
  let size = 1e-30;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    size = Math.max(size, Math.abs(expected[i]));
    const difference = Math.abs(actual[i] - expected[i]);
    error = Math.max(error, Number.isNaN(difference) ? Infinity : difference);
  }
  expect(error / size, `${what}: error relative to ${size}`).toBeLessThan(tolerance);
}

interface Case {
  /** float inputs: shape and values */
  inputs: { shape: number[]; values: Numbers }[];
  operation: (...inputs: tf.Tensor[]) => tf.Tensor;
  oracle: (...inputs: Numbers[]) => Numbers;
  tolerance?: number;
}

/**
 * Compares an operation on the active backend with its oracle: value, value without a gradient's tape, gradients for a
 * random output gradient; and asserts that no tensor is left behind.
 */
export function expectLikeOracle({ inputs, operation, oracle, tolerance }: Case): void {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const tensors = inputs.map(({ shape, values }) => tf.tensor(Float32Array.from(values), shape));
    const values = inputs.map((input) => input.values);
    const expected = oracle(...values);
    expectClose('value', operation(...tensors).dataSync(), expected, tolerance);

    const dy = randomNumbers(99, expected.length);
    const shape = operation(...tensors).shape;
    const dyTensor = tf.tensor(Float32Array.from(dy), shape);
    let recorded: tf.Tensor | undefined;
    const grads = tf.grads((...xs: tf.Tensor[]) => (recorded = tf.keep(operation(...xs))))(tensors, dyTensor);
    expectClose('recorded value', (recorded as tf.Tensor).dataSync(), expected, tolerance);
    recorded?.dispose();
    const numeric = numericGradients(oracle, values, dy);
    grads.forEach((grad, i) => {
      expect(grad.shape).toEqual(tensors[i].shape);
      expectClose(`gradient ${i}`, grad.dataSync(), numeric[i], tolerance ?? 5e-6);
    });
  });
  expect(tf.memory().numTensors).toBe(before);
}
