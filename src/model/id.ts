import { contentHash } from '../math/hash.ts';
import type { ModelConfig } from './config.ts';
import { parameterTable, type Weights } from './parameters.ts';

/**
 * What a model is: the hash of its content, 16 hexadecimal digits. The same numbers in the same shape have the same id in
 * whatever file they lie; run.json, results, recordings, links and every call of the engine name a model by it.
 */
export type ModelId = string;

/** The hash of a model's shape and of all of its weights as float32, in the order of the parameter table. */
export function modelId(config: ModelConfig, weights: Weights): Promise<ModelId> {
  const { vocabulary, positions, width, layers, heads } = config;
  const shape = new TextEncoder().encode(JSON.stringify([vocabulary, positions, width, layers, heads]));
  const lists = parameterTable(config).map(({ name }) => weights[name]);
  const bytes = new Uint8Array(shape.length + lists.reduce((sum, list) => sum + list.byteLength, 0));
  bytes.set(shape);
  let at = shape.length;
  for (const { buffer, byteOffset, byteLength } of lists) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return contentHash(bytes);
}
