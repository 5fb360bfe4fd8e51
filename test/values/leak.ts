import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Runs and expects no tensor left behind. */
export async function withoutLeak<T>(run: () => Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await run();
  expect(tf.memory().numTensors).toBe(before);
  return result;
}
