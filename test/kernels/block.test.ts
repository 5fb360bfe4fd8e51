import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import {
  block,
  blockFrom,
  blockFromOfOperations,
  blockOfOperations,
  chooseBackend,
  type BlockWeights,
} from '../../src/kernels/index.ts';
import { expectClose, randomNumbers } from './compare.ts';
import { guardAllocations } from './guards.ts';

let checkGuards = () => {};
let tensors: number;
beforeAll(async () => {
  await chooseBackend('cpu');
  await chooseBackend('wasm');
  checkGuards = guardAllocations();
});
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  checkGuards();
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Shapes of x and of a block's parameters. */
const shapesOf = (B: number, T: number, D: number) => [
  [B, T, D],
  [D],
  [D],
  [D, 3 * D],
  [3 * D],
  [D, D],
  [D],
  [D],
  [D],
  [D, 4 * D],
  [4 * D],
  [4 * D, D],
  [D],
];

function weightsOf(inputs: tf.Tensor[]): BlockWeights {
  const one = (i: number) => inputs[i] as tf.Tensor1D;
  const affine = (i: number) => ({ weight: inputs[i] as tf.Tensor2D, bias: one(i + 1) });
  return {
    norm1: { gain: one(1), bias: one(2) },
    qkv: affine(3),
    projection: affine(5),
    norm2: { gain: one(7), bias: one(8) },
    up: affine(9),
    down: affine(11),
  };
}

type Block = typeof block;

/** Value without a tape, value with one, and all gradients for a random output gradient. */
async function run(
  backend: string,
  operation: Block,
  { B, T, H, d }: { B: number; T: number; H: number; d: number },
) {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const inputs = shapesOf(B, T, H * d).map((shape, i) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return tf.tensor(Float32Array.from(randomNumbers(i, size, 0.5)), shape);
    });
    const gists = tf.tensor1d(
      Int32Array.from({ length: B }, (_, b) => [T - 1, T, 0, T >> 1][b % 4]),
      'int32',
    );
    const of = (...all: tf.Tensor[]) => operation(all[0] as tf.Tensor3D, gists, H, weightsOf(all));
    const dy = tf.tensor(Float32Array.from(randomNumbers(77, inputs[0].size)), inputs[0].shape);
    let recorded: tf.Tensor | undefined;
    const gradients = tf.grads((...all: tf.Tensor[]) => (recorded = tf.keep(of(...all))))(inputs, dy);
    const values = [of(...inputs), recorded!, ...gradients].map((tensor) => tensor.dataSync());
    recorded!.dispose();
    return values;
  });
}

describe('a block as one kernel', () => {
  test.each([
    { B: 3, T: 5, H: 3, d: 7 },
    { B: 1, T: 1, H: 1, d: 1 },
    { B: 7, T: 1, H: 2, d: 8 },
    { B: 13, T: 11, H: 2, d: 8 }, // groups of five texts, the last of three
    { B: 2, T: 67, H: 3, d: 8 }, // a text longer than a group
    { B: 5, T: 40, H: 8, d: 8 }, // the real width
    { B: 3, T: 29, H: 1, d: 13 },
  ])('is the block of operations: $B texts of $T, $H heads of $d', async (sizes) => {
    const fused = await run('wasm', block, sizes);
    checkGuards();
    const expected = await run('cpu', blockOfOperations, sizes);
    expected.forEach((values, i) => expectClose(`result ${i}`, fused[i], values, 1e-5));
    expect(fused[0]).toEqual(fused[1]);
  });

  test('is the very same as its parts on the same backend, and twice', async () => {
    const sizes = { B: 5, T: 11, H: 2, d: 8 };
    const fused = await run('wasm', block, sizes);
    expect(await run('wasm', block, sizes)).toEqual(fused);
    const parts = await run('wasm', blockOfOperations, sizes);
    fused.forEach((values, i) => expectClose(`result ${i}`, values, parts[i], 1e-6));
  });

  test('leaves out what comes after a text’s end, and only that', async () => {
    await tf.setBackend('wasm');
    const [B, T, H, D] = [3, 40, 2, 16];
    const ends = [40, 1, 27];
    const counts = Float32Array.from({ length: B * T * D }, (_, i) =>
      Number(Math.floor(i / D) % T < ends[Math.floor(i / (T * D))]),
    );
    const [whole, short] = [undefined, ends].map((some) =>
      tf.tidy(() => {
        const inputs = shapesOf(B, T, D).map((shape, i) => {
          const size = shape.reduce((product, n) => product * n, 1);
          return tf.tensor(Float32Array.from(randomNumbers(i, size, 0.5)), shape);
        });
        const gists = tf.tensor1d([13, T, T - 1], 'int32');
        const of = (...[x, ...rest]: tf.Tensor[]) => {
          const until = some && tf.tensor1d(some, 'int32');
          return block(x as tf.Tensor3D, gists, H, weightsOf([x, ...rest]), undefined, until);
        };
        const dy = tf.mul(
          tf.tensor(counts, [B, T, D]),
          tf.tensor(Float32Array.from(randomNumbers(77, B * T * D)), [B, T, D]),
        );
        return [of(...inputs), ...tf.grads(of)(inputs, dy)].map((tensor) => tensor.dataSync());
      }),
    );
    const seen = whole[0].map((value, i) => value * counts[i]);
    expect(short).toEqual([seen, ...whole.slice(1)].map((all) => all.map((value) => value + 0)));
  });

  test('a look inside goes by the parts, and may change what passes', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const inputs = shapesOf(2, 3, 8).map((shape, i) =>
        tf.tensor(
          Float32Array.from(
            randomNumbers(
              i,
              shape.reduce((a, b) => a * b, 1),
            ),
          ),
          shape,
        ),
      );
      const gists = tf.tensor1d([1, 3], 'int32');
      const seen: number[][] = [];
      const look = <X extends tf.Tensor>(x: X) => {
        seen.push(x.shape);
        return tf.mul<X>(x, 2);
      };
      const weights = weightsOf(inputs);
      const plain = block(inputs[0] as tf.Tensor3D, gists, 1, weights);
      const changed = block(inputs[0] as tf.Tensor3D, gists, 1, weights, { attended: look, neurons: look });
      expect(seen).toEqual([[2, 3, 8], [2, 3, 32]]); // prettier-ignore
      expect(changed.dataSync()).not.toEqual(plain.dataSync());
    });
  });

  test('refuses what it would read beyond', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const inputs = shapesOf(2, 3, 8).map((shape) => tf.zeros(shape));
      const gists = tf.zeros<tf.Rank.R1>([2], 'int32');
      const x = inputs[0] as tf.Tensor3D;
      expect(() => block(x, gists, 3, weightsOf(inputs))).toThrow(RangeError);
      expect(() => block(x, tf.zeros([2]), 2, weightsOf(inputs))).toThrow(TypeError);
      expect(() => block(x, tf.zeros([3], 'int32'), 2, weightsOf(inputs))).toThrow(RangeError);
      const short = [...inputs];
      short[11] = tf.zeros([31, 8]);
      expect(() => block(x, gists, 2, weightsOf(short))).toThrow(RangeError);
    });
  });
});

describe('a block at the last positions', () => {
  test.each([
    { B: 3, T: 5, H: 3, d: 7 },
    { B: 1, T: 1, H: 1, d: 1 },
    { B: 25, T: 6, H: 8, d: 8 }, // groups of ten texts, the last of five
    { B: 2, T: 67, H: 3, d: 8 }, // a text longer than a group
    { B: 3, T: 29, H: 1, d: 13 },
  ])('is what the whole block has there: $B texts of $T, $H heads of $d', async ({ B, T, H, d }) => {
    const D = H * d;
    const inputs = shapesOf(B, T, D).map((shape, i) =>
      Float32Array.from(
        randomNumbers(
          i,
          shape.reduce((product, n) => product * n, 1),
          0.5,
        ),
      ),
    );
    const rows = (
      from: number,
      operation: (x: tf.Tensor3D, gists: tf.Tensor1D, w: BlockWeights) => tf.Tensor,
    ) =>
      tf.tidy(() => {
        const tensors = shapesOf(B, T, D).map((shape, i) => tf.tensor(inputs[i], shape));
        const gists = tf.tensor1d(
          Int32Array.from({ length: B }, (_, b) => [0, T, T - 1, T >> 1][b % 4]),
          'int32',
        );
        const y = operation(tensors[0] as tf.Tensor3D, gists, weightsOf(tensors));
        expect(y.shape).toEqual([B, T - from, D]);
        return y.dataSync();
      });
    for (const from of new Set([0, 1, T >> 1, T - 1].filter((position) => position < T))) {
      await tf.setBackend('wasm');
      const found = rows(from, (x, gists, w) => blockFrom(x, from, gists, H, w));
      checkGuards();
      const whole = rows(from, (x, gists, w) => tf.slice(block(x, gists, H, w), [0, from, 0]));
      expect(found).toEqual(whole); // to the last bit
      await tf.setBackend('cpu');
      const expected = rows(from, (x, gists, w) => blockFromOfOperations(x, from, gists, H, w));
      expectClose(`from ${from}`, found, expected, 1e-5);
    }
  });

  test('refuses a position that no text has', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const weights = weightsOf(shapesOf(2, 3, 4).map((shape) => tf.zeros(shape)));
      const gists = tf.zeros<tf.Rank.R1>([2], 'int32');
      for (const from of [-1, 3, 0.5])
        expect(() => blockFrom(tf.zeros([2, 3, 4]), from, gists, 2, weights)).toThrow(RangeError);
      expect(() => blockFrom(tf.zeros([2, 3, 4]), 0, gists, 3, weights)).toThrow(/heads/);
      expect(() => blockFrom(tf.zeros([2, 3, 4]), 0, tf.zeros([2]), 2, weights)).toThrow(/gists/);
    });
  });
});
