/** The three ceilings, on gists whose true value is known: partly linear in the gist, partly not, partly not in it. */
import { expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import { ceilings, fitReadouts, gainOf } from '../../src/analysis/predict.ts';
import { tiltAtKl } from '../../src/rlaif/theory.ts';
import type { Response } from '../../src/values/respond.ts';
import { trueValues, type SampledGists } from '../../src/values/sampled.ts';

const SIZE = 4;

/** V* = g₀ + curved·(g₁² − 1) + unseen·noise. */
function sampleOf(seed: number, count: number, each: number, curved: number, unseen: number): SampledGists {
  const random = createRandom(seed);
  const n = count * each;
  const data = Float32Array.from({ length: n * SIZE }, () => random.normal());
  const responses = Array.from({ length: n }, (_, i) => {
    const g = data.subarray(i * SIZE, (i + 1) * SIZE);
    return { trueValue: g[0] + curved * (g[1] ** 2 - 1) + unseen * random.normal() } as Response;
  });
  return {
    responses,
    situations: Int32Array.from(responses, (_, i) => Math.floor(i / each)),
    gists: { data, size: SIZE, count: n, positions: new Int32Array(n) },
    logProbs: new Float32Array(n),
  };
}

const of = (curved: number, unseen: number) =>
  ceilings(
    sampleOf(1, 20, 200, curved, unseen),
    fitReadouts(sampleOf(2, 100, 16, curved, unseen), createRandom(3).fork('readout')),
    [0.1, 0.4],
    createRandom(3),
  );
const gains = ({ linear, any, truth }: ReturnType<typeof of>, i = 1) =>
  [linear, any, truth].map(({ gain }) => gain[i]) as [number, number, number];

test('where the gist holds the truth as a direction, all three agree', () => {
  const [linear, any, truth] = gains(of(0, 0));
  expect(linear / truth).toBeGreaterThan(0.98);
  expect(any / truth).toBeGreaterThan(0.98);
});

test('what is not a direction lies between the first two, what the gist lacks above both', () => {
  for (const i of [0, 1]) {
    const [linear, any, truth] = gains(of(0.7, 0), i);
    expect(any).toBeGreaterThan(1.15 * linear);
    expect(any / truth).toBeGreaterThan(0.9);
    const [, seen, all] = gains(of(0, 1), i);
    expect(all).toBeGreaterThan(1.2 * seen);
  }
});

test('are curves in KL of tilts by what was read, which is not fitted on the sample itself', () => {
  const sample = sampleOf(1, 20, 200, 0, 0);
  const { situations, responses } = sample;
  const worth = trueValues(responses);
  const scores = worth.map((v) => -v);
  const curve = gainOf(sample, scores, [0.1, 0.4], createRandom(1));
  expect(Array.from(curve.kl)).toEqual([0.1, 0.4]);
  expect(curve.gain[1]).toBeCloseTo(tiltAtKl({ situations, scores, worth }, 0.4)!.gain, 12);
  // A fitting sample without a trace of the truth gives a ceiling of nothing, whatever the sample says of itself.
  const blind = sampleOf(2, 100, 16, 0, 0);
  const random = createRandom(4);
  blind.responses.forEach((r) => (r.trueValue = random.normal()));
  const readouts = fitReadouts(blind, createRandom(3).fork('readout'));
  const { linear } = ceilings(sample, readouts, [0.4], createRandom(3));
  expect(Math.abs(linear.gain[0])).toBeLessThan(0.6 * gains(of(0, 0))[0]);
});
