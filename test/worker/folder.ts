/** Checkpoint folders of small models, for the worker's fetch and for the command line. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelConfig } from '../../src/model/config.ts';
import { checkpointFiles } from '../../src/model/folder.ts';
import type { Weights } from '../../src/model/parameters.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';

export type FileName = 'config.json' | 'tokenizer.json' | 'model.safetensors';

/** An empty folder under the system's temporary one, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'latent-values-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes a model's files. */
export function writeFolder(path: string, config: ModelConfig, weights: Weights): string {
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of Object.entries(checkpointFiles(config, weights)))
    writeFileSync(join(path, name), bytes);
  return path;
}

/** A copy of a folder with one file changed; null leaves the file out. */
export function damagedCopy(
  from: string,
  to: string,
  file: FileName,
  change: ((bytes: Buffer) => Uint8Array | string) | null,
): string {
  mkdirSync(to, { recursive: true });
  for (const name of ['config.json', 'tokenizer.json', 'model.safetensors'] as const) {
    const bytes = readFileSync(join(from, name));
    if (name !== file) writeFileSync(join(to, name), bytes);
    else if (change) writeFileSync(join(to, name), change(bytes));
  }
  return to;
}

/** Changes fields of a JSON file. */
export function edited(fields: Record<string, unknown>) {
  return (bytes: Buffer) => JSON.stringify({ ...(JSON.parse(bytes.toString()) as object), ...fields });
}

type Damage = [what: string, file: FileName, change: ((bytes: Buffer) => Uint8Array | string) | null];

/** All the ways in which a folder can be no model, each with what is wrong. */
export const DAMAGES: Damage[] = [
  ['no config', 'config.json', null],
  ['no tokenizer', 'tokenizer.json', null],
  ['no weights', 'model.safetensors', null],
  ['config that is no JSON', 'config.json', () => '{"model_type": "gpt2",'],
  ['config that is a list', 'config.json', () => '[]'],
  ['another model type', 'config.json', edited({ model_type: 'llama' })],
  ['a width that heads do not divide', 'config.json', edited({ n_head: 3 })],
  ['a larger width than its weights', 'config.json', edited({ n_embd: 32 })],
  ['too few positions', 'config.json', edited({ n_positions: 16 })],
  ['another number of tokens', 'config.json', edited({ vocab_size: VOCABULARY.length - 1 })],
  ['one block', 'config.json', edited({ n_layer: 1 })],
  ['more blocks than its weights', 'config.json', edited({ n_layer: 4 })],
  ['a tokenizer of other words', 'tokenizer.json', (b) => b.toString().replace('"honesty"', '"honestee"')],
  ['a tokenizer without words', 'tokenizer.json', () => '{"model":{}}'],
  ['weights cut off', 'model.safetensors', (b) => b.subarray(0, b.length - 100)],
  ['weights of a few bytes', 'model.safetensors', (b) => b.subarray(0, 5)],
  ['weights that are a web page', 'model.safetensors', () => '<!doctype html><p>Not found</p>'],
  ['weights that are not finite', 'model.safetensors', (b) => Buffer.from(b).fill(0xff, b.length - 64)],
];
