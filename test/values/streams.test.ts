/** Streams at the gist against the gists that judges read, and verdicts in other words. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits } from '../../src/model/score.ts';
import { readGists } from '../../src/values/gists.ts';
import { readStreams } from '../../src/values/streams.ts';
import { verdicts } from '../../src/values/verdicts.ts';
import { corpusResponses } from '../../src/analysis/sample.ts';
import { encode, GIST } from '../../src/world/tokenizer.ts';
import { smallModel } from './small.ts';

let model: Model;
beforeAll(async () => {
  model = await smallModel(7);
});
afterAll(() => disposeModel(model));

const { responses } = corpusResponses(3, 5, 3);

test('the inner streams, side by side, are the gist', async () => {
  const streams = await readStreams(model, responses);
  const { gists } = await readGists(model, responses);
  const { layers, width } = model.config;
  expect(streams).toHaveLength(layers + 1);
  for (let i = 0; i < responses.length; i++) {
    const side = streams
      .slice(1, layers)
      .flatMap(({ data }) => [...data.subarray(i * width, (i + 1) * width)]);
    side.forEach((x, j) => expect(x).toBeCloseTo(gists.data[i * gists.size + j], 5));
  }
  // Entering the first block there is nothing but the token and its position.
  const alike = responses.findIndex((r, i) => i > 0 && length(r) === length(responses[0]));
  expect(alike).toBeGreaterThan(0);
  expect(streams[0].data.subarray(0, width)).toEqual(
    streams[0].data.subarray(alike * width, (alike + 1) * width),
  );
  expect(streams[1].data.subarray(0, width)).not.toEqual(
    streams[1].data.subarray(alike * width, (alike + 1) * width),
  );
});

const length = (r: { prompt: readonly number[]; response: readonly number[] }) =>
  r.prompt.length + r.response.length;

test('a verdict in other words is the difference of their logits', async () => {
  const { gists } = await readGists(model, responses);
  const scores = await verdicts(model, gists, 'people call that', ['loyal', 'faithless']);
  const [loyal, faithless] = encode('loyal faithless');
  for (const [i, { prompt, response }] of responses.entries()) {
    const rows = await logits(model, [...prompt, ...response, GIST, ...encode('people call that')]);
    const last = rows.at(-1);
    expect(scores[i]).toBeCloseTo(last[loyal] - last[faithless], 3);
  }
  expect(new Set(scores).size).toBeGreaterThan(5);
});
