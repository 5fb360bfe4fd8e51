/**
 * Our training step, as pretraining does it. With `--relaxed`, which wants a Node whose WebAssembly has relaxed SIMD, it
 * runs the kernels' build that fuses multiplication and addition.
 */
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from '../../../kernels/index.ts';
import { createModel, disposeModel, type Weights } from '../../../model/parameters.ts';
import { AdamW } from '../../../train/optimizer.ts';
import { batchLoss, byParameter } from '../../../train/pretrain.ts';
import { RATE, serve } from './contender.ts';
import { Products } from './products.ts';

const wanted = process.argv.includes('--relaxed');
const { relaxed } = await chooseBackend('wasm', { relaxed: wanted });
if (relaxed !== wanted) throw new Error('this Node has no relaxed SIMD');

await serve(async ({ config, batch, weights }) => {
  const texts = {
    ...batch,
    tokens: Int32Array.from(batch.tokens),
    weights: Float32Array.from(batch.weights),
    gists: Int32Array.from(batch.gists),
  };
  const start: Weights = Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [name, Float32Array.from(values)]),
  );
  const model = createModel(config, start);
  const optimizer = new AdamW(model);
  const products = new Products();
  const step = async () => {
    const { value, grads } = tf.tidy(() =>
      tf.variableGrads(() => batchLoss(model, texts), Object.values(model.parameters)),
    );
    const norm = await optimizer.update(byParameter(model, grads), RATE);
    const [loss] = await value.data();
    tf.dispose([value, grads]);
    return { loss, norm };
  };
  return {
    ...(await step()),
    about: `own kernels in TensorFlow.js ${tf.version_core}, WASM${relaxed ? ', relaxed SIMD' : ''}`,
    step: async () => void (await step()),
    productGflops: () => products.gflops(),
    tensors: () => tf.memory().numTensors,
    dispose() {
      products.dispose();
      optimizer.dispose();
      disposeModel(model);
    },
  };
});
