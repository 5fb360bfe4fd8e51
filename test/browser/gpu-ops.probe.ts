/** Every operation of `gpu-ops.cases.ts` on WebGPU: value without a tape, value with one, gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend, deviceErrors } from '../../src/kernels/index.ts';
import { CASES, numbers } from './gpu-ops.cases.ts';

export default async function ops() {
  const { name } = await chooseBackend('webgpu');
  const before = tf.memory().numTensors;
  const results: number[][][] = [];
  for (const { inputs, operation } of CASES) {
    const apply = operation as (...inputs: tf.Tensor[]) => tf.Tensor;
    const tensors = inputs.map(({ shape, values }) => tf.tensor(Float32Array.from(values), shape));
    const plain = tf.tidy(() => apply(...tensors));
    const dy = tf.tensor(Float32Array.from(numbers(99, plain.size)), plain.shape);
    const { value, grads } = tf.valueAndGrads(apply)(tensors, dy);
    const all = [plain, value, ...grads];
    results.push(await Promise.all(all.map(async (tensor) => Array.from(await tensor.data()))));
    tf.dispose([tensors, dy, all]);
  }
  return { name, results, errors: [...deviceErrors()], leaked: tf.memory().numTensors - before };
}
