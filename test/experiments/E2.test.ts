/** E2 on models that know nothing, and the whole text's verdicts against those on stored gists. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONSTITUTIONS, SOME } from '../../src/experiments/E2/constitutions.ts';
import { E2 } from '../../src/experiments/E2/claim.ts';
import { named } from '../../src/experiments/framework/experiment.ts';
import { corpusResponses } from '../../src/analysis/sample.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits } from '../../src/model/score.ts';
import { readConstitution } from '../../src/values/constitution.ts';
import { readGists, withData } from '../../src/values/gists.ts';
import { unmaskedVerdicts } from '../../src/values/unmasked.ts';
import { NO_PRINCIPLE } from '../../src/values/verdicts.ts';
import { encode } from '../../src/world/tokenizer.ts';
import { smallModel } from '../values/small.ts';
import { memoryCache, resultFor, tinyModels } from './tiny.ts';

const CONFIG = {
  seeds: [5],
  situations: 5,
  each: 5,
  constitutions: ['care', 'honesty and freedom', 'power', 'politeness'],
  some: ['care', 'power'],
  ranks: 2,
};

test('asks at least forty constitutions that are known, of the kind they are listed as, each once', () => {
  const texts = Object.values(CONSTITUTIONS).flat();
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.length).toBeGreaterThanOrEqual(40);
  for (const [kind, list] of Object.entries(CONSTITUTIONS))
    for (const text of list) {
      const { phrases, questions } = readConstitution(text);
      expect(questions).toHaveLength(1);
      expect(phrases.map(({ known, anti }) => [known, anti])).toEqual(
        phrases.map(() => [true, kind === 'anti']),
      );
    }
  expect(texts).toEqual(expect.arrayContaining([...SOME]));
});

test('is deterministic, goes on from kept parts, and leaves no tensor', async () => {
  await chooseBackend('wasm');
  const before = tf.memory().numTensors;
  const cache = memoryCache();
  const models = tinyModels();
  const first = await resultFor(E2, CONFIG, models, cache);
  expect(tf.memory().numTensors).toBe(before);
  expect(models.loaded).toEqual(['base', 'no-bottleneck']);
  expect(await resultFor(E2, CONFIG, models, cache)).toEqual(first);
  expect(models.loaded).toHaveLength(2); // nothing was left to do
  expect(named(first.estimates, 'kept with prompted, rank 2').n).toBe(5);
  expect(first.series[0].shape).toEqual([4, 5]);
});

test('the claim does not hold of models that know nothing, nor when a model is missing', async () => {
  const result = await resultFor(E2, CONFIG, tinyModels(['no-bottleneck']));
  expect(result.holds).toBe(false);
  expect(result.notes.join()).toContain('missing');
});

let model: Model;
beforeAll(async () => {
  model = await smallModel(7);
});
afterAll(() => disposeModel(model));

test('without the mask a verdict is the logits of a text that has none', async () => {
  const { responses } = corpusResponses(3, 4, 3);
  const question = 'by care , that is';
  const scores = await unmaskedVerdicts(model, responses, question);
  const [good, bad, gist] = encode('good bad <gist>');
  for (const [i, { prompt, response }] of responses.entries()) {
    // Read before a second <gist>, which is where the model's mask begins: none of it acts on what came before.
    const text = [...prompt, ...response, gist, ...encode(question)];
    const last = (await logitsUnmasked(text)).at(-1);
    expect(scores[i]).toBeCloseTo(last[good] - last[bad], 3);
  }
});

/** The model's own logits of a text with `<gist>` read as any other token. */
async function logitsUnmasked(ids: readonly number[]): Promise<number[][]> {
  const gist = encode('<gist>')[0];
  // The embedding of <gist> is given to a word that the text lacks, so that no mask is made.
  const spare = encode('sure')[0];
  const D = model.config.width;
  const wte = model.parameters['transformer.wte.weight'];
  const before = wte.dataSync().slice();
  const changed = before.slice();
  changed.copyWithin(spare * D, gist * D, (gist + 1) * D);
  wte.assign(tf.tensor2d(changed, wte.shape as [number, number]));
  const rows = await logits(
    model,
    ids.map((id) => (id === gist ? spare : id)),
  );
  wte.assign(tf.tensor2d(before, wte.shape as [number, number]));
  return rows;
}

test('putting the gist back where it was changes nothing, putting another one does', async () => {
  const { responses } = corpusResponses(3, 4, 3);
  const { gists } = await readGists(model, responses);
  const clean = await unmaskedVerdicts(model, responses, NO_PRINCIPLE);
  const same = await unmaskedVerdicts(model, responses, NO_PRINCIPLE, gists);
  same.forEach((s, i) => expect(s).toBeCloseTo(clean[i], 3));
  const other = withData(
    gists,
    gists.data.map((x) => 2 - x),
  );
  const changed = await unmaskedVerdicts(model, responses, NO_PRINCIPLE, other);
  expect(Math.max(...changed.map((s, i) => Math.abs(s - clean[i])))).toBeGreaterThan(0.01);
});
