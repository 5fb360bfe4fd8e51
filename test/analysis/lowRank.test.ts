/** What RLAIF changed, cut by rank: against planted ranks, and against the models that the whole change makes. */
import * as tf from '@tensorflow/tfjs-core';
import { EigenvalueDecomposition } from 'ml-matrix';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PolicyChange, finalStreams } from '../../src/analysis/lowRank/readings.ts';
import { weighed } from '../../src/analysis/lowRank/weighing.ts';
import {
  allBut,
  axesOfChange,
  changeWithin,
  cutMatrix,
  cutWeights,
  energyWithin,
  factorsOf,
  strongest,
  weightChange,
} from '../../src/analysis/lowRank/weights.ts';
import { Matrix } from '../../src/math/linear.ts';
import { createRandom, type Random } from '../../src/math/random.ts';
import { createModel, disposeModel, type Model, type Weights } from '../../src/model/parameters.ts';
import { logProbs, type Spoken } from '../../src/model/score.ts';
import { tilt, tiltAtKl } from '../../src/rlaif/theory.ts';
import { documentAt } from '../../src/world/documents.ts';
import { BOS, encode } from '../../src/world/tokenizer.ts';
import { withoutLeak } from '../values/leak.ts';
import { SMALL, smallModel, smallWeights } from '../values/small.ts';

const normal = (random: Random, rows: number, columns: number) =>
  new Matrix(Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal())));

describe('a matrix', () => {
  const random = createRandom(1);
  const wide = normal(random, 5, 9);

  test('cut to rank k misses the eigenvalues of AᵀA that were left out, and nothing else (Eckart & Young)', () => {
    const eigenvalues = new EigenvalueDecomposition(wide.mmul(wide.transpose()), { assumeSymmetric: true })
      .realEigenvalues.sort((a, b) => b - a); // prettier-ignore
    for (let k = 0; k <= 5; k++) {
      const left = Matrix.sub(
        wide,
        cutMatrix(factorsOf(wide), (i) => i < k),
      );
      const missing = eigenvalues.slice(k).reduce((sum, x) => sum + x, 0);
      expect(left.norm('frobenius') ** 2).toBeCloseTo(missing, 7);
      const rest = cutMatrix(factorsOf(wide), (i) => i >= k);
      expect(Matrix.sub(left, rest).norm('frobenius')).toBeLessThan(1e-9);
    }
  });

  test('of rank 2 is whole at rank 2', () => {
    const two = normal(random, 7, 2).mmul(normal(random, 2, 4));
    const cut = (k: number) =>
      Matrix.sub(
        two,
        cutMatrix(factorsOf(two), (i) => i < k),
      ).norm('frobenius');
    expect(cut(2)).toBeLessThan(1e-9);
    expect(cut(1)).toBeGreaterThan(0.1);
  });
});

/** Weights with a change of this rank in every matrix, and another in every vector. */
function moved(before: Weights, rank: number, seed: number): Weights {
  const random = createRandom(seed);
  const planted = normalWeights(random, rank);
  return Object.fromEntries(
    Object.entries(before).map(([name, x]) => [name, x.map((w, i) => w + planted(name)[i])]),
  );
}
function normalWeights(random: Random, rank: number): (name: string) => number[] {
  const { matrices, vectors } = weightChange(SMALL, smallWeights(1), smallWeights(2));
  const all: Record<string, number[]> = {};
  for (const [name, { u, v }] of Object.entries(matrices))
    all[name] = normal(random, u.rows, rank)
      .mmul(normal(random, rank, v.rows))
      .mul(0.02)
      .to1DArray();
  for (const [name, { length }] of Object.entries(vectors))
    all[name] = Array.from({ length }, () => 0.05 * random.normal());
  return (name) => all[name];
}

const near = (a: Weights, b: Weights) =>
  Object.keys(a).every((name) => a[name].every((x, i) => Math.abs(x - b[name][i]) < 1e-5));

describe('weights', () => {
  const before = smallWeights(1);
  const after = moved(before, 3, 5);
  const change = weightChange(SMALL, before, after);

  test('of a change of rank 3 the three strongest directions are all of it', () => {
    expect(near(cutWeights(before, change, strongest(3)), after)).toBe(true);
    expect(near(cutWeights(before, change, strongest(2)), after)).toBe(false);
    expect(near(cutWeights(before, change, allBut(3)), before)).toBe(true);
    expect(energyWithin(change, 3)).toBeCloseTo(1, 9);
    expect(energyWithin(change, 2)).toBeLessThan(0.99);
  });

  test('the strongest and what they leave add up to the change, vectors counted once', () => {
    for (const k of [0, 1, 2]) {
      const [kept, left] = [strongest(k), allBut(k)].map((cut) => cutWeights(before, change, cut));
      const sum = Object.fromEntries(
        Object.keys(before).map((name) => [
          name,
          kept[name].map((x, i) => x + left[name][i] - before[name][i]),
        ]),
      );
      expect(near(sum, after)).toBe(true);
    }
    const vectorsAlone = cutWeights(before, change, strongest(0));
    expect(vectorsAlone['transformer.wte.weight']).toEqual(before['transformer.wte.weight']);
    expect(vectorsAlone['transformer.ln_f.bias']).not.toEqual(before['transformer.ln_f.bias']);
  });

  test('within its own directions a change is itself but for its vectors; within those of another it is less', () => {
    const own = changeWithin(before, change, axesOfChange(change, 3));
    expect(near(own, { ...after, ...vectorsOf(before) })).toBe(true);
    const other = weightChange(SMALL, before, moved(before, 3, 6));
    const within = weightChange(SMALL, before, changeWithin(before, change, axesOfChange(other, 3)));
    for (const [name, { s }] of Object.entries(within.matrices)) {
      const size = (factors: readonly number[]) => Math.hypot(...factors);
      expect(size(s)).toBeLessThan(0.8 * size(change.matrices[name].s));
    }
  });

  const vectorsOf = (weights: Weights) =>
    Object.fromEntries(Object.keys(change.vectors).map((name) => [name, weights[name]]));
});

describe('final streams and logits', () => {
  const spoken: Spoken[] = [];
  for (let i = 0; spoken.length < 9; i++) {
    const document = documentAt(4, i);
    if (document.kind === 'story')
      spoken.push({ prompt: [BOS, ...encode(document.prompt)], response: encode(document.response) });
  }
  const n = spoken.length;
  let reference: Model;
  let policy: Model;
  beforeAll(async () => {
    reference = await smallModel(1);
    policy = createModel(SMALL, moved(smallWeights(1), 2, 9));
  });
  afterAll(() => {
    disposeModel(reference);
    disposeModel(policy);
  });
  const changeOf = async (model: Model) =>
    new PolicyChange(
      reference,
      model,
      await finalStreams(reference, spoken),
      await finalStreams(model, spoken),
      n,
    );
  const alike = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).forEach((x, i) => expect(x).toBeCloseTo(b[i], 3));

  test('with all of the change they are the policy’s, with none of the logits’ the reference’s', async () => {
    const change = await withoutLeak(() => changeOf(policy));
    const [before, after] = [await logProbs(reference, spoken), await logProbs(policy, spoken)];
    expect(Math.max(...after.map((x, i) => Math.abs(x - before[i])))).toBeGreaterThan(0.1);
    for (const space of ['final stream', 'logits'] as const) {
      const { axes, shares } = await withoutLeak(() => change.axes(space));
      const none = Matrix.zeros(axes.rows, 0);
      alike(await withoutLeak(() => change.logProbs(space, axes, 'kept')), after);
      alike(await change.logProbs(space, none, 'removed'), after);
      expect(shares.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 6);
      expect(shares[0]).toBeGreaterThan(shares[1]);
      // What is kept and what is left are the same policy, however it is said.
      const split = axes.columns - 5;
      const [some, rest] = [
        axes.subMatrix(0, axes.rows - 1, 0, split - 1),
        axes.subMatrix(0, axes.rows - 1, split, axes.columns - 1),
      ];
      alike(await change.logProbs(space, some, 'kept'), await change.logProbs(space, rest, 'removed'));
      if (space === 'logits') alike(await change.logProbs(space, none, 'kept'), before);
    }
  });

  test('a policy that adds one vector to the stream has changed along that vector alone', async () => {
    const weights = smallWeights(1);
    const shift = Float32Array.from({ length: SMALL.width }, (_, j) => Math.sin(3 * j));
    const bias = weights['transformer.ln_f.bias'].map((x, j) => x + shift[j]);
    const shifted = createModel(SMALL, { ...weights, 'transformer.ln_f.bias': bias });
    const change = await changeOf(shifted);
    const { axes, shares } = await change.axes('final stream');
    expect(shares[0]).toBeCloseTo(1, 5);
    const first = axes.getColumn(0);
    const cosine = first.reduce((sum, x, j) => sum + x * shift[j], 0) / Math.hypot(...shift);
    expect(Math.abs(cosine)).toBeCloseTo(1, 5);
    alike(
      await change.logProbs('final stream', axes.subMatrix(0, SMALL.width - 1, 0, 0), 'kept'),
      await logProbs(shifted, spoken),
    );
    disposeModel(shifted);
  });
});

describe('a policy weighed on the reference’s responses', () => {
  const random = createRandom(12);
  const situations = Array.from({ length: 1200 }, (_, i) => Math.floor(i / 200));
  const scores = situations.map(() => random.normal());
  const worth = scores.map((s) => 0.5 * s + random.normal());
  const sample = { situations, scores, worth };

  test('that is the judge’s own tilt gains what the tilt gains, to the last digits', () => {
    const best = tiltAtKl(sample, 0.3)!;
    const found = weighed(sample, scores.map((s) => best.t * s + 4)); // prettier-ignore
    expect(found.kl).toBeCloseTo(0.3, 6);
    found.gains.forEach((gain, x) => expect(gain).toBeCloseTo(best.gains[x], 6));
    found.gains.forEach((gain, x) => expect(gain).toBeCloseTo(found.tiltGains![x], 6));
    found.own.forEach((gain, x) => expect(gain).toBeCloseTo(found.tiltOwn![x], 6));
  });

  test('never gains more of the judge’s score than the tilt at its KL, and less with noise in it', () => {
    for (const noise of [0.2, 0.5, 1]) {
      const ratios = scores.map((s) => 0.6 * s + noise * random.normal());
      const { kl, own, tiltOwn } = weighed(sample, ratios);
      const mean = (x: Float64Array) => x.reduce((sum, v) => sum + v, 0) / x.length;
      expect(kl).toBeCloseTo(tilt({ ...sample, scores: ratios }, 1).kl, 9);
      expect(mean(own)).toBeLessThan(mean(tiltOwn!));
      expect(mean(own)).toBeGreaterThan(0);
    }
  });

  test('that is the reference gains nothing', () => {
    const { kl, gains } = weighed(sample, scores.map(() => 0)); // prettier-ignore
    expect(kl).toBeCloseTo(0, 12);
    gains.forEach((gain) => expect(gain).toBeCloseTo(0, 12));
  });
});

test('nothing of this leaves tensors', () => {
  expect(tf.memory().numTensors).toBe(0);
});
