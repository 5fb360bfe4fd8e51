import { describe, expect, test } from 'vitest';
import {
  readConfig,
  readTokenizer,
  writeConfig,
  writeTokenizer,
  writeTokenizerConfig,
} from '../../src/model/checkpoint.ts';
import { configOf } from '../../src/model/config.ts';
import { CheckpointError } from '../../src/model/error.ts';
import { parameterTable } from '../../src/model/parameters.ts';
import { readSafetensors, roundWeights, writeSafetensors } from '../../src/model/safetensors.ts';
import { BOS, EOS, VOCABULARY } from '../../src/world/tokenizer.ts';
import { parseSafetensors } from './safetensors.ts';
import { livelyWeights, TINY } from './tiny.ts';

const weights = livelyWeights(TINY, 'checkpoint');

/** What reading gives of what was written to a file. */
const throughJson = (value: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

/** A safetensors file of the header and data given. */
const fileOf = (header: object, data: Uint8Array) => rawFile(JSON.stringify(header), data);

function rawFile(header: string | Uint8Array, data: Uint8Array) {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
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

  test('float32, other orders, old masks, names without their prefix and bytes in a larger buffer are read', () => {
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

  const LAST = 'transformer.ln_f.bias';
  const good = writeSafetensors(TINY, weights);
  const headerLength = Number(new DataView(good.buffer).getBigUint64(0, true));
  const headerText = new TextDecoder().decode(good.subarray(8, 8 + headerLength)).trimEnd();
  const data = good.slice(8 + headerLength);
  const end = data.length;
  const described = (change: object) => ({
    dtype: 'F16',
    shape: [21],
    data_offsets: [end - 42, end],
    ...change,
  });

  test.each([
    ['has another shape', { shape: [3, 7] }, /"transformer.ln_f.bias" has shape \[3,7\], not \[21\]/],
    ['is of another type', { dtype: 'BF16' }, /"transformer.ln_f.bias" is BF16, not F16 or F32/],
    ['is of no type', { dtype: 'toString' }, /"transformer.ln_f.bias" is of an unknown type, "toString"/],
    ['is cut off', { data_offsets: [end - 42, end - 2] }, /"transformer.ln_f.bias" is cut off/],
    ['lies before the file', { data_offsets: [-42, 0] }, /"transformer.ln_f.bias" is not described/],
    ['lies beyond the file', { data_offsets: [end, end + 42] }, /"transformer.ln_f.bias" is cut off/],
    ['lies on another one', { data_offsets: [0, 42] }, /lies on another one/],
    [
      'has halves of offsets',
      { data_offsets: [end - 41.5, end - 0.5] },
      /"transformer.ln_f.bias" is not described/,
    ],
    ['has a size below 0', { shape: [-3, -7] }, /"transformer.ln_f.bias" is not described/],
    ['has strides', { strides: [2] }, /"transformer.ln_f.bias" is not described/],
  ])('a tensor that %s is refused', (_, change, why) => {
    const header = { ...(JSON.parse(headerText) as object), [LAST]: described(change) };
    const read = () => readSafetensors(TINY, fileOf(header, data));
    expect(read).toThrow(CheckpointError);
    expect(read).toThrow(why);
  });

  /** The good file with its last tensor left out or renamed, and others added, each with its own data. */
  function changed(
    rename: string | null,
    more: [name: string, dtype: string, shape: number[], data: Uint8Array][],
  ) {
    const { [LAST]: last, ...header } = JSON.parse(headerText) as Record<string, unknown>;
    if (rename !== null) header[rename] = last;
    let at = rename === null ? end - 42 : end;
    const parts: Uint8Array[] = [data.slice(0, at)];
    for (const [name, dtype, shape, bytes] of more) {
      header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] };
      parts.push(bytes);
    }
    return fileOf(header, Buffer.concat(parts));
  }
  const rounded = roundWeights(weights);
  const { vocabulary: V, width: D } = TINY;
  const wte = new Uint8Array(rounded['transformer.wte.weight'].slice().buffer);
  const otherHead = new Uint8Array(
    rounded['transformer.wte.weight'].map((x, i) => (i === 5 ? x + 1 : x)).buffer,
  );
  const byte = new Uint8Array(1);

  test('a head that is the embedding once more changes nothing', () => {
    const file = changed(LAST, [['lm_head.weight', 'F32', [V, D], wte]]);
    expect(readSafetensors(TINY, file)).toEqual(rounded);
  });

  test.each([
    [
      'another head',
      changed(LAST, [['lm_head.weight', 'F32', [V, D], otherHead]]),
      /"lm_head.weight" is not/,
    ],
    [
      'a head of another shape',
      changed(LAST, [['lm_head.weight', 'F32', [D, V], wte]]),
      /"lm_head.weight" has shape/,
    ],
    [
      'a bias of the head',
      changed(LAST, [['lm_head.bias', 'U8', [1], byte]]),
      /"lm_head.bias" is none of this model’s/,
    ],
    ['a further block', changed(LAST, [['h.2.attn.bias', 'U8', [1], byte]]), /"h.2.attn.bias" is none of/],
    [
      'cross-attention',
      changed(LAST, [['transformer.h.0.crossattention.q_attn.bias', 'U8', [1], byte]]),
      /none of/,
    ],
    ['no last bias', changed(null, []), /no tensor "transformer.ln_f.bias"/],
    [
      'a weight under two names',
      changed(LAST, [['ln_f.bias', 'F16', [21], data.slice(-42)]]),
      /"ln_f.bias" under two/,
    ],
    [
      'a hole',
      fileOf(
        JSON.parse(headerText.replaceAll(`${end - 42},${end}`, `${end - 40},${end + 2}`)) as object,
        Buffer.concat([data, byte, byte]),
      ),
      /has a hole before it/,
    ],
    ['data after its last tensor', Buffer.concat([good, byte]), /do not end where/],
    [
      'a key twice',
      rawFile(headerText.replace('{', `{"${LAST}":1,`), data),
      /has the key "transformer.ln_f.bias" twice/,
    ],
    [
      'a key twice, once escaped',
      rawFile(headerText.replace('{', '{"transformer.ln_f.bia\\u0073":1,'), data),
      /twice/,
    ],
    [
      'an offset twice',
      rawFile(headerText.replace('"dtype"', '"dtype":"F32","dtype"'), data),
      /the key "dtype" twice/,
    ],
    ['a byte-order mark before its header', rawFile(`\ufeff${headerText}`, data), /no readable header/],
    ['letters that are no UTF-8', rawFile(new Uint8Array([0x7b, 0xff, 0x7d]), data), /not JSON/],
  ])('a file with %s is refused', (_, file, why) => {
    const read = () => readSafetensors(TINY, file);
    expect(read).toThrow(CheckpointError);
    expect(read).toThrow(why);
  });

  test('a weight that is not finite is refused', () => {
    const broken = good.slice();
    broken.set([0xff, 0x7f], broken.length - 2); // NaN
    expect(() => readSafetensors(TINY, broken)).toThrow(
      /"transformer.ln_f.bias" has numbers that are not finite/,
    );
  });

  test('a weight too large for float16 cannot be read back unnoticed', () => {
    const large = { ...weights, 'transformer.ln_f.bias': new Float32Array(21).fill(1e5) };
    expect(() => readSafetensors(TINY, writeSafetensors(TINY, large))).toThrow(CheckpointError);
  });
});

describe('config.json', () => {
  test.each([8, 24, 64, 128])('of width %d comes back', (width) => {
    const config = configOf(VOCABULARY.length, width, 4);
    expect(readConfig(throughJson(writeConfig(config)))).toEqual(config);
  });

  test('is one of Hugging Face’s GPT-2', () => {
    expect(writeConfig(TINY)).toMatchObject({
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
    { activation_function: null },
    { n_inner: 80 },
    { n_inner: '84' },
    { pruned_heads: { 0: [1] } },
    { add_cross_attention: true },
    { quantization_config: { bits: 8 } },
    { hidden_size: 42 },
    { num_hidden_layers: 3 },
    { num_attention_heads: 7 },
    { max_position_embeddings: 64 },
    { gist_token_id: 4 },
    { eos_token_id: 4 },
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
    const config = { ...throughJson(writeConfig(TINY)), ...change };
    expect(() => readConfig(config)).toThrow(CheckpointError);
    expect(() => readConfig(config)).toThrow(new RegExp(Object.keys(change)[0])); // named, so that it can be found
  });

  test.each([
    { activation_function: 'gelu_pytorch_tanh' },
    { activation_function: undefined },
    { n_inner: 84 },
    { n_inner: undefined },
    { hidden_size: 21, num_hidden_layers: 2 },
    { pruned_heads: {}, resid_pdrop: 0.1, use_cache: true, initializer_range: 0.02 },
  ])('with %o is the same model', (change) => {
    expect(readConfig({ ...throughJson(writeConfig(TINY)), ...change })).toEqual(TINY);
  });

  test('may leave out what Hugging Face has as default', () => {
    const config = { model_type: 'gpt2', activation_function: 'gelu_new', n_embd: 21, n_head: 3, n_layer: 2 };
    expect(readConfig({ ...config, n_positions: 11, vocab_size: 13 })).toEqual(TINY);
  });
});

describe('tokenizer.json', () => {
  test('comes back', () => {
    expect(readTokenizer(throughJson(writeTokenizer()))).toEqual(VOCABULARY);
  });

  test('is a WordLevel tokenizer of words between spaces, with the special tokens at their ids', () => {
    const json = throughJson(writeTokenizer());
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
    const json = throughJson(writeTokenizer());
    expect(() => readTokenizer({ ...json, model: { type: 'WordLevel', vocab } })).toThrow(CheckpointError);
  });

  test.each([
    { normalizer: { type: 'Lowercase' } },
    { pre_tokenizer: { type: 'ByteLevel' } },
    { pre_tokenizer: null },
    { post_processor: { type: 'TemplateProcessing' } },
    { decoder: { type: 'ByteLevel' } },
    { truncation: { max_length: 8 } },
    { padding: { strategy: { Fixed: 64 } } },
    { added_tokens: [{ id: 4, content: '<gist>' }] },
    { added_tokens: [{ id: VOCABULARY.length, content: 'hello' }] },
    { added_tokens: 'none' },
    { model: { type: 'BPE', vocab: { a: 0 } } },
  ])('with %o is refused: it would read other tokens', (change) => {
    const json = { ...throughJson(writeTokenizer()), ...change };
    expect(() => readTokenizer(json)).toThrow(CheckpointError);
    expect(() => readTokenizer(json)).toThrow(new RegExp(Object.keys(change)[0]));
  });

  test('tokenizer_config.json gives unknown words no token, and leaves spaces as they are', () => {
    expect(writeTokenizerConfig(TINY)).toEqual({
      tokenizer_class: 'PreTrainedTokenizerFast',
      model_max_length: 11,
      bos_token: '<bos>',
      eos_token: '<eos>',
      pad_token: '<pad>',
      additional_special_tokens: ['<gist>'],
      clean_up_tokenization_spaces: false,
    });
  });
});
