// B texts, P positions in the cache, H heads, d head size, D = H·d width, F = 4D neurons
import { attendCachedForward } from '../attendCached/wasm.as';
import { Parameters } from '../block/parameters.as';
import { layerNormForward } from '../layerNorm/wasm.as';
import { addTo } from '../shared/elements.as';
import { applyGelu } from '../shared/gelu.as';
import { CHUNK, multiply, packPanels, panelFloats } from '../shared/matmul.as';

/** Floats of scratch for `blockCachedForward`. */
export function blockCachedScratch(P: i32, H: i32, d: i32): i32 {
  const D = H * d;
  const panels = panelFloats(D, 3 * D) + panelFloats(D, D) + panelFloats(D, 4 * D) + panelFloats(4 * D, D);
  return panels + CHUNK * (10 * D + 2) + 4 * (P + 1);
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
  const F = 4 * D;
  const bytes = (<usize>D) << 2;
  const p = changetype<Parameters>(parameters);
  const qkv = scratch;
  const out = qkv + ((<usize>panelFloats(D, 3 * D)) << 2);
  const up = out + ((<usize>panelFloats(D, D)) << 2);
  const down = up + ((<usize>panelFloats(D, F)) << 2);
  const normed = down + ((<usize>panelFloats(F, D)) << 2); // [CHUNK, D], as the next two
  const attended = normed + <usize>CHUNK * bytes;
  const middle = attended + <usize>CHUNK * bytes;
  const heard = middle + <usize>CHUNK * bytes; // [CHUNK, 3D]
  const neurons = heard + 3 * <usize>CHUNK * bytes; // [CHUNK, F]
  const stats = neurons + 4 * <usize>CHUNK * bytes; // [CHUNK, 2]
  const scores = stats + ((<usize>(2 * CHUNK)) << 2);
  packPanels(p.wQkv, p.bQkv, D, 3 * D, qkv);
  packPanels(p.wOut, p.bOut, D, D, out);
  packPanels(p.wUp, p.bUp, D, F, up);
  packPanels(p.wDown, p.bDown, F, D, down);
  for (let b = 0; b < B; b += CHUNK) {
    const n = min(CHUNK, B - b);
    const rows = <usize>b * bytes;
    const where = places + ((<usize>b) << 3);
    layerNormForward(x + rows, p.gain1, p.bias1, n, D, eps, normed, stats);
    multiply(normed, D, qkv, n, D, 3 * D, heard, 3 * D);
    attendCachedForward(heard, keys, values, where, n, P, H, d, attended, scores);
    multiply(attended, D, out, n, D, D, middle, D);
    addTo(middle, x + rows, n * D);
    layerNormForward(middle, p.gain2, p.bias2, n, D, eps, normed, stats);
    multiply(normed, D, up, n, D, F, neurons, F);
    applyGelu(neurons, n * F, 0);
    multiply(neurons, F, down, n, F, D, y + rows, D);
    addTo(y + rows, middle, n * D);
  }
}
