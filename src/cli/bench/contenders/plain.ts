/**
 * The same training step as anyone would write it in TensorFlow.js: its operations, its gradients, its Adam (which
 * neither clips nor decays). With `--transposes` its products are given transposed copies instead of transpose flags,
 * which are slow on WASM.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { registerGradients } from '../../../kernels/gradients.ts';
import { matmul as withTransposes } from '../../../kernels/shared/matmul.ts';
import { parameterTable } from '../../../model/parameters.ts';
import { RATE, serve } from './contender.ts';
import { hiddenKeys, oneHot, targetsOf } from './inputs.ts';

// B texts, T positions, D channels, H heads, V tokens

const transposes = process.argv.includes('--transposes');
const times = transposes ? withTransposes : (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b);
/** a bᵀ over the last two axes. */
const timesTransposed = (a: tf.Tensor, b: tf.Tensor) => {
  if (!transposes) return tf.matMul(a, b, false, true);
  const axes = [...b.shape.keys()];
  return withTransposes(a, tf.transpose(b, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]));
};

registerGradients(); // TensorFlow.js's own
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
await tf.setBackend('wasm');
await serve(async ({ config, batch, weights }) => {
  const { width: D, heads: H, vocabulary: V, layers } = config;
  const { B, T } = batch;
  const parameters = new Map(
    parameterTable(config).map(({ name, shape }) => [
      name.replace('transformer.', ''),
      tf.tidy(() => tf.variable(tf.tensor(weights[name], shape))),
    ]),
  );
  const at = (name: string) => parameters.get(name) as tf.Tensor;
  const hot = tf.tensor2d(oneHot(batch.tokens, V), [B * T, V]);
  const wanted = tf.tensor2d(oneHot(targetsOf(batch.tokens), V), [B * T, V]);
  const counted = tf.tensor1d(batch.weights);
  const mask = tf.tensor4d(hiddenKeys(batch), [B, 1, T, T]);
  const norm = (x: tf.Tensor, name: string) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const y = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(y, at(`${name}.weight`)), at(`${name}.bias`));
  };
  const project = (x: tf.Tensor, name: string) => tf.add(times(x, at(`${name}.weight`)), at(`${name}.bias`));
  const gelu = (x: tf.Tensor) => {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  };
  const heads = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [B, T, H, D / H]), [0, 2, 1, 3]);
  const loss = (): tf.Scalar => {
    const positions = tf.slice(at('wpe.weight') as tf.Tensor2D, [0, 0], [T, D]);
    const embedded = tf.reshape(times(hot, at('wte.weight')), [B, T, D]);
    let x: tf.Tensor = tf.reshape(tf.add(embedded, positions), [B * T, D]);
    for (let l = 0; l < layers; l++) {
      const [q, k, v] = tf.split(project(norm(x, `h.${l}.ln_1`), `h.${l}.attn.c_attn`), 3, 1).map(heads);
      const scores = tf.add(tf.mul(timesTransposed(q, k), 1 / Math.sqrt(D / H)), mask);
      const mixed = tf.transpose(times(tf.softmax(scores), v), [0, 2, 1, 3]);
      x = tf.add(x, project(tf.reshape(mixed, [B * T, D]), `h.${l}.attn.c_proj`));
      x = tf.add(x, project(gelu(project(norm(x, `h.${l}.ln_2`), `h.${l}.mlp.c_fc`)), `h.${l}.mlp.c_proj`));
    }
    const logits = timesTransposed(norm(x, 'ln_f'), at('wte.weight'));
    const each = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), wanted), -1));
    return tf.div(tf.sum(tf.mul(each, counted)), tf.sum(counted));
  };
  const variables = [...parameters.values()];
  const start = tf.tidy(() => {
    const { value, grads } = tf.variableGrads(loss, variables);
    const squares = Object.values(grads).map((g) => tf.sum(tf.square(g)).dataSync()[0]);
    return { loss: value.dataSync()[0], norm: Math.sqrt(squares.reduce((a, b) => a + b)) };
  });
  const optimizer = tf.train.adam(RATE);
  return {
    ...start,
    about: `TensorFlow.js ${tf.version_core}, WASM${transposes ? ', explicit transposes' : ''}`,
    async step() {
      const value = optimizer.minimize(loss, true, variables)!;
      await value.data();
      value.dispose();
    },
    tensors: () => tf.memory().numTensors,
    dispose() {
      optimizer.dispose();
      tf.dispose([...variables, hot, wanted, counted, mask]);
    },
  };
});
