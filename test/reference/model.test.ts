import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import { padRows } from '../../src/model/encode.ts';
import {
  crossEntropy,
  referenceForward,
  referenceLogProbs,
  referenceLoss,
  type Gradients,
  type ReferenceWeights,
} from '../../src/reference/index.ts';
import { livelyWeights, lossWeights, TINY, tinyRows } from '../model/tiny.ts';
import { dot, normals, slope } from './differences.ts';

const weights = Object.fromEntries(
  Object.entries(livelyWeights(TINY, 'reference')).map(([name, w]) => [name, Float64Array.from(w)]),
);
const rows = tinyRows('reference');
const batch = { ...rows, weights: lossWeights(rows, 1) };

/**
 * Each weight's gradient against central differences: along a random direction, in which every number counts,
 * and for three numbers on their own. 1e-6 relative to the largest change that a direction of that size could make.
 */
function expectGradients(loss: (weights: ReferenceWeights) => number, gradients: Gradients) {
  expect(Object.keys(gradients).sort()).toEqual(Object.keys(weights).sort());
  const random = createRandom('coordinates');
  for (const [name, w] of Object.entries(weights)) {
    const gradient = gradients[name];
    expect(gradient.length, name).toBe(w.length);
    const along = (x: Float64Array) => loss({ ...weights, [name]: x });
    const size = Math.sqrt(dot(gradient, gradient));
    const unit = 1 / Math.sqrt(w.length);
    const directions = [normals(name, w.length).map((x) => unit * x)];
    for (let i = 0; i < 3; i++) {
      const one = new Float64Array(w.length);
      one[random.integer(w.length)] = 1;
      directions.push(one);
    }
    for (const direction of directions)
      expect(Math.abs(slope(along, w, direction) - dot(gradient, direction)) / size, name).toBeLessThan(1e-6);
  }
}

/** The loss alone: the mean over next tokens, by weight. */
function lossOf(some: ReferenceWeights, offsets?: number[]): number {
  const { logits } = referenceForward(TINY, some, batch, offsets);
  return crossEntropy(logits, [...batch.tokens.subarray(1), 0], batch.weights);
}

describe('gradients against central differences', () => {
  test('of the loss', () => {
    const { loss, gradients } = referenceLoss(TINY, weights, batch);
    expect(loss).toBeCloseTo(lossOf(weights), 12);
    expectGradients((some) => lossOf(some), gradients);
  });

  test('of the loss of texts that begin further on', () => {
    const offsets = [0, 4, 1, 3, 2];
    const { loss, gradients } = referenceLoss(TINY, weights, batch, offsets);
    expect(loss).toBeCloseTo(lossOf(weights, offsets), 12);
    expect(loss).not.toBeCloseTo(lossOf(weights), 3);
    expectGradients((some) => lossOf(some, offsets), gradients);
  });

  test('of log-probabilities of responses, with coefficients', () => {
    const spoken = [
      { prompt: [1, 5, 6], response: [7, 4] },
      { prompt: [1, 9], response: [8, 8, 10, 12] },
    ];
    const texts = padRows(spoken.map(({ prompt, response }) => [...prompt, ...response, 3, 5]));
    const coefficients = [0.7, -1.9];
    const of = (some: ReferenceWeights) => referenceLogProbs(TINY, some, texts, spoken, coefficients);
    expectGradients((some) => dot(of(some).logProbs, coefficients), of(weights).gradients);
  });
});

test('log-probabilities are the sum over a response’s own tokens', () => {
  const spoken = [{ prompt: [1, 5, 6], response: [7, 4] }];
  const { logProbs } = referenceLogProbs(TINY, weights, padRows([[1, 5, 6, 7, 4, 3, 9]]), spoken, [1]);
  const { logits } = referenceForward(TINY, weights, padRows([[1, 5, 6, 7]]));
  const V = TINY.vocabulary;
  const logProb = (t: number, token: number) => {
    const row = logits.subarray(t * V, (t + 1) * V);
    return row[token] - Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
  };
  expect(logProbs[0]).toBeCloseTo(logProb(2, 7) + logProb(3, 4), 10);
});

test('residuals stand between the blocks', () => {
  const { residuals, blocks, final } = referenceForward(TINY, weights, rows);
  expect(residuals).toHaveLength(TINY.layers + 1);
  blocks.forEach((block, l) => expect(block.entering).toBe(residuals[l]));
  expect(final).toHaveLength(rows.B * rows.T * TINY.width);
});
