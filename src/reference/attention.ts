import type { Numbers, Readable } from './numbers.ts';

// B texts, T positions, H heads, d head size, D = H·d; q query, k key, c channel of a head; dz is the gradient of z

/** The gist mask: what stands after `<gist>` sees nothing before it; g is T or more where there is none. */
export function sees(q: number, k: number, g: number): boolean {
  return k <= q && (q <= g || k >= g);
}

/**
 * Each head reads the mean of the values it may see, weighted by softmax(q·k/√d).
 * qkv (B, T, 3D): queries, keys and values side by side, within each head after head; gists (B); y (B, T, D).
 */
export function attention(qkv: Readable, gists: Readable, T: number, H: number): Numbers {
  const { D, d, at } = layout(qkv, gists, T, H);
  const y = new Float64Array(qkv.length / 3);
  for (let b = 0; b < gists.length; b++) {
    for (let h = 0; h < H; h++) {
      for (let q = 0; q < T; q++) {
        const p = pattern(qkv, gists, T, H, b, h, q);
        for (let k = 0; k <= q; k++)
          for (let c = 0; c < d; c++) y[(b * T + q) * D + h * d + c] += p[k] * qkv[at(2, b, k, h, c)];
      }
    }
  }
  return y;
}

/**
 * With scores s, p = softmax(s) and o = Σ p_k v_k: dv_k = Σ_q p_k do, dp_k = do·v_k,
 * ds = p ∘ (dp − Σ dp ∘ p), dq = Σ_k ds_k k/√d, dk = Σ_q ds_k q/√d. Hidden keys have p = 0.
 */
export function attentionBackward(
  qkv: Readable,
  gists: Readable,
  T: number,
  H: number,
  dy: Readable,
): Numbers {
  const { D, d, at } = layout(qkv, gists, T, H);
  const dqkv = new Float64Array(qkv.length);
  for (let b = 0; b < gists.length; b++) {
    for (let h = 0; h < H; h++) {
      for (let q = 0; q < T; q++) {
        const p = pattern(qkv, gists, T, H, b, h, q);
        const dp = new Float64Array(q + 1);
        let along = 0; // Σ dp ∘ p
        for (let k = 0; k <= q; k++) {
          for (let c = 0; c < d; c++) {
            const out = dy[(b * T + q) * D + h * d + c];
            dqkv[at(2, b, k, h, c)] += p[k] * out;
            dp[k] += out * qkv[at(2, b, k, h, c)];
          }
          along += dp[k] * p[k];
        }
        for (let k = 0; k <= q; k++) {
          const ds = p[k] * (dp[k] - along);
          for (let c = 0; c < d; c++) {
            dqkv[at(0, b, q, h, c)] += (ds * qkv[at(1, b, k, h, c)]) / Math.sqrt(d);
            dqkv[at(1, b, k, h, c)] += (ds * qkv[at(0, b, q, h, c)]) / Math.sqrt(d);
          }
        }
      }
    }
  }
  return dqkv;
}

/** Attention weights of one query over keys 0 … q: they sum to 1, and are 0 where a key is hidden. */
function pattern(
  qkv: Readable,
  gists: Readable,
  T: number,
  H: number,
  b: number,
  h: number,
  q: number,
): Numbers {
  const { d, at } = layout(qkv, gists, T, H);
  const scores = new Float64Array(q + 1).fill(-Infinity);
  for (let k = 0; k <= q; k++) {
    if (!sees(q, k, gists[b])) continue;
    scores[k] = 0;
    for (let c = 0; c < d; c++) scores[k] += (qkv[at(0, b, q, h, c)] * qkv[at(1, b, k, h, c)]) / Math.sqrt(d);
  }
  const top = Math.max(...scores);
  const weights = scores.map((s) => Math.exp(s - top));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

/** Sizes, and where a number stands in qkv: part 0 is queries, 1 keys, 2 values. */
function layout(qkv: Readable, gists: Readable, T: number, H: number) {
  const D = qkv.length / (3 * gists.length * T);
  const d = D / H;
  const at = (part: number, b: number, t: number, h: number, c: number) =>
    (b * T + t) * 3 * D + part * D + h * d + c;
  return { D, d, at };
}
