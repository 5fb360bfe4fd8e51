import { describe, expect, test } from 'vitest';
import {
  CheckpointError,
  readConfig,
  readSafetensors,
  readTokenizer,
  roundWeights,
  writeConfig,
  writeSafetensors,
  writeTokenizer,
} from '../../src/model/checkpoint.ts';
import { configOf } from '../../src/model/config.ts';
import { parameterTable } from '../../src/model/parameters.ts';
import { BOS, EOS, GIST, SPECIAL_TOKENS, VOCABULARY } from '../../src/world/tokenizer.ts';
import { parseSafetensors } from './safetensors.ts';
import { livelyWeights, TINY } from './tiny.ts';

const weights = livelyWeights(TINY, 'checkpoint');
const special = { bos: BOS, eos: EOS, gist: GIST };

/** What reading gives of what was written to a file. */
const throughJson = (value: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

/** A safetensors file of the header and data given. */
function fileOf(header: object, data: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

describe('weights', () => {
  test('rounding to float16 happens once', () => {
    const rounded = roundWeights(weights);
    expect(rounded).not.toEqual(weights);
    expect(roundWeights(rounded)).toEqual(rounded);
    for (const [name, w] of Object.entries(weights))
      w.forEach((x, i) =>
        expect(Math.abs(rounded[name][i] - x)).toBeLessThanOrEqual(Math.abs(x) * 2 ** -11 + 2 ** -25),
      );
  });

  test('what is read is what was rounded and written', () => {
    const file = writeSafetensors(TINY, weights);
    const read = readSafetensors(TINY, file);
    expect(read).toEqual(roundWeights(weights));
    expect(writeSafetensors(TINY, read)).toEqual(file);
  });

  test('another reader finds GPT-2’s tensors in them', () => {
    const file = writeSafetensors(TINY, weights);
    const { tensors, metadata } = parseSafetensors(file);
    expect(metadata).toEqual({ format: 'pt' });
    const rounded = roundWeights(weights);
    expect([...tensors.keys()]).toEqual(parameterTable(TINY).map(({ name }) => name));
    for (const [name, { dtype, values }] of tensors) {
      expect(dtype).toBe('F16');
      expect(values, name).toEqual(Array.from(rounded[name]));
    }
    // Names and shapes as transformers' GPT2LMHeadModel has them (Conv1D: in, out; the head is tied).
    const { vocabulary: V, positions: P, width: D, layers: L } = TINY;
    const block = {
      'ln_1.weight': [D],
      'ln_1.bias': [D],
      'attn.c_attn.weight': [D, 3 * D],
      'attn.c_attn.bias': [3 * D],
      'attn.c_proj.weight': [D, D],
      'attn.c_proj.bias': [D],
      'ln_2.weight': [D],
      'ln_2.bias': [D],
      'mlp.c_fc.weight': [D, 4 * D],
      'mlp.c_fc.bias': [4 * D],
      'mlp.c_proj.weight': [4 * D, D],
      'mlp.c_proj.bias': [D],
    };
    const blocks = Array.from({ length: L }, (_, l) =>
      Object.entries(block).map(([name, shape]) => [`transformer.h.${l}.${name}`, shape] as const),
    ).flat();
    expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))).toEqual({
      'transformer.wte.weight': [V, D],
      'transformer.wpe.weight': [P, D],
      ...Object.fromEntries(blocks),
      'transformer.ln_f.weight': [D],
      'transformer.ln_f.bias': [D],
    });
  });

  test('the data begins at a multiple of 8 bytes', () => {
    const length = new DataView(writeSafetensors(TINY, weights).buffer).getBigUint64(0, true);
    expect(Number(length) % 8).toBe(0);
  });

  test('float32, other orders, further tensors, names without their prefix and bytes in a larger buffer are read', () => {
    const table = [...parameterTable(TINY)].reverse();
    const header: Record<string, object> = {};
    let offset = 0;
    for (const { name, shape } of table) {
      const bytes = 4 * weights[name].length;
      const short = name.replace('transformer.', '');
      header[short] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] };
      offset += bytes;
    }
    header['h.0.attn.bias'] = { dtype: 'U8', shape: [3], data_offsets: [offset, offset + 3] };
    const data = new Uint8Array(offset + 3);
    let at = 0;
    for (const { name } of table) {
      data.set(new Uint8Array(weights[name].buffer), at);
      at += 4 * weights[name].length;
    }
    const file = fileOf(header, data);
    const inside = new Uint8Array(file.length + 5);
    inside.set(file, 3);
    expect(readSafetensors(TINY, inside.subarray(3, 3 + file.length))).toEqual(weights);
  });

  test.each([
    ['is not finite', { dtype: 'F16', shape: [21], data_offsets: [0, 42] }, /finite/],
    [
      'has another shape',
      { dtype: 'F16', shape: [3, 7], data_offsets: [0, 42] },
      /shape \[3,7\], not \[21\]/,
    ],
    ['is of another type', { dtype: 'BF16', shape: [21], data_offsets: [0, 42] }, /BF16/],
    ['is cut off', { dtype: 'F16', shape: [21], data_offsets: [0, 40] }, /damaged/],
    ['lies before the file', { dtype: 'F16', shape: [21], data_offsets: [-42, 0] }, /damaged/],
    ['lies beyond the file', { dtype: 'F16', shape: [21], data_offsets: [1e6, 1e6 + 42] }, /damaged/],
    ['has no description', null, /no tensor "transformer.ln_f.bias"/],
    ['has halves of offsets', { dtype: 'F16', shape: [21], data_offsets: [0.5, 42.5] }, /no tensor/],
    ['has a type that every object has', { dtype: 'toString', shape: [21], data_offsets: [0, 42] }, /./],
  ])('a tensor that %s is refused', (_, entry, why) => {
    const good = writeSafetensors(TINY, weights);
    const length = Number(new DataView(good.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(good.subarray(8, 8 + length))) as Record<
      string,
      unknown
    >;
    header['transformer.ln_f.bias'] = entry;
    const data = good.slice(8 + length);
    if (/finite/.test(why.source)) data.set([0xff, 0x7f], 0); // NaN
    const read = () => readSafetensors(TINY, fileOf(header, data));
    expect(read).toThrow(CheckpointError);
    expect(read).toThrow(why);
  });

  test('a weight too large for float16 cannot be read back unnoticed', () => {
    const large = { ...weights, 'transformer.ln_f.bias': new Float32Array(21).fill(1e5) };
    expect(() => readSafetensors(TINY, writeSafetensors(TINY, large))).toThrow(CheckpointError);
  });
});

describe('config.json', () => {
  test.each([8, 24, 64, 128])('of width %d comes back', (width) => {
    const config = configOf(VOCABULARY.length, width, 4);
    expect(readConfig(throughJson(writeConfig(config, special)))).toEqual(config);
  });

  test('is one of Hugging Face’s GPT-2', () => {
    expect(writeConfig(TINY, special)).toMatchObject({
      model_type: 'gpt2',
      architectures: ['GPT2LMHeadModel'],
      activation_function: 'gelu_new',
      n_embd: 21,
      n_head: 3,
      n_layer: 2,
      n_positions: 11,
      vocab_size: 13,
      layer_norm_epsilon: 1e-5,
      tie_word_embeddings: true,
      bos_token_id: BOS,
      eos_token_id: EOS,
    });
  });

  test.each([
    { model_type: 'llama' },
    { activation_function: 'gelu' },
    { n_embd: 22 },
    { n_embd: '21' },
    { n_head: 0 },
    { n_layer: 2.5 },
    { n_positions: 1e9 },
    { vocab_size: undefined },
    { layer_norm_epsilon: 1e-6 },
    { scale_attn_weights: false },
    { scale_attn_by_inverse_layer_idx: true },
    { tie_word_embeddings: false },
  ])('with %o is refused: it would be another model', (change) => {
    const config = { ...throughJson(writeConfig(TINY, special)), ...change };
    expect(() => readConfig(config)).toThrow(CheckpointError);
  });

  test('may leave out what Hugging Face has as default', () => {
    const config = { model_type: 'gpt2', activation_function: 'gelu_new', n_embd: 21, n_head: 3, n_layer: 2 };
    expect(readConfig({ ...config, n_positions: 11, vocab_size: 13 })).toEqual(TINY);
  });
});

describe('tokenizer.json', () => {
  test('comes back', () => {
    expect(readTokenizer(throughJson(writeTokenizer(VOCABULARY, SPECIAL_TOKENS)))).toEqual(VOCABULARY);
  });

  test('is a WordLevel tokenizer of words between spaces, with the special tokens at their ids', () => {
    const json = throughJson(writeTokenizer(VOCABULARY, SPECIAL_TOKENS));
    expect(json).toMatchObject({ pre_tokenizer: { type: 'WhitespaceSplit' }, model: { type: 'WordLevel' } });
    const added = json['added_tokens'] as { id: number; content: string }[];
    expect(added.map(({ id, content }) => [content, id])).toEqual([
      ['<pad>', 0],
      ['<bos>', 1],
      ['<eos>', 2],
      ['<gist>', 3],
    ]);
  });

  test.each([
    ['one id twice, one missing', { a: 0, b: 2, c: 2 }],
    ['an id missing', { a: 0, b: 2 }],
    ['a negative id', { a: 0, b: -1 }],
    ['a negative id in place of a missing one', { a: 0, b: 2, c: -1 }],
    ['half an id', { a: 0, b: 0.5 }],
    ['a huge id', { a: 0, b: 4294967294 }],
    ['a word for an id', { a: 0, b: '1' }],
    ['a list', ['a', 'b']],
    ['nothing', null],
  ])('with %s is refused', (_, vocab) => {
    expect(() => readTokenizer({ model: { vocab } })).toThrow(CheckpointError);
  });
});
