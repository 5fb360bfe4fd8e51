import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import {
  createModel,
  disposeModel,
  parameterTable,
  readWeights,
  sizeOf,
} from '../../src/model/parameters.ts';
import { ADAMW, AdamW, NotFiniteError, type OptimizerOptions } from '../../src/train/optimizer.ts';
import { expectAllClose, expectClose } from '../model/close.ts';
import { livelyWeights, TINY } from '../model/tiny.ts';

const weights = livelyWeights(TINY, 'optimizer');
const table = parameterTable(TINY);
const RATES = [1e-2, 5e-3, 2e-2, 1e-3, 3e-3];
/** The second and the fourth gradient are long enough to be clipped. */
const SIZES = [1e-3, 3, 2e-3, 1, 5e-4];

/** Gradients of step s by name, and their norm. */
function gradientsAt(s: number) {
  const random = createRandom('gradient').fork(s);
  const gradients = Object.fromEntries(
    table.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, () => SIZES[s] * random.normal()),
    ]),
  );
  const norm = Math.sqrt(Object.values(gradients).reduce((sum, g) => g.reduce((s, x) => s + x * x, sum), 0));
  return { gradients, norm };
}

function tensorsOf(gradients: Record<string, Float32Array>): tf.NamedTensorMap {
  return Object.fromEntries(
    table.map(({ name, shape }) => [name, tf.tensor(gradients[name].slice(), shape)]),
  );
}

/**
 * AdamW in closed form, float64. At step s (from 1), with clipped gradients g₁ … g_s:
 * m̂ = Σᵢ (1 − β₁)β₁^(s−i) gᵢ / (1 − β₁^s), v̂ likewise of g², p ← p·(1 − rate·decay) − rate·m̂/(√v̂ + ε).
 */
function closedForm(name: string, decays: boolean, steps: number, options: OptimizerOptions): Float64Array {
  const { beta1, beta2, epsilon, decay, clip } = options;
  const clipped = Array.from({ length: steps }, (_, s) => {
    const { gradients, norm } = gradientsAt(s);
    return Float64Array.from(gradients[name], (g) => g * Math.min(1, clip / norm));
  });
  const average = (beta: number, s: number, of: (i: number) => number) => {
    let sum = 0;
    for (let i = 1; i <= s; i++) sum += (1 - beta) * beta ** (s - i) * of(i - 1);
    return sum / (1 - beta ** s);
  };
  return Float64Array.from(weights[name], (start, at) => {
    let p = start;
    for (let s = 1; s <= steps; s++) {
      const m = average(beta1, s, (i) => clipped[i][at]);
      const v = average(beta2, s, (i) => clipped[i][at] ** 2);
      const rate = RATES[s - 1];
      p = p * (1 - rate * (decays ? decay : 0)) - (rate * m) / (Math.sqrt(v) + epsilon);
    }
    return p;
  });
}

describe.each(['wasm', 'cpu'] as const)('AdamW on %s', (backend) => {
  let tensors: number;
  beforeAll(async () => {
    await chooseBackend(backend);
  });
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

  test.each([ADAMW, { ...ADAMW, decay: 0.5, beta2: 0.9, epsilon: 1e-3, clip: 20 }])(
    'five steps are the closed form: decay $decay, clip $clip, β₂ $beta2',
    async (options) => {
      const model = createModel(TINY, weights);
      const optimizer = new AdamW(model, options);
      for (const [s, rate] of RATES.entries()) {
        const { gradients, norm } = gradientsAt(s);
        const given = tensorsOf(gradients);
        expectClose([await optimizer.update(given, rate)], [norm], 1e-5, 'norm');
        tf.dispose(given);
      }
      const moved = await readWeights(model);
      // How far each weight went, not where it is: the start is the same on both sides.
      const change = (now: Record<string, ArrayLike<number>>) =>
        Object.fromEntries(
          table.map(({ name }) => [name, Float64Array.from(now[name], (x, i) => x - weights[name][i])]),
        );
      const expected = Object.fromEntries(
        table.map(({ name, decays }) => [name, closedForm(name, decays, RATES.length, options)]),
      );
      expectAllClose(change(moved), change(expected), 2e-4);
      optimizer.dispose();
      disposeModel(model);
    },
  );

  test('clipping has happened, and only where the gradient is long', () => {
    const norms = SIZES.map((_, s) => gradientsAt(s).norm);
    expect(norms.map((norm) => norm > ADAMW.clip)).toEqual([false, true, false, true, false]);
  });

  test('goes on from its state as if it had not stopped', async () => {
    const step = async (optimizer: AdamW, s: number) => {
      const given = tensorsOf(gradientsAt(s).gradients);
      await optimizer.update(given, RATES[s]);
      tf.dispose(given);
    };
    const straight = createModel(TINY, weights);
    const whole = new AdamW(straight);
    for (let s = 0; s < 4; s++) await step(whole, s);

    const first = createModel(TINY, weights);
    const before = new AdamW(first);
    for (let s = 0; s < 2; s++) await step(before, s);
    const state = await before.state();
    expect(state.step).toBe(2);
    const second = createModel(TINY, await readWeights(first));
    const after = new AdamW(second, ADAMW, state);
    for (let s = 2; s < 4; s++) await step(after, s);

    expect(await readWeights(second)).toEqual(await readWeights(straight));
    expect(await after.state()).toEqual(await whole.state());
    for (const optimizer of [whole, before, after]) optimizer.dispose();
    for (const model of [straight, first, second]) disposeModel(model);
  });

  test.each([NaN, Infinity])('a gradient of %d stops it, nothing changed', async (bad) => {
    const model = createModel(TINY, weights);
    const optimizer = new AdamW(model);
    const { gradients } = gradientsAt(0);
    gradients['transformer.ln_f.bias'][3] = bad;
    const given = tensorsOf(gradients);
    await expect(optimizer.update(given, 1e-2)).rejects.toThrow(NotFiniteError);
    expect(await readWeights(model)).toEqual(weights);
    expect((await optimizer.state()).step).toBe(0);
    tf.dispose(given);
    optimizer.dispose();
    disposeModel(model);
  });

  test('updates reach the optimizer’s model alone', async () => {
    const frozen = createModel(TINY, weights);
    const model = createModel(TINY, weights);
    const optimizer = new AdamW(model);
    const given = tensorsOf(gradientsAt(0).gradients);
    const copies = Object.values(model.parameters).map((p) => tf.clone(p));
    await optimizer.update(given, 1e-2);
    expect(await readWeights(frozen)).toEqual(weights);
    expect((await readWeights(model))['transformer.wte.weight']).not.toEqual(
      weights['transformer.wte.weight'],
    );
    const kept = await copies[0].data();
    expect(Float32Array.from(kept)).toEqual(weights['transformer.wte.weight']);
    tf.dispose([given, copies]);
    optimizer.dispose();
    disposeModel(model);
    disposeModel(frozen);
  });
});
