import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseBackend, crossEntropy } from '../../src/kernels/index.ts';
import { padRows, type TokenRows } from '../../src/model/encode.ts';
import { forward, logitsOf } from '../../src/model/forward.ts';
import { createModel, disposeModel, type Model } from '../../src/model/parameters.ts';
import { responseLogProb, textsOf } from '../../src/model/score.ts';
import { SITES, type Visit } from '../../src/model/sites.ts';
import {
  referenceForward,
  referenceLogProbs,
  referenceLoss,
  type Gradients,
} from '../../src/reference/index.ts';
import { batchLoss, byParameter } from '../../src/train/pretrain.ts';
import { expectAllClose, expectClose } from './close.ts';
import { livelyWeights, lossWeights, TINY, tinyRows } from './tiny.ts';

const weights = livelyWeights(TINY, 'model');
const rows = tinyRows('model');
const offsets = Int32Array.of(0, 4, 1, 3, 2);

describe.each(['wasm', 'cpu'] as const)('the model on %s', (backend) => {
  let model: Model;
  let tensors = 0;
  beforeAll(async () => {
    await chooseBackend(backend);
    expect(tf.getBackend()).toBe(backend);
    tensors = tf.memory().numTensors;
    model = createModel(TINY, weights);
  });
  afterAll(() => {
    disposeModel(model);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  /** The value of a scalar and its gradients by weight. */
  function gradientsOf(scalar: () => tf.Scalar): { value: number; gradients: Gradients } {
    const { value, grads } = tf.tidy(() => tf.variableGrads(scalar, Object.values(model.parameters)));
    const gradients = Object.entries(byParameter(model, grads)).map(
      ([name, g]) => [name, Float64Array.from(g.dataSync())] as const,
    );
    const loss = value.dataSync()[0];
    tf.dispose([value, grads]);
    return { value: loss, gradients: Object.fromEntries(gradients) };
  }

  test.each([
    { where: 'the beginning', first: undefined },
    { where: 'positions of their own', first: offsets },
  ])('computes what the reference does, texts from $where', ({ first }) => {
    const expected = referenceForward(TINY, weights, rows, first);
    const residuals: Float32Array[] = [];
    const look: Visit = (site, _, x) => {
      if (site === 'residual') residuals.push(x.dataSync<'float32'>().slice());
      return x;
    };
    tf.tidy(() => {
      const final = forward(model, textsOf(rows, first), look);
      expect(final.shape).toEqual([rows.B, rows.T, TINY.width]);
      expectClose(final.dataSync(), expected.final, 1e-5, 'final');
      const logits = logitsOf(model, final);
      expect(logits.shape).toEqual([rows.B * rows.T, TINY.vocabulary]);
      expectClose(logits.dataSync(), expected.logits, 1e-5, 'logits');
    });
    expected.residuals.forEach((x, l) => expectClose(residuals[l], x, 1e-5, `residual ${l}`));
  });

  test('has the reference’s loss and gradients', () => {
    const batch = { ...rows, weights: lossWeights(rows, 1) };
    const expected = referenceLoss(TINY, weights, batch);
    const { value, gradients } = gradientsOf(() => batchLoss(model, batch));
    expectClose([value], [expected.loss], 1e-5, 'loss');
    expectAllClose(gradients, expected.gradients, 1e-4);
  });

  test('has the reference’s gradients where texts begin further on', () => {
    const batch = { ...rows, weights: lossWeights(rows, 2) };
    const expected = referenceLoss(TINY, weights, batch, offsets);
    const targets = Int32Array.of(...rows.tokens.subarray(1), 0);
    const { value, gradients } = gradientsOf(() => {
      const logits = logitsOf(model, forward(model, textsOf(rows, offsets)));
      return crossEntropy(logits, tf.tensor1d(targets, 'int32'), tf.tensor1d(batch.weights));
    });
    expectClose([value], [expected.loss], 1e-5, 'loss');
    expectAllClose(gradients, expected.gradients, 1e-4);
  });

  const spoken = [
    { prompt: [1, 5, 6], response: [7, 4] },
    { prompt: [1, 9], response: [8, 8, 10, 12] },
    { prompt: [1, 9], response: [11] },
    { prompt: [1, 9, 4, 5], response: [6, 7, 8] },
  ];
  const texts: TokenRows = padRows(spoken.map(({ prompt, response }) => [...prompt, ...response, 3, 6]));

  test('has the reference’s log-probabilities, and gradients of any sum of them', () => {
    const coefficients = [0.7, -1.9, 0.2, 1.1];
    const expected = referenceLogProbs(TINY, weights, texts, spoken, coefficients);
    tf.tidy(() => {
      const logProbs = responseLogProb(model, texts, spoken);
      expectClose(logProbs.dataSync(), expected.logProbs, 1e-5, 'log-probabilities');
    });
    const { gradients } = gradientsOf(() =>
      tf.sum<tf.Scalar>(tf.mul(responseLogProb(model, texts, spoken), tf.tensor1d(coefficients))),
    );
    expectAllClose(gradients, expected.gradients, 1e-4);
  });

  test('has a preference loss’s gradients by the reference, with its derivatives as coefficients', () => {
    // Pairs (0, 2) and (1, 3); margin m = β·(log π a − log π b − what it was before);
    // L = mean[softplus(m) − p·m], dL/dm = (σ(m) − p)/2.
    const before = [-5, -3];
    const prefer = [0.9, 0.3];
    const beta = 0.5;
    const { logProbs } = referenceLogProbs(TINY, weights, texts, spoken, [0, 0, 0, 0]);
    const slopes = prefer.map((p, i) => {
      const margin = beta * (logProbs[i] - logProbs[i + 2] - before[i]);
      return (beta * (1 / (1 + Math.exp(-margin)) - p)) / 2;
    });
    const coefficients = [...slopes, ...slopes.map((x) => -x)];
    const expected = referenceLogProbs(TINY, weights, texts, spoken, coefficients);
    const { gradients } = gradientsOf(() => {
      const policy = responseLogProb(model, texts, spoken);
      const difference = tf.sub(tf.slice(policy, 0, 2), tf.slice(policy, 2, 2));
      const margin = tf.mul(tf.sub(difference, tf.tensor1d(before)), beta);
      return tf.mean<tf.Scalar>(tf.sub(tf.softplus(margin), tf.mul(tf.tensor1d(prefer), margin)));
    });
    expectAllClose(gradients, expected.gradients, 1e-4);
  });

  test('calls visit at every site in order, and looking changes nothing', () => {
    const expected = Array.from({ length: TINY.layers }, (_, l) =>
      (['residual', 'attended', 'neurons'] as const).map((site) => ({ site, layer: l })),
    ).flat();
    const seen: { site: string; layer: number }[] = [];
    const shapes = new Map<string, number[]>();
    const identity: Visit = (site, layer, x) => {
      seen.push({ site, layer });
      shapes.set(site, x.shape);
      return tf.clone(x);
    };
    tf.tidy(() => {
      const plain = forward(model, textsOf(rows)).dataSync();
      const visited = forward(model, textsOf(rows), identity).dataSync();
      expect(visited).toEqual(plain);
    });
    expect(seen).toEqual([
      ...expected,
      { site: 'residual', layer: TINY.layers },
      { site: 'final', layer: 0 },
    ]);
    expect(new Set(seen.map(({ site }) => site))).toEqual(new Set(Object.keys(SITES)));
    for (const [site, axes] of Object.entries(SITES)) expect(shapes.get(site)).toHaveLength(axes.length);
    expect(shapes.get('neurons')).toEqual([rows.B, rows.T, 4 * TINY.width]);
  });

  test.each(['residual', 'attended', 'neurons', 'final'] as const)(
    'takes what visit returns at %s, with its gradient',
    (site) => {
      const layer = site === 'final' ? 0 : 1;
      const half: Visit = (at, l, x) => (at === site && l === layer ? tf.mul(x, 0.5) : x);
      tf.tidy(() => {
        const plain = forward(model, textsOf(rows)).dataSync();
        const changed = forward(model, textsOf(rows), half).dataSync();
        expect(Array.from(changed)).not.toEqual(Array.from(plain));
      });
      const { gradients } = gradientsOf(() => tf.sum<tf.Scalar>(responseLogProb(model, texts, spoken, half)));
      expect(gradients['transformer.wpe.weight'].some((x) => x !== 0)).toBe(true);
    },
  );

  test('lets text before <gist> reach later tokens through the gist alone', () => {
    const G = 4;
    const texts = padRows([
      [1, 5, 6, 7, 3, 8, 9, 10],
      [1, 11, 12, 5, 3, 8, 9, 10],
    ]);
    /** Puts the first text's residual at `<gist>` into both, at every block. */
    const sameGist: Visit = (site, _, x) => {
      if (site !== 'residual') return x;
      const gist = tf.slice(x, [0, G, 0], [1, 1, TINY.width]);
      const before = tf.slice(x, [0, 0, 0], [2, G, TINY.width]);
      const after = tf.slice(x, [0, G + 1, 0], [2, texts.T - G - 1, TINY.width]);
      return tf.concat<tf.Tensor3D>([before, tf.concat([gist, gist], 0), after], 1);
    };
    const afterGist = (visit?: Visit) => {
      const final = tf.tidy(() => forward(model, textsOf(texts), visit).arraySync());
      return final.map((text) => text.slice(G + 1).flat());
    };
    const [a, b] = afterGist();
    expect(a).not.toEqual(b);
    const [same, other] = afterGist(sameGist);
    expect(other).toEqual(same);
    expect(same).toEqual(a);
  });

  test('padding changes nothing before it', () => {
    const text = [1, 5, 6, 3, 8];
    const final = (length: number) =>
      tf.tidy(() =>
        forward(model, textsOf(padRows([text], length)))
          .dataSync()
          .slice(0, 5 * TINY.width),
      );
    expectClose(final(11), final(5), 1e-6);
  });
});
