import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../../model/config.ts';
import { parameterTable, sizeOf } from '../../model/parameters.ts';
import type { Batch } from '../../world/batches.ts';

// B texts, T positions, D channels, H heads, V tokens

/**
 * The same training step as anyone would write it in TensorFlow.js: its operations, its gradients, its Adam. What
 * our kernels are measured against, and nothing else.
 */
export function plainStep(
  config: ModelConfig,
  batch: Batch,
): { step: () => Promise<number>; dispose: () => void } {
  const { width: D, heads: H, vocabulary: V, layers } = config;
  const { B, T } = batch;
  const weights = new Map(
    parameterTable(config).map(({ name, shape }) => {
      const start = Float32Array.from({ length: sizeOf(shape) }, (_, i) => 0.05 * Math.sin(i * 12.9898));
      return [name.replace('transformer.', ''), tf.tidy(() => tf.variable(tf.tensor(start, shape)))];
    }),
  );
  const at = (name: string) => weights.get(name) as tf.Tensor;
  const targets = new Int32Array(B * T);
  targets.set(batch.tokens.subarray(1));
  const oneHot = (ids: Int32Array) =>
    tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(ids, 'int32'), V), 'float32') as tf.Tensor2D);
  const hot = oneHot(batch.tokens);
  const wanted = oneHot(targets);
  const counted = tf.tensor1d(batch.weights);
  const mask = tf.tidy(() => {
    const hidden = (b: number, q: number, k: number) => k > q || (q > batch.gists[b] && k < batch.gists[b]);
    const cells = Float32Array.from({ length: B * T * T }, (_, i) =>
      hidden(Math.floor(i / (T * T)), Math.floor(i / T) % T, i % T) ? -1e9 : 0,
    );
    return tf.keep(tf.tensor4d(cells, [B, 1, T, T]));
  });
  const norm = (x: tf.Tensor, name: string) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const y = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(y, at(`${name}.weight`)), at(`${name}.bias`));
  };
  const project = (x: tf.Tensor, name: string) =>
    tf.add(tf.matMul(x, at(`${name}.weight`)), at(`${name}.bias`));
  const gelu = (x: tf.Tensor) => {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  };
  const heads = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [B, T, H, D / H]), [0, 2, 1, 3]);
  const loss = (): tf.Scalar => {
    const positions = tf.slice(at('wpe.weight') as tf.Tensor2D, [0, 0], [T, D]);
    const embedded = tf.reshape(tf.matMul(hot, at('wte.weight') as tf.Tensor2D), [B, T, D]);
    let x: tf.Tensor = tf.reshape(tf.add(embedded, positions), [B * T, D]);
    for (let l = 0; l < layers; l++) {
      const [q, k, v] = tf.split(project(norm(x, `h.${l}.ln_1`), `h.${l}.attn.c_attn`), 3, 1).map(heads);
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(D / H)), mask);
      const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
      x = tf.add(x, project(tf.reshape(mixed, [B * T, D]), `h.${l}.attn.c_proj`));
      x = tf.add(x, project(gelu(project(norm(x, `h.${l}.ln_2`), `h.${l}.mlp.c_fc`)), `h.${l}.mlp.c_proj`));
    }
    const logits = tf.matMul(norm(x, 'ln_f'), at('wte.weight'), false, true);
    const each = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), wanted), -1));
    return tf.div(tf.sum(tf.mul(each, counted)), tf.sum(counted));
  };
  const optimizer = tf.train.adam(1e-3);
  const variables = [...weights.values()];
  return {
    async step() {
      const value = optimizer.minimize(loss, true, variables)!;
      const [result] = await value.data();
      value.dispose();
      return result;
    },
    dispose() {
      optimizer.dispose();
      tf.dispose([...variables, hot, wanted, counted, mask]);
    },
  };
}
