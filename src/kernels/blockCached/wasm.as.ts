// B texts, P positions in the cache, H heads, d head size, D = H·d width
import { attendCachedForward } from '../attendCached/wasm.as';
import { afterAttention, afterAttentionScratch } from '../block/afterAttention.as';
import { blockPanelFloats, packBlock } from '../block/panels.as';
import { Parameters } from '../block/parameters.as';
import { layerNormForward } from '../layerNorm/wasm.as';
import { CHUNK, multiply } from '../shared/matmul.as';

/** Floats of scratch for `blockCachedForward`. */
export function blockCachedScratch(P: i32, H: i32, d: i32): i32 {
  const D = H * d;
  return blockPanelFloats(D) + CHUNK * (5 * D + 2) + afterAttentionScratch(CHUNK, D) + 4 * (P + 1);
}

/**
 * The block at the newest token of all texts, CHUNK at a time; their keys and values are written to the cache.
 * @param places int32 [B, 2]: row in the cache and position
 */
export function blockCachedForward(
  x: usize,
  parameters: usize,
  keys: usize,
  values: usize,
  places: usize,
  B: i32,
  P: i32,
  H: i32,
  d: i32,
  eps: f32,
  y: usize,
  scratch: usize,
): void {
  const D = H * d;
  const bytes = (<usize>D) << 2;
  const p = changetype<Parameters>(parameters);
  const panels = scratch;
  const normed = panels + ((<usize>blockPanelFloats(D)) << 2); // [CHUNK, D]
  const attended = normed + <usize>CHUNK * bytes; // [CHUNK, D]
  const heard = attended + <usize>CHUNK * bytes; // [CHUNK, 3D]
  const stats = heard + 3 * <usize>CHUNK * bytes; // [CHUNK, 2]
  const rest = stats + ((<usize>(2 * CHUNK)) << 2);
  const scores = rest + ((<usize>afterAttentionScratch(CHUNK, D)) << 2);
  packBlock(p, D, panels);
  for (let b = 0; b < B; b += CHUNK) {
    const n = min(CHUNK, B - b);
    const rows = <usize>b * bytes;
    const where = places + ((<usize>b) << 3);
    layerNormForward(x + rows, p.gain1, p.bias1, n, D, eps, normed, stats);
    multiply(normed, D, panels, n, D, 3 * D, heard, 3 * D);
    attendCachedForward(heard, keys, values, where, n, P, H, d, attended, scores);
    afterAttention(attended, x + rows, p, panels, n, D, eps, y + rows, rest);
  }
}
