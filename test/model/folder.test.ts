/** A checkpoint's files: what is written comes back, from one file or from shards, and what does not belong is named. */
import { expect, test } from 'vitest';
import { configOf } from '../../src/model/config.ts';
import { CheckpointError } from '../../src/model/error.ts';
import { checkpointFiles, readCheckpoint } from '../../src/model/folder.ts';
import { roundWeights } from '../../src/model/safetensors.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';
import { parseSafetensors } from './safetensors.ts';
import { livelyWeights } from './tiny.ts';

const config = configOf(VOCABULARY.length, 8, 2);
const weights = livelyWeights(config, 'folder');
const files = checkpointFiles(config, weights);
const model = { config, weights: roundWeights(weights) };

type Files = Record<string, Uint8Array | undefined>;
const open = (folder: Files) => readCheckpoint(async (name) => folder[name] ?? null);
const bytes = (text: string) => new TextEncoder().encode(text);
const marked = (file: Uint8Array) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), file]);

test('what is written is read, with byte-order marks before its JSON too', async () => {
  expect(await open(files)).toEqual(model);
  const folder = { ...files, 'config.json': marked(files['config.json']) };
  expect(await open({ ...folder, 'tokenizer.json': marked(files['tokenizer.json']) })).toEqual(model);
});

test.each(['config.json', 'tokenizer.json', 'model.safetensors'])('without %s it is told', async (name) => {
  await expect(open({ ...files, [name]: undefined })).rejects.toThrow(`its file ${name} is missing`);
});

test.each(['config.json', 'tokenizer.json'])('a key twice in %s is told', async (name) => {
  const [key] = Object.keys(JSON.parse(new TextDecoder().decode(files[name])) as object);
  const twice = new TextDecoder().decode(files[name]).replace('{', `{"${key}": 1,`);
  const opened = open({ ...files, [name]: bytes(twice) });
  await expect(opened).rejects.toThrow(`${name} has the key "${key}" twice`);
});

/** A shard of some tensors of the whole file, as another writer would make it. */
function shard(names: readonly string[]): Uint8Array {
  const { tensors } = parseSafetensors(files['model.safetensors']);
  const header: Record<string, object> = {};
  let at = 0;
  for (const name of names) {
    const { shape, values } = tensors.get(name)!;
    header[name] = { dtype: 'F32', shape, data_offsets: [at, (at += 4 * values.length)] };
  }
  const text = bytes(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = names.map((name) => Buffer.from(Float32Array.from(tensors.get(name)!.values).buffer));
  return Buffer.concat([length, text, ...data]);
}

const names = Object.keys(weights);
const [A, B] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
const map = Object.fromEntries(names.map((name, i) => [name, i < 5 ? A : B]));
const index = (weight_map: unknown) => bytes(JSON.stringify({ metadata: { total_size: 1 }, weight_map }));
const sharded: Files = {
  ...files,
  'model.safetensors': undefined,
  'model.safetensors.index.json': index(map),
  [A]: shard(names.slice(0, 5)),
  [B]: shard(names.slice(5)),
};

test('shards are read as one model', async () => {
  expect(await open(sharded)).toEqual(model);
});

test.each<[string, Files, string]>([
  ['a shard that is not there', { [B]: undefined }, `its file ${B} is missing`],
  ['a tensor in two shards', { [B]: shard(names.slice(4)) }, `"${names[4]}" is in ${B}`],
  ['a tensor in no shard', { [B]: shard(names.slice(6)) }, `"${names[5]}" is not in ${B}`],
  [
    'a shard outside the folder',
    { 'model.safetensors.index.json': index({ a: '../a.safetensors' }) },
    '"../a.safetensors" is not the name',
  ],
  ['a shard that is no name', { 'model.safetensors.index.json': index({ a: 1 }) }, '1 is not the name'],
  ['an index without its map', { 'model.safetensors.index.json': bytes('{}') }, 'has no weight_map'],
  [
    'an index that is a page',
    { 'model.safetensors.index.json': bytes('<!doctype html>') },
    'index.json is not JSON',
  ],
])('%s is refused by name', async (_, change, why) => {
  const opened = open({ ...sharded, ...change });
  await expect(opened).rejects.toThrow(CheckpointError);
  await expect(opened).rejects.toThrow(why);
});
