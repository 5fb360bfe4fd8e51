/**
 * Weights as safetensors bytes with GPT-2's names, written as float16, read strictly: what is in a file is either a weight of
 * the model, or known to change nothing, or refused by its name.
 * Format: github.com/huggingface/safetensors (8 bytes header length, JSON header, raw little-endian data).
 */
import type { ModelConfig } from './config.ts';
import { CheckpointError } from './error.ts';
import { fromHalf, toHalf } from './half.ts';
import { readJson } from './json.ts';
import { parameterTable, sizeOf, type Weights } from './parameters.ts';

/** Rounds weights to float16 and back: what is shipped is what is measured. */
export function roundWeights(weights: Weights): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, w]) => [name, w.map((x) => fromHalf(toHalf(x)))]),
  );
}

/** safetensors bytes of the weights, as float16 in the order of the parameter table. */
export function writeSafetensors(config: ModelConfig, weights: Weights): Uint8Array<ArrayBuffer> {
  const table = parameterTable(config);
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const { name, shape } of table) {
    const bytes = 2 * sizeOf(shape);
    header[name] = { dtype: 'F16', shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8; // data is aligned to 8 bytes; the header may end in spaces
  const file = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  let at = 8 + padded;
  for (const { name } of table) for (const x of weights[name]) view.setUint16((at += 2) - 2, toHalf(x), true);
  return file;
}

/** Bytes of one element, by the format's names of types. */
const BYTES: ReadonlyMap<string, number> = new Map([
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3'].map((type) => [type, 1] as const),
  ...['U16', 'I16', 'F16', 'BF16'].map((type) => [type, 2] as const),
  ...['U32', 'I32', 'F32'].map((type) => [type, 4] as const),
  ...['U64', 'I64', 'F64'].map((type) => [type, 8] as const),
]);

/** A tensor as it lies in a file. */
export interface StoredTensor {
  dtype: string;
  shape: number[];
  data: Uint8Array;
}

/**
 * The tensors of a file. Throws CheckpointError unless their places cover the data exactly, each byte once, as the format
 * asks.
 */
export function parseSafetensors(file: Uint8Array): Map<string, StoredTensor> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = file.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (8 + length > file.length)
    throw new CheckpointError('the weights are cut off: not a whole safetensors file');
  const data = file.subarray(8 + length);
  const tensors = new Map<string, StoredTensor>();
  const places: { name: string; from: number; to: number }[] = [];
  for (const [name, entry] of Object.entries(readHeader(file.subarray(8, 8 + length)))) {
    if (name === '__metadata__') continue;
    if (!isEntry(entry)) throw new CheckpointError(`tensor "${name}" is not described as the format asks`);
    const { dtype, shape, data_offsets: offsets } = entry;
    const bytes = BYTES.get(dtype);
    if (bytes === undefined) throw new CheckpointError(`tensor "${name}" is of an unknown type, "${dtype}"`);
    const [from, to] = offsets;
    if (to - from !== bytes * sizeOf(shape) || to > data.length)
      throw new CheckpointError(`tensor "${name}" is cut off: the file is damaged`);
    tensors.set(name, { dtype, shape, data: data.subarray(from, to) });
    places.push({ name, from, to });
  }
  places.sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of places) {
    if (from !== end)
      throw new CheckpointError(
        `tensor "${name}" ${from < end ? 'lies on another one' : 'has a hole before it'}: the file is damaged`,
      );
    end = to;
  }
  if (end !== data.length)
    throw new CheckpointError('the weights do not end where their header says: the file is damaged');
  return tensors;
}

function readHeader(bytes: Uint8Array): object {
  // A page of HTML is no header, nor is what begins with a byte-order mark.
  const header = bytes[0] === 0x7b ? readJson('the header of the weights', bytes) : null;
  if (typeof header !== 'object' || header === null)
    throw new CheckpointError('the weights have no readable header: not a safetensors file');
  return header;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function isEntry(entry: unknown): entry is Entry {
  const { dtype, shape, data_offsets: offsets, ...more } = (entry ?? {}) as Partial<Entry>;
  const sizes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  const alone = Object.keys(more).length === 0;
  return alone && typeof dtype === 'string' && sizes(shape) && sizes(offsets) && offsets.length === 2;
}

/** The causal masks that older versions of GPT-2 kept beside its weights; its readers leave them out. */
const MASK = /^(transformer\.)?h\.(\d+)\.attn\.(masked_)?bias$/;
const HEAD = 'lm_head.weight';

/**
 * A model's weights from the tensors of its files (F16 or F32, their names with or without "transformer."). Throws
 * CheckpointError when one is missing or does not fit the config, and when there is one that the model does not have.
 */
export function weightsOf(config: ModelConfig, tensors: ReadonlyMap<string, StoredTensor>): Weights {
  const left = new Set(tensors.keys());
  const weights: Weights = {};
  for (const { name, shape } of parameterTable(config)) {
    const short = name.replace(/^transformer\./, '');
    const [found, ...again] = [name, short].filter((one) => left.delete(one));
    if (found === undefined) throw new CheckpointError(`the weights have no tensor "${name}"`);
    if (again.length > 0) throw new CheckpointError(`the weights have the tensor "${short}" under two names`);
    weights[name] = numbersOf(name, tensors.get(found)!, shape);
  }
  const head = tensors.get(HEAD);
  if (head && left.delete(HEAD)) {
    const tied = 'transformer.wte.weight';
    const numbers = numbersOf(HEAD, head, [config.vocabulary, config.width]);
    if (numbers.some((x, i) => x !== weights[tied][i]))
      throw new CheckpointError(`tensor "${HEAD}" is not "${tied}", to which this model ties it`);
  }
  for (const name of left) {
    const block = MASK.exec(name)?.[2];
    if (block === undefined || Number(block) >= config.layers)
      throw new CheckpointError(`tensor "${name}" is none of this model’s`);
  }
  return weights;
}

function numbersOf(name: string, { dtype, shape, data }: StoredTensor, wanted: readonly number[]) {
  if (dtype !== 'F16' && dtype !== 'F32')
    throw new CheckpointError(`tensor "${name}" is ${dtype}, not F16 or F32`);
  if (shape.join() !== wanted.join())
    throw new CheckpointError(`tensor "${name}" has shape [${shape}], not [${wanted}]`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const numbers = Float32Array.from({ length: sizeOf(shape) }, (_, i) =>
    dtype === 'F16' ? fromHalf(view.getUint16(2 * i, true)) : view.getFloat32(4 * i, true),
  );
  if (!numbers.every(Number.isFinite))
    throw new CheckpointError(`tensor "${name}" has numbers that are not finite`);
  return numbers;
}

/** A model's weights from the bytes of one file. Throws CheckpointError as the two steps do. */
export const readSafetensors = (config: ModelConfig, file: Uint8Array): Weights =>
  weightsOf(config, parseSafetensors(file));
