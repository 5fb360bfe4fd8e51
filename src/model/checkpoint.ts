/**
 * A checkpoint is a Hugging Face folder: config.json, model.safetensors (GPT-2's names, float16),
 * tokenizer.json (WordLevel). Reading and writing is from and to bytes; files are the caller's matter.
 */
import type { ModelConfig } from './config.ts';
import { fromHalf, toHalf } from './half.ts';
import { parameterTable, sizeOf, type Weights } from './parameters.ts';

/** The files of a checkpoint cannot be read, for a reason a person can act on. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** Rounds weights to float16 and back: what is shipped is what is measured. */
export function roundWeights(weights: Weights): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, w]) => [name, w.map((x) => fromHalf(toHalf(x)))]),
  );
}

/**
 * safetensors bytes of the weights, as float16 in the order of the parameter table.
 * Format: github.com/huggingface/safetensors (8 bytes header length, JSON header, raw little-endian data).
 */
export function writeSafetensors(config: ModelConfig, weights: Weights): Uint8Array {
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

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Weights from safetensors bytes (F16 or F32). Throws CheckpointError when they do not fit the config. */
export function readSafetensors(config: ModelConfig, file: Uint8Array): Weights {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(file, view);
  const start = 8 + Number(view.getBigUint64(0, true));
  const weights: Weights = {};
  for (const { name, shape } of parameterTable(config)) {
    const entry = header[name] ?? header[name.replace(/^transformer\./, '')];
    if (!isEntry(entry)) throw new CheckpointError(`the weights have no tensor "${name}"`);
    const [from, to] = entry.data_offsets;
    const bytes = { F16: 2, F32: 4 }[entry.dtype];
    if (!bytes) throw new CheckpointError(`tensor "${name}" is ${entry.dtype}, not F16 or F32`);
    if (entry.shape.join() !== shape.join())
      throw new CheckpointError(`tensor "${name}" has shape [${entry.shape}], not [${shape}]`);
    if (to - from !== bytes * sizeOf(shape) || start + to > file.length || from < 0)
      throw new CheckpointError(`tensor "${name}" is cut off: the file is damaged`);
    weights[name] = Float32Array.from({ length: sizeOf(shape) }, (_, i) =>
      bytes === 2
        ? fromHalf(view.getUint16(start + from + 2 * i, true))
        : view.getFloat32(start + from + 4 * i, true),
    );
    if (!weights[name].every(Number.isFinite))
      throw new CheckpointError(`tensor "${name}" has numbers that are not finite`);
  }
  // The format has no holes. A header may end in spaces, so that one that is said to be shorter reads as well.
  const ends = Object.values(header).map((entry) => (isEntry(entry) ? entry.data_offsets[1] : 0));
  if (start + Math.max(...ends) !== file.length)
    throw new CheckpointError('the weights do not end where their header says: the file is damaged');
  return weights;
}

function readHeader(file: Uint8Array, view: DataView): Record<string, unknown> {
  const length = file.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (8 + length > file.length)
    throw new CheckpointError('the weights are cut off: not a whole safetensors file');
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new CheckpointError('the weights have no readable header: not a safetensors file');
}

function isEntry(entry: unknown): entry is Entry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<Entry>;
  const whole = (list: unknown): list is number[] => Array.isArray(list) && list.every(Number.isInteger);
  return typeof dtype === 'string' && whole(shape) && whole(offsets) && offsets.length === 2;
}

/** config.json as Hugging Face's GPT2LMHeadModel reads it. */
export function writeConfig(
  config: ModelConfig,
  special: { bos: number; eos: number; gist: number },
): object {
  return {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    vocab_size: config.vocabulary,
    n_positions: config.positions,
    n_ctx: config.positions,
    n_embd: config.width,
    n_layer: config.layers,
    n_head: config.heads,
    n_inner: null,
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
    resid_pdrop: 0,
    embd_pdrop: 0,
    attn_pdrop: 0,
    scale_attn_weights: true,
    tie_word_embeddings: true,
    bos_token_id: special.bos,
    eos_token_id: special.eos,
    gist_token_id: special.gist,
  };
}

/** What a GPT-2's config may settle otherwise and this code does not. Left out, they have these values. */
const SETTLED = {
  layer_norm_epsilon: 1e-5,
  scale_attn_weights: true,
  scale_attn_by_inverse_layer_idx: false,
  tie_word_embeddings: true,
};

/** A model's shape from config.json. Throws CheckpointError when it is not a GPT-2 that this code can run. */
export function readConfig(json: unknown): ModelConfig {
  const c = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const count = (key: string, most: number) => {
    const n = c[key];
    if (!(typeof n === 'number' && Number.isInteger(n) && n >= 1 && n <= most))
      throw new CheckpointError(`config.json: ${key} should be a whole number from 1 to ${most}`);
    return n;
  };
  if (c['model_type'] !== 'gpt2' || c['activation_function'] !== 'gelu_new')
    throw new CheckpointError('config.json is not of a GPT-2 with activation gelu_new');
  for (const [key, value] of Object.entries(SETTLED))
    if (c[key] !== undefined && c[key] !== value)
      throw new CheckpointError(`config.json: ${key} should be ${value}`);
  const config = {
    vocabulary: count('vocab_size', 65_536),
    positions: count('n_positions', 4_096),
    width: count('n_embd', 1_024),
    layers: count('n_layer', 24),
    heads: count('n_head', 128),
  };
  if (config.width % config.heads) throw new CheckpointError('config.json: n_head does not divide n_embd');
  return config;
}

/** tokenizer.json of a Hugging Face WordLevel tokenizer: whole words, separated by spaces. */
export function writeTokenizer(vocabulary: readonly string[], specials: readonly string[]): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content) => ({
      id: vocabulary.indexOf(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
      unk_token: '<unk>',
    },
  };
}

/** The words of tokenizer.json in order of id. Throws CheckpointError when it is damaged. */
export function readTokenizer(json: unknown): string[] {
  const vocab = (json as { model?: { vocab?: unknown } } | null)?.model?.vocab;
  if (typeof vocab !== 'object' || vocab === null)
    throw new CheckpointError('tokenizer.json has no vocabulary');
  const entries = Object.entries(vocab);
  // As many places as words, none a hole: when all are taken, each id was there once.
  const words = new Array<string | undefined>(entries.length).fill(undefined);
  for (const [word, id] of entries) if (typeof id === 'number' && id in words) words[id] = word;
  if (!words.every((word) => word !== undefined))
    throw new CheckpointError('tokenizer.json: the ids are not 0, 1, 2 … each once');
  return words;
}
