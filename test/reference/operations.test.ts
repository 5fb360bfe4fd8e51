import { describe, expect, test } from 'vitest';
import * as reference from '../../src/reference/index.ts';
import { expectClose } from '../model/close.ts';
import { differences, dot, normals } from './differences.ts';

// f is the output times a random dy: its gradient by an input is what `backward` gives for that dy.

type Arrays = Record<string, Float64Array>;

/** Every gradient of an operation against central differences, 1e-6 relative to its largest number. */
function expectGradients(
  inputs: Arrays,
  forward: (inputs: Arrays) => Float64Array,
  backward: (inputs: Arrays, dy: Float64Array) => Arrays,
) {
  const dy = normals('dy', forward(inputs).length);
  const gradients = backward(inputs, dy);
  for (const [name, x] of Object.entries(inputs)) {
    const numeric = differences((x) => dot(dy, forward({ ...inputs, [name]: x })), x);
    expectClose(gradients[name], numeric, 1e-6, name);
  }
}

test('embedding', () => {
  const tokens = [4, 2, 4, 0, 1, 1];
  const offsets = [0, 5, 5];
  expectGradients(
    { wte: normals(1, 5 * 3), wpe: normals(2, 7 * 3) },
    ({ wte, wpe }) => reference.embedding(tokens, offsets, wte, wpe, 3),
    (_, dy) => {
      const { dwte, dwpe } = reference.embeddingBackward(tokens, offsets, dy, 5, 7, 3);
      return { wte: dwte, wpe: dwpe };
    },
  );
  const tables = [normals(1, 15), normals(2, 21)] as const;
  expect(() => reference.embedding([5], [0], ...tables, 3)).toThrow(RangeError);
  expect(() => reference.embedding([0, 0], [6], ...tables, 3)).toThrow(RangeError);
});

test('layer norm', () => {
  expectGradients(
    { x: normals(1, 3 * 7), gain: normals(2, 7), bias: normals(3, 7) },
    ({ x, gain, bias }) => reference.layerNorm(x, gain, bias),
    ({ x, gain }, dy) => {
      const { dx, dgain, dbias } = reference.layerNormBackward(x, gain, dy);
      return { x: dx, gain: dgain, bias: dbias };
    },
  );
});

test('layer norm of a row has the mean and deviation that its gain and bias say', () => {
  const y = reference.layerNorm([1, 2, 3, 6], [2, 2, 2, 2], [5, 5, 5, 5]);
  expect(y.reduce((sum, v) => sum + v / 4, 0)).toBeCloseTo(5, 12);
  expect(y.reduce((sum, v) => sum + (v - 5) ** 2 / 4, 0)).toBeCloseTo(4, 4);
});

test('linear', () => {
  expectGradients(
    { x: normals(1, 2 * 3), weight: normals(2, 3 * 5), bias: normals(3, 5) },
    ({ x, weight, bias }) => reference.linear(x, weight, bias),
    ({ x, weight }, dy) => {
      const { dx, dweight, dbias } = reference.linearBackward(x, weight, dy, 5);
      return { x: dx, weight: dweight, bias: dbias };
    },
  );
  expect(reference.linear([1, 10], [1, 2, 3, 4, 5, 6], [100, 200, 300])).toEqual(
    Float64Array.of(141, 252, 363),
  );
});

test('unembedding', () => {
  expectGradients(
    { x: normals(1, 2 * 3), wte: normals(2, 5 * 3) },
    ({ x, wte }) => reference.unembed(x, wte, 3),
    ({ x, wte }, dy) => {
      const { dx, dwte } = reference.unembedBackward(x, wte, dy, 3);
      return { x: dx, wte: dwte };
    },
  );
});

test('GELU', () => {
  expectGradients(
    { x: Float64Array.of(-4, -1, -0.3, 0, 0.2, 1, 5) },
    ({ x }) => reference.gelu(x),
    ({ x }, dy) => ({ x: reference.geluBackward(x, dy) }),
  );
  // Its values as PyTorch's gelu(approximate='tanh') gives them.
  expectClose(reference.gelu([-1, 0, 1, 3]), [-0.158808, 0, 0.841192, 2.996363], 1e-6);
});

describe('attention', () => {
  const [T, H, D] = [5, 3, 6];

  test.each([{ gists: [2, 99] }, { gists: [0, 4] }, { gists: [1, 3] }])(
    'with gists at $gists',
    ({ gists }) => {
      expectGradients(
        { qkv: normals(1, 2 * T * 3 * D) },
        ({ qkv }) => reference.attention(qkv, gists, T, H),
        ({ qkv }, dy) => ({ qkv: reference.attentionBackward(qkv, gists, T, H, dy) }),
      );
    },
  );

  test('sees what the gist mask lets it see, written out', () => {
    const drawn = (g: number) =>
      Array.from({ length: T }, (_, q) =>
        Array.from({ length: T }, (_, k) => (reference.sees(q, k, g) ? 'x' : '.')).join(''),
      );
    expect(drawn(2)).toEqual(['x....', 'xx...', 'xxx..', '..xx.', '..xxx']);
    expect(drawn(T)).toEqual(['x....', 'xx...', 'xxx..', 'xxxx.', 'xxxxx']);
  });

  test('averages the values when all scores are equal', () => {
    const qkv = normals(1, T * 3 * D);
    for (let t = 0; t < T; t++) qkv.fill(0, t * 3 * D, t * 3 * D + D); // queries of 0
    const y = reference.attention(qkv, [2], T, H);
    const value = (t: number, i: number) => qkv[t * 3 * D + 2 * D + i];
    for (let i = 0; i < D; i++) {
      expect(y[1 * D + i]).toBeCloseTo((value(0, i) + value(1, i)) / 2, 12);
      expect(y[4 * D + i]).toBeCloseTo((value(2, i) + value(3, i) + value(4, i)) / 3, 12);
    }
  });
});

describe('losses', () => {
  const targets = [6, 0, 3];

  test('token log-probability', () => {
    expectGradients(
      { logits: normals(1, 3 * 7).map((x) => 3 * x) },
      ({ logits }) => reference.tokenLogProb(logits, targets),
      ({ logits }, dy) => ({ logits: reference.tokenLogProbBackward(logits, targets, dy) }),
    );
    expectClose(reference.tokenLogProb([0, 0, 0, 0], [2]), [-Math.log(4)], 1e-14);
    expectClose(reference.tokenLogProb([2000, 0], [1]), [-2000], 1e-14);
  });

  test.each([{ weights: [1, 0, 0.5] }, { weights: [0, 0, 0] }])(
    'cross-entropy with weights $weights',
    ({ weights }) => {
      expectGradients(
        { logits: normals(1, 3 * 7) },
        ({ logits }) => Float64Array.of(reference.crossEntropy(logits, targets, weights)),
        ({ logits }, [dy]) => ({
          logits: reference.crossEntropyBackward(logits, targets, weights).map((x) => dy * x),
        }),
      );
      const even = reference.crossEntropy(new Float64Array(3 * 7), targets, weights);
      expect(even).toBeCloseTo(weights[0] ? Math.log(7) : 0, 12);
    },
  );
});
