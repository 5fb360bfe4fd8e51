/** What a checkpoint folder says besides its weights, as Hugging Face writes it: config.json and a WordLevel tokenizer. */
import { BOS, EOS, GIST, PAD, SPECIAL_TOKENS, VOCABULARY } from '../world/tokenizer.ts';
import type { ModelConfig } from './config.ts';
import { CheckpointError } from './error.ts';

/** config.json as Hugging Face's GPT2LMHeadModel reads it. */
export function writeConfig(config: ModelConfig): object {
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
    bos_token_id: BOS,
    eos_token_id: EOS,
    gist_token_id: GIST,
  };
}

/**
 * What a GPT-2's config may settle otherwise and this code does not: it would be another model. The first of each is what
 * it is when it is left out. What only counts while training (dropout, how weights are drawn) is not among them.
 */
const SETTLED: Record<string, readonly unknown[]> = {
  activation_function: ['gelu_new', 'gelu_pytorch_tanh'], // two names of one function
  layer_norm_epsilon: [1e-5],
  scale_attn_weights: [true],
  scale_attn_by_inverse_layer_idx: [false],
  add_cross_attention: [false],
  tie_word_embeddings: [true],
  quantization_config: [null],
  bos_token_id: [BOS],
  eos_token_id: [EOS],
  gist_token_id: [GIST],
};

/** The names that other architectures have for GPT-2's sizes, and that its readers take as well. */
const OTHER_NAMES: Record<string, string> = {
  n_positions: 'max_position_embeddings',
  n_embd: 'hidden_size',
  n_layer: 'num_hidden_layers',
  n_head: 'num_attention_heads',
};

/**
 * A model's shape from config.json. Throws CheckpointError when it is not a GPT-2 that this code can run, or says anything
 * that would make it another model.
 */
export function readConfig(json: unknown): ModelConfig {
  const c = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const count = (key: string, most: number) => {
    const n = c[key];
    if (!(typeof n === 'number' && Number.isInteger(n) && n >= 1 && n <= most))
      throw new CheckpointError(`config.json: ${key} should be a whole number from 1 to ${most}`);
    const other = OTHER_NAMES[key];
    if (other !== undefined && c[other] !== undefined && c[other] !== n)
      throw new CheckpointError(`config.json: ${other} is not ${key}, which it is another name of`);
    return n;
  };
  if (c['model_type'] !== 'gpt2') throw new CheckpointError('config.json: model_type should be gpt2');
  for (const [key, values] of Object.entries(SETTLED))
    if (c[key] !== undefined && !values.includes(c[key]))
      throw new CheckpointError(`config.json: ${key} should be ${values.join(' or ')}`);
  const config = {
    vocabulary: count('vocab_size', 65_536),
    positions: count('n_positions', 4_096),
    width: count('n_embd', 1_024),
    layers: count('n_layer', 24),
    heads: count('n_head', 128),
  };
  if (config.width % config.heads) throw new CheckpointError('config.json: n_head does not divide n_embd');
  const inner = c['n_inner'] ?? 4 * config.width;
  if (inner !== 4 * config.width)
    throw new CheckpointError(`config.json: n_inner should be ${4 * config.width}, four times n_embd`);
  if (Object.keys(c['pruned_heads'] ?? {}).length > 0)
    throw new CheckpointError('config.json: pruned_heads should be empty');
  return config;
}

/** tokenizer.json of a Hugging Face WordLevel tokenizer: whole words, separated by spaces. */
export function writeTokenizer(
  vocabulary: readonly string[] = VOCABULARY,
  specials: readonly string[] = SPECIAL_TOKENS,
): object {
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

/**
 * tokenizer_config.json, without which Hugging Face's libraries do not know what tokenizer.json is. Nothing stands there for
 * unknown words: a token that the model does not have would be given to it. Spaces before "." and "," stay when ids are
 * turned into text.
 */
export function writeTokenizerConfig(config: ModelConfig): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: config.positions,
    bos_token: VOCABULARY[BOS],
    eos_token: VOCABULARY[EOS],
    pad_token: VOCABULARY[PAD],
    additional_special_tokens: [VOCABULARY[GIST]],
    clean_up_tokenization_spaces: false,
  };
}

/** What a tokenizer may do besides looking up words between spaces, and must not here. */
const PLAIN = ['normalizer', 'post_processor', 'decoder', 'truncation', 'padding'];

/**
 * The words of tokenizer.json in order of id. Throws CheckpointError when it is damaged, or would turn a text into other
 * tokens than the words between its spaces.
 */
export function readTokenizer(json: unknown): string[] {
  const tokenizer = (json ?? {}) as Record<string, unknown>;
  const { type, vocab } = (tokenizer['model'] ?? {}) as { type?: unknown; vocab?: unknown };
  if (typeof vocab !== 'object' || vocab === null)
    throw new CheckpointError('tokenizer.json has no vocabulary');
  const entries = Object.entries(vocab);
  // As many places as words, none a hole: when all are taken, each id was there once.
  const words = new Array<string | undefined>(entries.length).fill(undefined);
  for (const [word, id] of entries) if (typeof id === 'number' && id in words) words[id] = word;
  if (!words.every((word) => word !== undefined))
    throw new CheckpointError('tokenizer.json: the ids are not 0, 1, 2 … each once');
  if (type !== 'WordLevel') throw new CheckpointError('tokenizer.json: its model should be WordLevel');
  const { type: splits } = (tokenizer['pre_tokenizer'] ?? {}) as { type?: unknown };
  if (splits !== 'WhitespaceSplit')
    throw new CheckpointError('tokenizer.json: pre_tokenizer should be WhitespaceSplit');
  for (const key of PLAIN)
    if ((tokenizer[key] ?? null) !== null) throw new CheckpointError(`tokenizer.json: ${key} should be null`);
  const added = tokenizer['added_tokens'] ?? [];
  const agrees = (token: unknown) => {
    const { id, content } = (token ?? {}) as { id?: unknown; content?: unknown };
    return typeof id === 'number' && words[id] !== undefined && words[id] === content;
  };
  if (!Array.isArray(added) || !added.every(agrees))
    throw new CheckpointError('tokenizer.json: added_tokens has another token than its vocabulary');
  return words;
}
