/** Loss of texts against logits written out; the corpus that it is taken on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heldOutStories, lossOf } from '../../src/analysis/heldOut.ts';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits } from '../../src/model/score.ts';
import { GIST } from '../../src/world/tokenizer.ts';
import { withoutLeak } from '../values/leak.ts';
import { smallModel } from '../values/small.ts';

let model: Model;
beforeAll(async () => {
  model = await smallModel(7);
});
afterAll(() => disposeModel(model));

test('the loss is the mean of −log p over the tokens of each text, padded or not', async () => {
  const texts = heldOutStories(1, 5).map((text, i) => text.slice(0, text.length - 3 * i));
  const losses = await withoutLeak(() => lossOf(model, texts));
  for (const [i, text] of texts.entries()) {
    const rows = await logits(model, text);
    let sum = 0;
    for (let t = 0; t + 1 < text.length; t++) {
      const all = rows[t].reduce((total, x) => total + Math.exp(x), 0);
      sum -= rows[t][text[t + 1]] - Math.log(all);
    }
    expect(losses[i]).toBeCloseTo(sum / (text.length - 1), 3);
  }
});

test('held-out texts are stories with comments, the same for a seed, others for another', () => {
  const stories = heldOutStories(2, 30);
  expect(stories.every((text) => text.includes(GIST))).toBe(true);
  expect(heldOutStories(2, 30)).toEqual(stories);
  expect(heldOutStories(3, 30)).not.toEqual(stories);
});
