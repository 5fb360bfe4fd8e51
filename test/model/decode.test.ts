import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chooseBackend, KeyValueCache, placesOf } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { decode, decodeStep } from '../../src/model/decode.ts';
import { padRows } from '../../src/model/encode.ts';
import { createModel, disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits } from '../../src/model/score.ts';
import { referenceForward } from '../../src/reference/index.ts';
import { expectClose } from './close.ts';
import { livelyWeights, TINY } from './tiny.ts';

const weights = livelyWeights(TINY, 'decode', 0.5);
const { vocabulary: V, positions: P } = TINY;
/** A stream for each text of a seed. */
const streams = (seed: number | string, n = 50) =>
  Array.from({ length: n }, (_, b) => createRandom(seed).fork(b));
/** No token: texts go on as long as they may. */
const NEVER = -1;

/** Probabilities of the token after a text, at a temperature, by the reference. */
function nextToken(text: readonly number[], temperature = 1): Float64Array {
  const all = referenceForward(TINY, weights, padRows([text])).logits;
  const exps = all.slice(-V).map((x) => Math.exp(x / temperature));
  const total = exps.reduce((sum, e) => sum + e, 0);
  return exps.map((e) => e / total);
}

/** How many standard deviations χ² is above what chance gives (Wilson & Hilferty 1931). */
function chiSquareExcess(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let chi = 0;
  let cells = 0;
  const rest = { count: 0, expected: 0 }; // cells too rare for the approximation, together
  const add = (count: number, mean: number) => {
    chi += (count - mean) ** 2 / mean;
    cells += 1;
  };
  for (let i = 0; i < counts.length; i++) {
    if (expected[i] >= 5) {
      add(counts[i], expected[i]);
    } else {
      rest.count += counts[i];
      rest.expected += expected[i];
    }
  }
  if (rest.expected > 0) add(rest.count, rest.expected);
  const freedom = cells - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(chi / freedom) - (1 - spread)) / Math.sqrt(spread);
}

describe.each(['wasm', 'cpu'] as const)('decoding on %s', (backend) => {
  let model: Model;
  let tensors: number;
  beforeAll(async () => {
    await chooseBackend(backend);
    model = createModel(TINY, weights);
  });
  afterAll(() => disposeModel(model));
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

  test('step by step gives the logits of the whole text', async () => {
    const random = createRandom('texts');
    const texts = Array.from({ length: 3 }, () => [
      1,
      ...Array.from({ length: P - 1 }, () => 4 + random.integer(9)),
    ]);
    const whole = await Promise.all(texts.map((text) => logits(model, text)));
    const caches = Array.from({ length: TINY.layers }, () => new KeyValueCache(3, P, TINY.width));
    for (let t = 0; t < P; t++) {
      tf.tidy(() => {
        const tokens = tf.tensor1d(
          Int32Array.from(texts, (text) => text[t]),
          'int32',
        );
        const step = decodeStep(model, caches, tokens, placesOf([0, 1, 2], [t, t, t])).arraySync();
        step.forEach((row, b) => expectClose(row, whole[b][t], 1e-5, `text ${b}, position ${t}`));
      });
    }
    for (const cache of caches) cache.dispose();
  });

  test.each([1, 0.6])(
    'two tokens are drawn with the probabilities of the reference, temperature %d',
    async (temperature) => {
      const n = backend === 'wasm' ? 20_000 : 1_000;
      const prompt = [1, 7, 5];
      const expected = new Float64Array(V * V);
      nextToken(prompt, temperature).forEach((p, a) =>
        nextToken([...prompt, a], temperature).forEach((q, b) => (expected[a * V + b] = n * p * q)),
      );
      const prompts = new Array<number[]>(n).fill(prompt);
      const texts = await decode(model, prompts, streams('chi', n), {
        longest: 2,
        end: NEVER,
        temperature,
      });
      const counts = new Float64Array(V * V);
      for (const {
        tokens: [a, b],
      } of texts)
        counts[a * V + b] += 1;
      const used = expected.filter((x) => x >= 5).length;
      expect(used).toBeGreaterThan(20); // the distribution is no formality
      expect(Math.abs(chiSquareExcess(counts, expected))).toBeLessThan(4);
      // The test can fail: the same counts do not fit the distribution at another temperature.
      const other = new Float64Array(V * V);
      nextToken(prompt, 1.1 * temperature).forEach((p, a) =>
        nextToken([...prompt, a], temperature).forEach((q, b) => (other[a * V + b] = n * p * q)),
      );
      if (backend === 'wasm') expect(chiSquareExcess(counts, other)).toBeGreaterThan(4);
    },
  );

  const prompts = [[1, 5], [1, 6, 7, 8], [1, 9, 4], [1], [1, 12, 11, 10, 4]];

  test('the same stream gives the same texts, another stream others', async () => {
    const options = { longest: 6, end: 4 };
    const texts = await decode(model, prompts, streams(3), options);
    expect(await decode(model, prompts, streams(3), options)).toEqual(texts);
    expect(await decode(model, prompts, streams(4), options)).not.toEqual(texts);
  });

  test('the number of texts and their neighbours do not change a text', async () => {
    const options = { longest: 6, end: 4 };
    const texts = await decode(model, prompts, streams(3), options);
    for (let n = 1; n < prompts.length; n++)
      expect(await decode(model, prompts.slice(0, n), streams(3), options)).toEqual(texts.slice(0, n));
    const others = prompts.map((prompt, b) => (b === 1 ? prompt : [1, 12, 12, 12, 12, 12]));
    expect((await decode(model, others, streams(3), options))[1]).toEqual(texts[1]);
  });

  test('a text ends with its end, at its longest, or where positions end', async () => {
    const many = Array.from({ length: 40 }, (_, i) => prompts[i % prompts.length]);
    const texts = await decode(model, many, streams(5), { longest: 8, end: 4 });
    texts.forEach(({ tokens: text }, b) => {
      const room = Math.min(8, P - many[b].length);
      expect(text.indexOf(4) === -1 ? room : text.indexOf(4) + 1).toBe(text.length);
      expect(text.length).toBeLessThanOrEqual(room);
    });
    expect(texts.some(({ tokens }) => tokens.at(-1) === 4)).toBe(true);
    expect(texts.some(({ tokens }) => tokens.length === 8)).toBe(true);
    expect(texts.some(({ tokens }) => tokens.length === 6)).toBe(true); // 5 + 6 = all positions
  });

  test('temperature 0 takes the most likely token each time', async () => {
    const texts = await decode(model, prompts, streams(1), { longest: 5, end: NEVER, temperature: 0 });
    texts.forEach(({ tokens: text, logProb }, b) => {
      expect(logProb).toBe(0); // nothing is left to chance
      for (let i = 0; i < text.length; i++) {
        const p = nextToken([...prompts[b], ...text.slice(0, i)]);
        expect(text[i]).toBe(p.indexOf(Math.max(...p)));
      }
    });
  });

  test.each([1, 0.6])(
    'how likely a text was to be drawn is what the reference says, temperature %d',
    async (temperature) => {
      const options = { longest: 6, end: 4, temperature };
      const texts = await decode(model, prompts, streams(3), options);
      texts.forEach(({ tokens, logProb }, b) => {
        const each = tokens.map((token, i) =>
          Math.log(nextToken([...prompts[b], ...tokens.slice(0, i)], temperature)[token]),
        );
        expect(logProb).toBeCloseTo(
          each.reduce((sum, x) => sum + x, 0),
          4,
        );
      });
    },
  );

  test('no prompts give no texts', async () => {
    expect(await decode(model, [], streams(1), { longest: 5, end: 4 })).toEqual([]);
  });
});
