/** What a model is called: by its content alone. */
import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { contentHash } from '../../src/math/hash.ts';
import { readSafetensors, roundWeights, writeSafetensors } from '../../src/model/safetensors.ts';
import { modelId } from '../../src/model/id.ts';
import { parameterTable } from '../../src/model/parameters.ts';
import { livelyWeights, TINY } from './tiny.ts';

afterEach(() => void vi.unstubAllGlobals());

const weights = roundWeights(livelyWeights(TINY, 'id'));

test('a content hash is the start of Node’s SHA-256, also where the browser has none to offer', async () => {
  for (const length of [0, 1, 55, 56, 64, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (31 * i) % 256);
    const expected = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    expect(await contentHash(bytes)).toBe(expected);
    vi.stubGlobal('crypto', {});
    expect(await contentHash(bytes)).toBe(expected);
    vi.unstubAllGlobals();
  }
});

test('an id is the hash of the shape and of every weight as float32, in the order of the table', async () => {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([TINY.vocabulary, TINY.positions, TINY.width, TINY.layers, TINY.heads]));
  for (const { name } of parameterTable(TINY)) for (const x of weights[name]) hash.update(bytesOf(x));
  expect(await modelId(TINY, weights)).toBe(hash.digest('hex').slice(0, 16));
});

test('a model that was written and read has its id; whatever else changes has another', async () => {
  const id = await modelId(TINY, weights);
  expect(await modelId(TINY, readSafetensors(TINY, writeSafetensors(TINY, weights)))).toBe(id);
  const ids = new Set([id]);
  for (const { name } of parameterTable(TINY)) {
    const changed = { ...weights, [name]: weights[name].slice() };
    changed[name][0] = Math.fround(changed[name][0] + 0.25);
    ids.add(await modelId(TINY, changed));
  }
  ids.add(await modelId({ ...TINY, heads: 2 * TINY.heads }, weights)); // no weight tells how many heads there are
  expect(ids.size).toBe(parameterTable(TINY).length + 2);
});

function bytesOf(x: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, x, true);
  return bytes;
}
