/** A checkpoint as a Hugging Face folder: which files it has, and what is in them. Files are the caller's matter. */
import {
  readConfig,
  readTokenizer,
  writeConfig,
  writeTokenizer,
  writeTokenizerConfig,
} from './checkpoint.ts';
import type { ModelConfig } from './config.ts';
import { CheckpointError } from './error.ts';
import { checkFits } from './fits.ts';
import { readJson } from './json.ts';
import type { Weights } from './parameters.ts';
import { parseSafetensors, weightsOf, writeSafetensors, type StoredTensor } from './safetensors.ts';

const WEIGHTS = 'model.safetensors';
const INDEX = `${WEIGHTS}.index.json`;

/** The files of a model that this code writes, by name: three that it reads, and one for other readers. */
export function checkpointFiles(
  config: ModelConfig,
  weights: Weights,
): Record<string, Uint8Array<ArrayBuffer>> {
  return {
    'config.json': json(writeConfig(config)),
    ...tokenizerFiles(config),
    [WEIGHTS]: writeSafetensors(config, weights),
  };
}

/** The files of the tokenizer alone: the world's, the same for every model but for its longest text. */
export const tokenizerFiles = (config: ModelConfig): Record<string, Uint8Array<ArrayBuffer>> => ({
  'tokenizer.json': json(writeTokenizer()),
  'tokenizer_config.json': json(writeTokenizerConfig(config)),
});

const json = (value: object) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

/** Bytes of a file of the folder; null where it has none of that name. */
export type ReadFile = (name: string) => Promise<Uint8Array | null>;

/**
 * Reads a model that lives in this world: its weights in one file, or in several that an index names. Throws CheckpointError
 * with the reason when it cannot be, and whatever `read` throws. `file` is that of the weights, where a folder has several: a moment of a training.
 */
export async function readCheckpoint(
  read: ReadFile,
  file = WEIGHTS,
): Promise<{ config: ModelConfig; weights: Weights }> {
  const need = async (name: string) => {
    const bytes = await read(name);
    if (!bytes) throw new CheckpointError(`its file ${name} is missing`);
    return bytes;
  };
  const [json, tokenizer, whole] = await Promise.all([
    need('config.json'),
    need('tokenizer.json'),
    read(file),
  ]);
  const config = readConfig(readJson('config.json', json));
  checkFits(config, readTokenizer(readJson('tokenizer.json', tokenizer)));
  const index = whole || file !== WEIGHTS ? null : await read(INDEX);
  if (!whole && !index) throw new CheckpointError(`its file ${file} is missing`);
  const tensors = whole ? parseSafetensors(whole) : await readShards(readJson(INDEX, index!), need);
  return { config, weights: weightsOf(config, tensors) };
}

/** The tensors of all files that an index names, each from the file that it says. */
async function readShards(
  json: unknown,
  need: (name: string) => Promise<Uint8Array>,
): Promise<Map<string, StoredTensor>> {
  const { weight_map: map } = (json ?? {}) as { weight_map?: unknown };
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw new CheckpointError(`${INDEX} has no weight_map`);
  const places = new Map(Object.entries(map as Record<string, unknown>));
  const tensors = new Map<string, StoredTensor>();
  for (const file of new Set(places.values())) {
    if (typeof file !== 'string' || !/^[\w-][\w.-]*\.safetensors$/.test(file))
      throw new CheckpointError(`${INDEX}: ${JSON.stringify(file)} is not the name of a safetensors file`);
    for (const [name, tensor] of parseSafetensors(await need(file))) {
      if (places.get(name) !== file)
        throw new CheckpointError(`tensor "${name}" is in ${file}, where ${INDEX} does not have it`);
      tensors.set(name, tensor);
    }
  }
  const lost = [...places.keys()].find((name) => !tensors.has(name));
  if (lost !== undefined)
    throw new CheckpointError(
      `tensor "${lost}" is not in ${String(places.get(lost))}, where ${INDEX} has it`,
    );
  return tensors;
}
