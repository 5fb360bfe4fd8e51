import type { ModelConfig } from '../model/config.ts';
import type { TokenRows } from '../model/encode.ts';
import { attention } from './attention.ts';
import { embedding } from './embedding.ts';
import { gelu } from './gelu.ts';
import { layerNorm } from './layerNorm.ts';
import { linear, unembed } from './linear.ts';
import { plus, type Numbers, type Readable } from './numbers.ts';

// B texts, T positions, D channels, V tokens

/** Weights by checkpoint name. */
export type ReferenceWeights = Record<string, Readable>;

/** What one block computes on its way, in order; the backward pass reads it. All are (B·T, …). */
export interface BlockTrace {
  /** (…, D) the residual stream entering the block */
  entering: Numbers;
  /** (…, D) */
  normed1: Numbers;
  /** (…, 3D) */
  qkv: Numbers;
  /** (…, D) what the heads read */
  attended: Numbers;
  /** (…, D) the residual stream between attention and MLP */
  between: Numbers;
  /** (…, D) */
  normed2: Numbers;
  /** (…, 4D) the neurons before GELU */
  drive: Numbers;
  /** (…, 4D) and after it */
  neurons: Numbers;
}

export interface ReferenceForward {
  blocks: BlockTrace[];
  /** The residual stream entering each block, and last the one leaving the last block: L + 1 times (B·T, D). */
  residuals: Numbers[];
  /** (B·T, D) after the last layer norm */
  final: Numbers;
  /** (B·T, V) */
  logits: Numbers;
}

/** The texts' first positions, where none are given: all texts begin at the beginning. */
export const atStart = ({ B }: TokenRows): Int32Array => new Int32Array(B);

/**
 * GPT-2 with the gist mask, in float64: everything that is computed on the way from tokens to logits.
 * `offsets` (B) are the positions of the texts' first tokens. Throws RangeError outside the tables.
 */
export function referenceForward(
  config: ModelConfig,
  weights: ReferenceWeights,
  rows: TokenRows,
  offsets: Readable = atStart(rows),
): ReferenceForward {
  const { width: D, heads: H, layers: L } = config;
  const at = (name: string) => weights[`transformer.${name}`];
  const blocks: BlockTrace[] = [];
  const residuals = [embedding(rows.tokens, offsets, at('wte.weight'), at('wpe.weight'), D)];
  for (let l = 0; l < L; l++) {
    const norm = (name: string, x: Readable) =>
      layerNorm(x, at(`h.${l}.${name}.weight`), at(`h.${l}.${name}.bias`));
    const project = (name: string, x: Readable) =>
      linear(x, at(`h.${l}.${name}.weight`), at(`h.${l}.${name}.bias`));

    const entering = residuals[l];
    const normed1 = norm('ln_1', entering);
    const qkv = project('attn.c_attn', normed1);
    const attended = attention(qkv, rows.gists, rows.T, H);
    const between = plus(entering, project('attn.c_proj', attended));
    const normed2 = norm('ln_2', between);
    const drive = project('mlp.c_fc', normed2);
    const neurons = gelu(drive);
    residuals.push(plus(between, project('mlp.c_proj', neurons)));
    blocks.push({ entering, normed1, qkv, attended, between, normed2, drive, neurons });
  }
  const final = layerNorm(residuals[L], at('ln_f.weight'), at('ln_f.bias'));
  return { blocks, residuals, final, logits: unembed(final, at('wte.weight'), D) };
}
