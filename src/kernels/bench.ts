/**
 * Times a training step op by op: `npx tsx src/kernels/bench.ts [width] [backend] [repeats]`. The model is the default
 * one in outline, 3 layers over 32 × 40 tokens of a vocabulary of 160.
 */
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../math/random.ts';
import * as kernels from './index.ts';

// B rows, T positions, D width, H heads, L layers, V tokens in the vocabulary
const [B, T, H, L, V] = [32, 40, 8, 3, 160];
const D = Number(process.argv[2] ?? 64);
const backend = (process.argv[3] ?? 'wasm') as kernels.BackendName;
const repeats = Number(process.argv[4] ?? 30);

const random = createRandom(1);
const values = (n: number, scale: number) => Float32Array.from({ length: n }, () => scale * random.normal());
const variable = (...shape: number[]) =>
  tf.tidy(() =>
    tf.variable(
      tf.tensor(
        values(
          shape.reduce((a, b) => a * b, 1),
          0.02,
        ),
        shape,
      ),
    ),
  );

console.log(await kernels.chooseBackend(backend));
const block = () => ({
  norms: [variable(D), variable(D), variable(D), variable(D)],
  weights: [variable(D, 3 * D), variable(D, D), variable(D, 4 * D), variable(4 * D, D)],
  biases: [variable(3 * D), variable(D), variable(4 * D), variable(D)],
});
const wte = variable(V, D);
const wpe = variable(64, D);
const norm = [variable(D), variable(D)];
const blocks = Array.from({ length: L }, block);
const parameters = [wte, wpe, ...norm, ...blocks.flatMap((b) => [...b.norms, ...b.weights, ...b.biases])];
const moments = parameters.map((p) => [tf.variable(tf.zeros(p.shape)), tf.variable(tf.zeros(p.shape))]);
const ids = Int32Array.from({ length: B * T }, () => random.integer(V));
const tokens = tf.tensor2d(ids, [B, T], 'int32');
const targets = tf.tensor1d(ids, 'int32');
const offsets = tf.zeros<tf.Rank.R1>([B], 'int32');
const gists = tf.tensor1d(
  Int32Array.from({ length: B }, () => 20 + random.integer(20)),
  'int32',
);
const weights = tf.ones<tf.Rank.R1>([B * T]);

type One = tf.Tensor1D;
type Two = tf.Tensor2D;

function loss(): tf.Scalar {
  let x = kernels.embedding(tokens, offsets, wte as Two, wpe as Two);
  for (const { norms: n, weights: w, biases: b } of blocks) {
    const qkv = kernels.linear(kernels.layerNorm(x, n[0] as One, n[1] as One), w[0] as Two, b[0] as One);
    x = tf.add(x, kernels.linear(kernels.attention(qkv, gists, H), w[1] as Two, b[1] as One));
    const inner = kernels.linear(
      kernels.layerNorm(x, n[2] as One, n[3] as One),
      w[2] as Two,
      b[2] as One,
      'gelu',
    );
    x = tf.add(x, kernels.linear(inner, w[3] as Two, b[3] as One));
  }
  const last = kernels.layerNorm(x, norm[0] as One, norm[1] as One);
  const logits = kernels.unembed(tf.reshape(last, [B * T, D]), wte as Two);
  return kernels.crossEntropy(logits, targets, weights);
}

async function step(index: number): Promise<number> {
  const { value, grads } = tf.variableGrads(loss, parameters);
  const gradients = parameters.map((p) => grads[p.name]);
  const square = kernels.squaredNorm(gradients);
  const scale = Math.min(1, 1 / Math.sqrt((await square.data())[0]));
  const options = { lr: 1e-3, beta1: 0.9, beta2: 0.99, eps: 1e-8, decay: 0.01, step: index, scale };
  parameters.forEach((p, i) => kernels.adamw(p, gradients[i], moments[i][0], moments[i][1], options));
  const [result] = await value.data();
  tf.dispose([value, square, gradients]);
  return result;
}

/** Median and, since other work on the machine only ever adds, the least. */
function summary(times: number[]): string {
  times.sort((a, b) => a - b);
  return `${times[times.length >> 1].toFixed(1)} ms, at best ${times[0].toFixed(1)}`;
}

const times: number[] = [];
for (let i = 1; i <= repeats; i++) {
  const start = performance.now();
  const value = await step(i);
  times.push(performance.now() - start);
  if (i === 1 || i === repeats)
    console.log(`step ${i}: loss ${value.toFixed(4)}, ${tf.memory().numTensors} tensors`);
}
console.log(`training step ${summary(times)}`);
const forward = Array.from({ length: 15 }, () => {
  const start = performance.now();
  tf.tidy(() => loss().dataSync());
  return performance.now() - start;
});
console.log(`forward ${summary(forward)}`);
