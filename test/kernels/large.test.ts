import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import * as kernels from '../../src/kernels/index.ts';
import { expectClose, randomIntegers, randomNumbers } from './compare.ts';
import { guardAllocations } from './guards.ts';

// Sizes of real models, odd ones, and more rows than a chunk of the kernels' loops holds: against the composed versions.

type Values = Float32Array | Int32Array | Uint8Array;
let checkGuards = () => {};
beforeAll(async () => {
  await kernels.chooseBackend('cpu');
  await kernels.chooseBackend('wasm');
  checkGuards = guardAllocations();
});

/** Value and gradients for a random output gradient. */
async function run(
  backend: string,
  shapes: number[][],
  operation: (...inputs: tf.Tensor[]) => tf.Tensor,
  scale = 1,
) {
  await tf.setBackend(backend);
  const result: Values[] = tf.tidy(() => {
    const tensors = shapes.map((shape, i) =>
      tf.tensor(
        Float32Array.from(
          randomNumbers(
            i,
            shape.reduce((a, b) => a * b, 1),
            scale,
          ),
        ),
        shape,
      ),
    );
    const y = operation(...tensors);
    const dy = tf.tensor(Float32Array.from(randomNumbers(77, y.size)), y.shape);
    const grads = tf.grads(operation)(tensors, dy);
    return [y.dataSync(), ...grads.map((grad) => grad.dataSync())];
  });
  return result;
}

async function expectSame(shapes: number[][], operation: (...inputs: tf.Tensor[]) => tf.Tensor, scale = 1) {
  const actual = await run('wasm', shapes, operation, scale);
  checkGuards();
  const expected = await run('cpu', shapes, operation, scale);
  actual.forEach((values, i) => expectClose(i ? `gradient ${i - 1}` : 'value', values, expected[i], 1e-5));
}

const int = (values: Int32Array) => tf.tensor1d(values, 'int32');

describe('kernels against composed operations', () => {
  test.each([
    [1, 64, 192, 'none'],
    [259, 67, 131, 'gelu'],
    [128, 64, 256, 'gelu'],
    [131, 256, 64, 'none'],
    [257, 8, 24, 'none'],
    [130, 1031, 5, 'none'],
  ] as const)('linear of %d rows, %d to %d, %s', (N, I, O, activation) =>
    expectSame(
      [[N, I], [I, O], [O]], // prettier-ignore
      (x, w, b) => kernels.linear(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, activation),
      0.3,
    ),
  );

  test.each([
    [3, 61, 3, 8],
    [2, 54, 8, 5],
    [2, 64, 2, 16],
  ])('attention of %d rows, %d positions, %d heads of %d', (B, T, H, d) =>
    expectSame([[B, T, 3 * H * d]], (qkv) =>
      kernels.attention(qkv as tf.Tensor3D, int(Int32Array.of(31, T, T - 1).slice(0, B)), H),
    ),
  );

  test('embedding, layer norm, head and losses', async () => {
    const [B, T, D, V] = [5, 53, 67, 303];
    const N = B * T;
    const tokens = randomIntegers(1, N, V);
    const weights = Float32Array.from({ length: N }, (_, i) => i % 3);
    await expectSame(
      [
        [V, D],
        [64, D],
      ],
      (wte, wpe) =>
        // prettier-ignore
        kernels.embedding(
        tf.tensor2d(tokens, [B, T], 'int32'),
        int(Int32Array.of(0, 3, 11, 7, 1)),
        wte as tf.Tensor2D,
        wpe as tf.Tensor2D,
      ),
    );
    await expectSame([[B, T, D], [D], [D]], (x, gain, bias) =>
      // prettier-ignore
      kernels.layerNorm(x, gain as tf.Tensor1D, bias as tf.Tensor1D),
    );
    await expectSame([[N, D], [V, D]], (x, wte) => kernels.unembed(x as tf.Tensor2D, wte as tf.Tensor2D)); // prettier-ignore
    await expectSame(
      [[N, V]],
      (x) => kernels.crossEntropy(x as tf.Tensor2D, int(tokens), tf.tensor1d(weights)),
      5,
    );
    await expectSame([[N, V]], (x) => kernels.tokenLogProb(x as tf.Tensor2D, int(tokens)), 5);
  });

  test('GELU from −12 to 12, and far out', async () => {
    await tf.setBackend('wasm');
    const x = Float64Array.from({ length: 4801 }, (_, i) => Math.fround((i - 2400) / 200));
    const extremes = Float64Array.of(-1e4, -90, 90, 1e4);
    const one = (values: Float64Array) =>
      tf.tidy(() => {
        const column = tf.tensor2d(Float32Array.from(values), [values.length, 1]);
        return kernels.linear(column, tf.ones([1, 1]), tf.zeros([1]), 'gelu').dataSync();
      });
    const gelu = (v: number) => v / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
    expectClose('GELU', one(x), x.map(gelu), 1e-6 / 12); // so that no absolute error exceeds 1e-6
    expectClose('GELU far out', one(extremes), [0, 0, 90, 1e4], 1e-7);
  });

  test('the exponential in relative terms, from e⁻⁸⁰ to 1', async () => {
    await tf.setBackend('wasm');
    // A row [−z, 0] has the log-likelihood of its first token −z − log(1 + e⁻ᶻ) and a gradient that is e⁻ᶻ/(1 + e⁻ᶻ).
    const z = Float32Array.from({ length: 1601 }, (_, i) => i / 20);
    const shares = tf.tidy(() => {
      const logits = tf.tensor2d([...z].map((value) => [-value, 0]));
      const second = tf.ones<tf.Rank.R1>([z.length], 'int32');
      const loss = (x: tf.Tensor) => tf.sum(kernels.tokenLogProb(x as tf.Tensor2D, second));
      return tf.grad(loss)(logits).dataSync();
    });
    const relative = [...z].map((value, i) => -shares[2 * i] * (1 + Math.exp(value)));
    expectClose('share over its true value', relative, Array<number>(z.length).fill(1), 1e-6);
  });
});
