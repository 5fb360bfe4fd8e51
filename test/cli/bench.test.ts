/** `lab bench`: what it counts and fits, that all contenders do the same step, and that the document follows its file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { QUICK } from '../../src/cli/bench/effort.ts';
import { stepFlops, visiblePairs } from '../../src/cli/bench/flops.ts';
import { growthExponent } from '../../src/cli/bench/growth.ts';
import { performancePage } from '../../src/cli/bench/page.ts';
import { expectAgreement, hasRun, ratioOf, type Ran } from '../../src/cli/bench/race.ts';
import type { Bench } from '../../src/cli/bench/result.ts';
import { taskOf } from '../../src/cli/bench/shapes.ts';
import { timingOf } from '../../src/cli/bench/timing.ts';
import { savedBenches } from '../../src/cli/commands/bench.ts';
import { ROOT } from '../../src/cli/model.ts';
import { chooseBackend, visible } from '../../src/kernels/index.ts';
import { createModel, disposeModel } from '../../src/model/parameters.ts';
import { referenceLoss } from '../../src/reference/index.ts';
import { batchLoss } from '../../src/train/pretrain.ts';
import { livelyWeights, TINY } from '../model/tiny.ts';
import { labJson } from './lab.ts';

beforeAll(async () => void (await chooseBackend('cpu')));

test('arithmetic of a step is that of the products which TensorFlow.js does for it', async () => {
  const model = createModel(TINY, livelyWeights(TINY, 'flops'));
  const [B, T] = [3, 7];
  const batch = {
    tokens: Int32Array.from({ length: B * T }, (_, i) => 1 + (i % (TINY.vocabulary - 1))),
    weights: new Float32Array(B * T).fill(1),
    gists: Int32Array.from([3, 5, T]),
    B,
    T,
  };
  const { kernels } = await tf.profile(() =>
    tf.tidy(() => {
      tf.variableGrads(() => batchLoss(model, batch), Object.values(model.parameters));
      return tf.scalar(0);
    }),
  );
  disposeModel(model);
  // (…, N, K) (…, K, M) is N K numbers, each multiplied and added M times.
  const products = kernels.filter(({ name }) => name === 'BatchMatMul');
  const done = products.reduce(
    (sum, { inputShapes, outputShapes }) =>
      sum + 2 * inputShapes[0].reduce((a, b) => a * b) * outputShapes[0].at(-1),
    0,
  );
  // There all pairs are multiplied, and both tables are looked up by products: one forward, and one for each factor back.
  const { vocabulary, positions, width } = TINY;
  const lookedUp = 3 * 2 * B * T * width * (vocabulary + positions);
  expect(done - lookedUp).toBe(stepFlops(TINY, B * T, B * T * T));
});

test('pairs that may see each other are those of the mask', () => {
  for (const gists of [[3], [0], [6], [7], [2, 5, 7, 0]]) {
    const seen = tf.tidy(() => tf.sum(visible(tf.tensor1d(gists, 'int32'), 7)).dataSync()[0]);
    expect(visiblePairs(gists, 7), `gists ${gists}`).toBe(seen);
  }
});

test('an exponent is the slope of the logarithms', () => {
  const sizes = [16, 32, 48, 128];
  expect(
    growthExponent(
      sizes,
      sizes.map((n) => 3 * n ** 1.7),
    ),
  ).toBeCloseTo(1.7, 9);
  // Logarithms 0, 1, 2 and 0, 1, 5: least squares, by hand.
  expect(growthExponent([1, Math.E, Math.E ** 2], [1, Math.E, Math.E ** 5])).toBeCloseTo(2.5, 9);
});

test('a timing is the median with the least and the most', () => {
  expect(timingOf([5, 1, 30])).toEqual({ median: 5, min: 1, max: 30, n: 3 });
  expect(timingOf([4, 1, 2, 3]).median).toBe(2.5);
});

test('a ratio is of the same turns: a machine that is slow for a while slows both', () => {
  const ran = (...ms: number[]): Ran => ({
    ...timingOf(ms),
    ms,
    productGflops: [],
    loss: 1,
    norm: 1,
    about: '',
    tensorsLeaked: 0,
    peakBytes: 0,
  });
  expect(ratioOf(ran(1, 2, 10), ran(2, 4, 20))).toBe(0.5);
  expect(ratioOf(ran(1, 10, 10), ran(2, 2, 20))).toBe(0.5);
});

test('another loss or another gradient is another step', () => {
  const ours = { loss: 5, norm: 2 };
  expect(() => expectAgreement({ loss: 5.004, norm: 2.001 }, ours)).not.toThrow();
  expect(() => expectAgreement({ loss: 5.006, norm: 2 }, ours)).toThrow(/another step/);
  expect(() => expectAgreement({ loss: 5, norm: 1.99 }, ours)).toThrow(/another step/);
  expect(() => expectAgreement({ loss: NaN, norm: 2 }, ours)).toThrow(/another step/);
});

test('a bench has all its numbers, of steps that compute what the float64 reference does', async () => {
  const { json, stderr } = await labJson(['bench', '--quick', '--json']);
  expect(stderr).not.toMatch(/error/i);
  const bench = json as unknown as Bench;
  for (const { shape, runs, ...numbers } of [bench.step, bench.stepReal]) {
    const { config, batch, weights } = taskOf(shape);
    const { loss, gradients } = referenceLoss(config, weights, {
      ...batch,
      tokens: Int32Array.from(batch.tokens),
      weights: Float32Array.from(batch.weights),
      gists: Int32Array.from(batch.gists),
    });
    const norm = Math.hypot(...Object.values(gradients).flatMap((g) => [...g]));
    for (const [name, run] of Object.entries(runs)) {
      if (!hasRun(run)) {
        expect(['torch', 'relaxed'], `${name}: ${run.missing}`).toContain(name); // the others are installed by npm
        continue;
      }
      expect(Math.abs(run.loss / loss - 1), name).toBeLessThan(1e-4);
      expect(Math.abs(run.norm / norm - 1), name).toBeLessThan(1e-4);
      expect(run.n).toBe(QUICK.repeats);
      expect(run.min).toBeLessThanOrEqual(run.median);
    }
    for (const [name, ratio] of [
      ['plain', numbers.ratio],
      ['jax', numbers.jaxRatio],
      ['torch', numbers.torchRatio],
    ] as const) {
      const run = runs[name];
      expect(ratio, name).toBe(hasRun(run) ? ratioOf(runs.ours, run) : null);
    }
  }
  expect(bench.tensorsLeaked).toBe(0);
  expect(bench.dispatches).toEqual({ step: 54, forward: 24, token: 13 });
  expect(Object.keys(bench.growth)).toEqual(['width', 'batch']);
  const { judge600Ms, decodeTokensPerSecond, stepGflops, matmulPeakGflops, refitMs } = bench;
  for (const x of [judge600Ms, decodeTokensPerSecond, stepGflops, matmulPeakGflops, refitMs])
    expect(x).toBeGreaterThan(0);
  expect(performancePage([bench])).toContain('| tensors left behind | ≤ 0 | 0 |');
}, 600_000);

test('docs/performance.md follows the files of docs/performance', () => {
  const benches = savedBenches();
  expect(benches.length).toBeGreaterThan(0);
  expect(readFileSync(join(ROOT, 'docs/performance.md'), 'utf8')).toBe(performancePage(benches));
  for (const { repeats, dispatches } of benches) {
    expect(repeats).toBeGreaterThanOrEqual(20);
    expect(dispatches).toEqual(expect.objectContaining({ step: 54 }));
  }
});

test('an aim that one machine misses says so under that machine', () => {
  const [bench] = savedBenches();
  const slow = { ...bench, judge600Ms: 61, machine: { ...bench.machine, cpu: 'Slow one' } };
  const fast = { ...bench, judge600Ms: 59, machine: { ...bench.machine, cpu: 'Fast one' } };
  const page = performancePage([fast, slow]);
  expect(page).toContain('| aim | Fast one | Slow one |');
  expect(page).toMatch(/judging 600 .*\| ≤ 60 ms \| 59 ms \| \*\*missed:\*\* 61 ms \|/);
});
