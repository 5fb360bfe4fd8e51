import type { ModelConfig } from '../model/config.ts';
import type { TokenRows } from '../model/encode.ts';
import { attentionBackward } from './attention.ts';
import { embeddingBackward } from './embedding.ts';
import { atStart, type ReferenceForward, type ReferenceWeights } from './forward.ts';
import { geluBackward } from './gelu.ts';
import { layerNormBackward } from './layerNorm.ts';
import { linearBackward, unembedBackward } from './linear.ts';
import { plus, type Numbers, type Readable } from './numbers.ts';

// B texts, T positions, D channels, V tokens; dz is the gradient of z

/** Gradients by checkpoint name, each of its weight's size. */
export type Gradients = Record<string, Numbers>;

/** From the gradient of the logits (B·T, V) to that of every weight: `referenceForward`, line by line from its end. */
export function referenceBackward(
  config: ModelConfig,
  weights: ReferenceWeights,
  rows: TokenRows,
  { blocks, residuals, final }: ReferenceForward,
  dlogits: Readable,
  offsets: Readable = atStart(rows),
): Gradients {
  const { width: D, heads: H, layers: L, vocabulary: V, positions: P } = config;
  const at = (name: string) => weights[`transformer.${name}`];
  const gradients: Gradients = {};
  const norm = (name: string, x: Readable, dy: Readable) => {
    const { dx, dgain, dbias } = layerNormBackward(x, at(`${name}.weight`), dy);
    gradients[`transformer.${name}.weight`] = dgain;
    gradients[`transformer.${name}.bias`] = dbias;
    return dx;
  };
  const project = (name: string, x: Readable, dy: Readable) => {
    const { dx, dweight, dbias } = linearBackward(x, at(`${name}.weight`), dy, at(`${name}.bias`).length);
    gradients[`transformer.${name}.weight`] = dweight;
    gradients[`transformer.${name}.bias`] = dbias;
    return dx;
  };

  const head = unembedBackward(final, at('wte.weight'), dlogits, D);
  let dresidual = norm('ln_f', residuals[L], head.dx);
  for (let l = L - 1; l >= 0; l--) {
    const { entering, normed1, qkv, attended, between, normed2, drive, neurons } = blocks[l];
    const dneurons = project(`h.${l}.mlp.c_proj`, neurons, dresidual);
    const dnormed2 = project(`h.${l}.mlp.c_fc`, normed2, geluBackward(drive, dneurons));
    const dbetween = plus(dresidual, norm(`h.${l}.ln_2`, between, dnormed2));
    const dattended = project(`h.${l}.attn.c_proj`, attended, dbetween);
    const dqkv = attentionBackward(qkv, rows.gists, rows.T, H, dattended);
    const dnormed1 = project(`h.${l}.attn.c_attn`, normed1, dqkv);
    dresidual = plus(dbetween, norm(`h.${l}.ln_1`, entering, dnormed1));
  }
  const tables = embeddingBackward(rows.tokens, offsets, dresidual, V, P, D);
  // The token embedding is read twice, at both ends.
  gradients['transformer.wte.weight'] = plus(tables.dwte, head.dwte);
  gradients['transformer.wpe.weight'] = tables.dwpe;
  return gradients;
}
