import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { attention, chooseBackend, crossEntropy, deviceErrors, linear } from '../../src/kernels/index.ts';

test('without a wish Node gets WASM, and the reason is a sentence', async () => {
  const { name, reason } = await chooseBackend();
  expect(name).toBe('wasm');
  expect(tf.getBackend()).toBe('wasm');
  expect(reason).toMatch(/^[A-Z].*\.$/);
});

test('a wish that cannot be met is explained', async () => {
  const { name, reason } = await chooseBackend('webgpu');
  expect(name).toBe('wasm');
  expect(reason).toMatch(/^webgpu was asked for, but there is no adapter\. .*\.$/);
});

test('a wish that can be met is met, and switching back and forth keeps the kernels linked', async () => {
  expect((await chooseBackend('cpu')).name).toBe('cpu');
  const x = tf.tensor2d([[1, 2]]);
  const w = tf.tensor2d([[3], [5]]);
  const b = tf.tensor1d([7]);
  expect(linear(x, w, b).dataSync()[0]).toBe(20);
  expect((await chooseBackend('wasm')).name).toBe('wasm');
  expect(linear(x, w, b).dataSync()[0]).toBe(20); // the tensors move over by themselves
  tf.dispose([x, w, b]);
  expect(deviceErrors()).toEqual([]);
});

test('a kernel refuses what it would read beyond or misread', async () => {
  await chooseBackend('wasm');
  tf.tidy(() => {
    expect(() => linear(tf.zeros<tf.Rank.R2>([2, 3]), tf.zeros([4, 5]), tf.zeros([5]))).toThrow(RangeError);
    expect(() => linear(tf.zeros<tf.Rank.R2>([2, 4]), tf.zeros([4, 5]), tf.zeros([4]))).toThrow(RangeError);
    expect(() => attention(tf.zeros([1, 2, 12]), tf.zeros([1]), 2)).toThrow(TypeError);
    expect(() => attention(tf.zeros([1, 2, 12]), tf.zeros([1], 'int32'), 3)).toThrow(RangeError);
    expect(() => crossEntropy(tf.zeros([2, 3]), tf.zeros([1], 'int32'), tf.ones([2]))).toThrow(RangeError);
  });
});
