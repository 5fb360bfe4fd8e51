/** Counts what the page asks of the graphics device, at its own interface, on a small model of as many blocks as the shipped one. */
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend, deviceErrors, KeyValueCache, placesOf, sample } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { configOf } from '../../src/model/config.ts';
import { decodeStep } from '../../src/model/decode.ts';
import { createModel, disposeModel, initialWeights } from '../../src/model/parameters.ts';
import { logitsOf, forward } from '../../src/model/forward.ts';
import { textsOf } from '../../src/model/score.ts';
import { gradientOf } from '../../src/rlaif/crew.ts';
import { AdamW } from '../../src/train/optimizer.ts';
import { batchLoss, byParameter } from '../../src/train/pretrain.ts';
import { batchAt } from '../../src/world/batches.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';

/** One entry a dispatch or a read-back, in the order in which they were asked for. */
let asked: ('dispatch' | 'read')[] = [];

function watch(): void {
  const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...args) {
    asked.push('dispatch');
    return dispatchWorkgroups.apply(this, args);
  };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = function (...args) {
    asked.push('read');
    return mapAsync.apply(this, args);
  };
}

/** Dispatches of some work, and how many read-backs the device had to answer before the last of them. */
async function count(work: () => unknown): Promise<{ dispatches: number; readsWithin: number }> {
  asked = [];
  await work();
  const within = asked.slice(0, asked.lastIndexOf('dispatch'));
  const dispatches = asked.filter((kind) => kind === 'dispatch').length;
  return { dispatches, readsWithin: within.filter((kind) => kind === 'read').length };
}

function held() {
  const { numTensors, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & {
    numBytesAllocatedInGPU: number;
  };
  return { numTensors, numBytesAllocatedInGPU, data: tf.backend().numDataIds() };
}

export default async function counts() {
  const { name } = await chooseBackend('webgpu');
  watch();
  const before = tf.memory().numTensors;
  const config = configOf(VOCABULARY.length, 8, 3);
  const model = createModel(config, initialWeights(config, createRandom(1)));
  const optimizer = new AdamW(model);
  const batch = batchAt(1, 0, { batch: 2 });
  const spoken = [3, 5].map((n) => ({ prompt: [1, 2, 3], response: Array<number>(n).fill(7) }));

  async function update(loss: () => tf.Scalar): Promise<number> {
    const { value, grads } = tf.tidy(() => tf.variableGrads(loss, Object.values(model.parameters)));
    const updated = optimizer.update(byParameter(model, grads), 1e-3);
    const [read] = await Promise.all([value.data(), updated]);
    tf.dispose([value, grads]);
    return read[0];
  }
  const lesson = { responses: spoken, slopes: Float32Array.of(-0.05, 0.05) };
  const prefer = async () => {
    const gradients = gradientOf(model, lesson);
    await optimizer.update(gradients, 1e-3);
    tf.dispose(gradients);
  };
  const step = () => update(() => batchLoss(model, batch));

  await step(); // moves the parameters into one buffer
  await step();
  const early = held();
  const steps = [await count(step), await count(step), await count(step)];
  const late = held();
  const texts = { tokens: batch.tokens, gists: batch.gists, B: batch.B, T: batch.T };
  const pass = await count(() => tf.tidy(() => void logitsOf(model, forward(model, textsOf(texts)))));
  const caches = Array.from({ length: 3 }, () => new KeyValueCache(2, 4, 8));
  const token = (t: number) =>
    tf.tidy(() => {
      const logits = decodeStep(model, caches, tf.tensor1d([1, 2], 'int32'), placesOf([0, 1], [t, t]));
      void sample(logits, tf.tensor1d([0.2, 0.7]));
    });
  token(0);
  const tokens = await count(() => token(1));
  await prefer();
  const preference = await count(prefer);
  const losses = [await step(), await step(), await step()];

  for (const cache of caches) cache.dispose();
  optimizer.dispose();
  disposeModel(model);
  return {
    name,
    steps,
    pass,
    tokens,
    preference,
    early,
    late,
    losses,
    errors: [...deviceErrors()],
    leaked: tf.memory().numTensors - before,
    dataLeft: tf.backend().numDataIds(),
  };
}
