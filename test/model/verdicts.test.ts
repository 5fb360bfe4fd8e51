/** Judging from stored gists, by the question alone, against reading the whole text with the gist mask. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { gistSize, type ModelConfig } from '../../src/model/config.ts';
import { padRows } from '../../src/model/encode.ts';
import { createModel, disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits, logProbs, type Spoken } from '../../src/model/score.ts';
import { referenceForward, referenceLogProbs } from '../../src/reference/index.ts';
import { readGists, withData } from '../../src/values/gists.ts';
import { questionOf, verdicts } from '../../src/values/verdicts.ts';
import { documentAt } from '../../src/world/documents.ts';
import { BOS, encode, GIST, VOCABULARY } from '../../src/world/tokenizer.ts';
import { expectClose } from './close.ts';
import { livelyWeights } from './tiny.ts';

const CONFIG: ModelConfig = { vocabulary: VOCABULARY.length, positions: 64, width: 15, layers: 3, heads: 3 };
const weights = livelyWeights(CONFIG, 'verdicts', 0.7);
const [GOOD, BAD] = encode('good bad');

/** Stories of the corpus: texts of several lengths. */
const stories: Spoken[] = Array.from({ length: 16 }, (_, i) => documentAt('verdicts', i))
  .filter((document) => document.kind === 'story')
  .map(({ prompt, response }) => ({ prompt: [BOS, ...encode(prompt)], response: encode(response) }));

const QUESTIONS = [[], ['honesty'], ['the plain truth', 'care', 'loyalty']].map(questionOf);

describe.each(['wasm', 'cpu'] as const)('verdicts on %s', (backend) => {
  let model: Model;
  let tensors: number;
  beforeAll(async () => {
    await chooseBackend(backend);
    model = createModel(CONFIG, weights);
  });
  afterAll(() => disposeModel(model));
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

  test.each(QUESTIONS)('“%s” asked of stored gists is asked of the whole text', async (question) => {
    const { gists } = await readGists(model, stories);
    const scores = await verdicts(model, gists, question);
    const whole: number[] = [];
    for (const { prompt, response } of stories) {
      const text = [...prompt, ...response, GIST, ...encode(question)];
      const last = (await logits(model, text)).at(-1);
      whole.push(last[GOOD] - last[BAD]);
    }
    expectClose(scores, whole, 1e-4);
    expect(new Set(whole.map((s) => s.toFixed(3))).size).toBeGreaterThan(stories.length / 2);
  });

  test('gists and log-probabilities are the reference’s', async () => {
    const { gists, logProbs: scores } = await readGists(model, stories);
    expect(gists).toMatchObject({ count: stories.length, size: gistSize(CONFIG) });
    const rows = padRows(stories.map(({ prompt, response }) => [...prompt, ...response, GIST]));
    expect(gists.positions).toEqual(rows.gists);
    const { residuals } = referenceForward(CONFIG, weights, rows);
    const D = CONFIG.width;
    const expected = stories.flatMap((_, b) =>
      [1, 2].flatMap((l) => {
        const at = (b * rows.T + rows.gists[b]) * D;
        return Array.from(residuals[l].subarray(at, at + D));
      }),
    );
    expectClose(gists.data, expected, 1e-5, 'gists');
    const reference = referenceLogProbs(CONFIG, weights, rows, stories, new Float64Array(rows.B));
    expectClose(scores, reference.logProbs, 1e-5, 'log-probabilities');
    expectClose(await logProbs(model, stories), reference.logProbs, 1e-5, 'without <gist>');
  });

  test('another gist in the same place has its own verdict', async () => {
    const { gists } = await readGists(model, stories);
    const n = gists.count;
    const turned = new Float32Array(gists.data.length); // each text is given its neighbour's gist
    for (let i = 0; i < n; i++)
      turned.set(
        gists.data.subarray(((i + 1) % n) * gists.size, (((i + 1) % n) + 1) * gists.size),
        i * gists.size,
      );
    const positions = new Int32Array(n).fill(gists.positions[0]);
    const there = await verdicts(model, { ...gists, positions }, QUESTIONS[1]);
    const moved = await verdicts(model, withData({ ...gists, positions }, turned), QUESTIONS[1]);
    expectClose(moved, [...there.subarray(1), there[0]], 1e-6);
  });

  test('a question that does not fit is refused', async () => {
    const { gists } = await readGists(model, stories);
    const long = questionOf(new Array<string>(22).fill('honesty'));
    await expect(verdicts(model, gists, long)).rejects.toThrow(RangeError);
  });
});

test('chunks change nothing', { timeout: 60_000 }, async () => {
  await chooseBackend('wasm');
  const model = createModel(CONFIG, weights);
  const many = Array.from({ length: 700 }, (_, i) => stories[(i * i) % stories.length]);
  const few = await readGists(model, stories);
  const { gists, logProbs: scores } = await readGists(model, many);
  const expected = await verdicts(model, few.gists, QUESTIONS[1]);
  const all = await verdicts(model, gists, QUESTIONS[1]);
  many.forEach((spoken, i) => {
    const b = stories.indexOf(spoken);
    expect(all[i]).toBeCloseTo(expected[b], 4);
    expect(scores[i]).toBeCloseTo(few.logProbs[b], 3);
  });
  disposeModel(model);
});
