/** Checkpoints against an independent GPT-2: what is written here is a model that others can run. */
import * as tf from '@tensorflow/tfjs-core';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { configOf } from '../../src/model/config.ts';
import { padRows } from '../../src/model/encode.ts';
import { checkpointFiles, readCheckpoint } from '../../src/model/folder.ts';
import { forward, logitsOf } from '../../src/model/forward.ts';
import { createModel, disposeModel, type Model } from '../../src/model/parameters.ts';
import { logits, textsOf } from '../../src/model/score.ts';
import { documentAt } from '../../src/world/documents.ts';
import { GIST, VOCABULARY } from '../../src/world/tokenizer.ts';
import { GPT2, type Row } from './huggingface.ts';
import { livelyWeights } from './tiny.ts';

/** A folder that this code has just written, of a model that was never trained. */
function writtenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latent-values-gpt2-'));
  const config = configOf(VOCABULARY.length, 24, 2);
  for (const [name, bytes] of Object.entries(checkpointFiles(config, livelyWeights(config, 'gpt2'))))
    writeFileSync(join(folder, name), bytes);
  return folder;
}

const SHIPPED = join(import.meta.dirname, '../../public/models/base');
const isShipped = existsSync(join(SHIPPED, 'model.safetensors'));
if (!isShipped) console.warn('skipped: the shipped model, because public/models/base is not there yet');
const written = writtenFolder();
afterAll(() => rmSync(written, { recursive: true }));

describe.each([
  { what: 'a written checkpoint', folder: written, present: true },
  { what: 'the shipped checkpoint', folder: SHIPPED, present: isShipped },
])('$what', ({ folder, present }) => {
  let gpt2: GPT2;
  let model: Model;
  beforeAll(async () => {
    if (!present) return;
    await chooseBackend('wasm');
    gpt2 = new GPT2(folder);
    const { config, weights } = await readCheckpoint(async (name) => readFileSync(join(folder, name)));
    model = createModel(config, weights);
  });
  afterAll(() => {
    if (present) disposeModel(model);
  });

  const documents = Array.from({ length: 24 }, (_, i) => documentAt('gpt2', i));
  const withGist = documents.filter(({ kind }) => kind === 'story').slice(0, 4);
  const without = documents.filter(({ kind }) => kind === 'request').slice(0, 2);

  /** The largest difference of any logit at any position. */
  function difference(a: Row[], b: Row[]): number {
    expect(a.length).toBe(b.length);
    return Math.max(...a.flatMap((row, t) => row.map((x, v) => Math.abs(x - b[t][v]))));
  }

  test.skipIf(!present)('is GPT-2 with the gist mask', async () => {
    for (const { text } of withGist) {
      const ids = gpt2.encode(text);
      const masked = gpt2.logits(ids, true);
      expect(difference(await logits(model, ids), masked)).toBeLessThan(1e-3);
      expect(difference(masked, gpt2.logits(ids, false))).toBeGreaterThan(0.1);
    }
  });

  test.skipIf(!present)('is GPT-2 to the letter without it', async () => {
    for (const { text } of without) {
      const ids = gpt2.encode(text);
      expect(ids).not.toContain(GIST);
      expect(difference(await logits(model, ids), gpt2.logits(ids, false))).toBeLessThan(1e-3);
    }
    for (const { text } of withGist.slice(0, 2)) {
      const ids = gpt2.encode(text);
      const rows = padRows([ids]);
      rows.gists.fill(rows.T); // nothing is hidden
      const unmasked = tf.tidy(() => logitsOf(model, forward(model, textsOf(rows))).arraySync());
      expect(difference(unmasked, gpt2.logits(ids, false))).toBeLessThan(1e-3);
    }
  });
});
