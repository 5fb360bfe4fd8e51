/**
 * GPT-2 as Hugging Face's transformers define it (modeling_gpt2.py: GPT2LMHeadModel with Conv1D, gelu_new and the tied
 * head), written from that definition alone, in float64. The one addition is the gist mask, and it can be left out.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors } from './safetensors.ts';

export type Row = number[];

/** What of config.json the definition reads. */
interface HuggingFaceConfig {
  n_embd: number;
  n_head: number;
  n_layer: number;
  vocab_size: number;
  layer_norm_epsilon: number;
  activation_function: string;
  gist_token_id: number;
}

const add = (a: Row, b: Row): Row => a.map((x, i) => x + b[i]);
const dot = (a: Row, b: Row): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

function geluNew(x: number): number {
  return 0.5 * x * (1.0 + Math.tanh(Math.sqrt(2.0 / Math.PI) * (x + 0.044715 * Math.pow(x, 3.0))));
}

function softmax(scores: Row): Row {
  const exps = scores.map((s) => Math.exp(s - Math.max(...scores)));
  const total = exps.reduce((sum, e) => sum + e, 0);
  return exps.map((e) => e / total);
}

/** GPT2LMHeadModel of a checkpoint folder. Throws where the folder is of another activation. */
export class GPT2 {
  readonly config: HuggingFaceConfig;
  readonly #tensors: ReturnType<typeof parseSafetensors>['tensors'];
  readonly #ids: Record<string, number>;

  constructor(folder: string) {
    const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
    this.config = json('config.json') as HuggingFaceConfig;
    this.#ids = (json('tokenizer.json') as { model: { vocab: Record<string, number> } }).model.vocab;
    this.#tensors = parseSafetensors(readFileSync(join(folder, 'model.safetensors'))).tensors;
  }

  encode(text: string): number[] {
    return text.split(' ').map((word) => this.#ids[word]);
  }

  /** Logits of every position. `gistMask`: what stands after `<gist>` sees nothing before it. */
  logits(ids: readonly number[], gistMask: boolean): Row[] {
    const { n_layer, gist_token_id } = this.config;
    const gist = gistMask ? ids.indexOf(gist_token_id) : -1;
    const wte = this.#matrix('wte.weight');
    const wpe = this.#matrix('wpe.weight');
    let hidden = ids.map((id, position) => add(wte[id], wpe[position]));
    for (let i = 0; i < n_layer; i++) {
      const attended = this.#attention(i, this.#layerNorm(`h.${i}.ln_1`, hidden), gist);
      hidden = hidden.map((row, t) => add(row, attended[t]));
      const fed = this.#mlp(i, this.#layerNorm(`h.${i}.ln_2`, hidden));
      hidden = hidden.map((row, t) => add(row, fed[t]));
    }
    return this.#layerNorm('ln_f', hidden).map((row) => wte.map((word) => dot(row, word)));
  }

  #attention(i: number, x: Row[], gist: number): Row[] {
    const { n_embd, n_head } = this.config;
    const size = n_embd / n_head;
    const qkv = this.#conv1d(`h.${i}.attn.c_attn`, x);
    const heads = Array.from({ length: n_head }, (_, head) => {
      const part = (which: number) =>
        qkv.map((row) => row.slice(which * n_embd + head * size, which * n_embd + (head + 1) * size));
      const [query, key, value] = [part(0), part(1), part(2)];
      return query.map((q, t) => {
        const scores = key.map((k, s) => {
          const hidden = s > t || (gist !== -1 && t > gist && s < gist);
          return hidden ? -Infinity : dot(q, k) / Math.sqrt(size);
        });
        const weights = softmax(scores);
        return Array.from({ length: size }, (_, c) =>
          dot(
            weights,
            value.map((v) => v[c]),
          ),
        );
      });
    });
    const merged = x.map((_, t) => heads.flatMap((head) => head[t]));
    return this.#conv1d(`h.${i}.attn.c_proj`, merged);
  }

  #mlp(i: number, x: Row[]): Row[] {
    if (this.config.activation_function !== 'gelu_new') throw new Error('another activation');
    const inner = this.#conv1d(`h.${i}.mlp.c_fc`, x).map((row) => row.map(geluNew));
    return this.#conv1d(`h.${i}.mlp.c_proj`, inner);
  }

  #layerNorm(name: string, x: Row[]): Row[] {
    const [weight, bias] = [this.#vector(`${name}.weight`), this.#vector(`${name}.bias`)];
    return x.map((row) => {
      const mean = row.reduce((sum, v) => sum + v, 0) / row.length;
      const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / row.length;
      const scale = 1 / Math.sqrt(variance + this.config.layer_norm_epsilon);
      return row.map((v, c) => (v - mean) * scale * weight[c] + bias[c]);
    });
  }

  /** Conv1D: x weight + bias, weight (in, out). */
  #conv1d(name: string, x: Row[]): Row[] {
    const columns = transpose(this.#matrix(`${name}.weight`));
    const bias = this.#vector(`${name}.bias`);
    return x.map((row) => columns.map((column, o) => dot(row, column) + bias[o]));
  }

  #vector(name: string): Row {
    return this.#tensors.get(`transformer.${name}`)!.values;
  }

  #matrix(name: string): Row[] {
    const { shape, values } = this.#tensors.get(`transformer.${name}`)!;
    return Array.from({ length: shape[0] }, (_, i) => values.slice(i * shape[1], (i + 1) * shape[1]));
  }
}

const transpose = (rows: Row[]): Row[] => rows[0].map((_, c) => rows.map((row) => row[c]));
