// B texts, T positions, H heads, d head size, D = H·d width
import { attentionForward, attentionForwardScratch } from '../attention/wasm.as';
import { afterAttention, afterAttentionScratch } from '../block/afterAttention.as';
import { groupTexts } from '../block/groups.as';
import { blockPanelFloats, packBlock } from '../block/panels.as';
import { Parameters } from '../block/parameters.as';
import { layerNormForward } from '../layerNorm/wasm.as';
import { multiply } from '../shared/matmul.as';

/** Floats of scratch for `blockFromForward`. */
export function blockFromScratch(T: i32, H: i32, d: i32): i32 {
  const D = H * d;
  const R = groupTexts(T) * T;
  return blockPanelFloats(D) + attentionForwardScratch(T, d) + R * (6 * D + 2) + afterAttentionScratch(R, D);
}

/** The block at positions from … T − 1 of all texts, about CHUNK rows at a time; of the others keys and values. */
export function blockFromForward(
  x: usize,
  gists: usize,
  parameters: usize,
  B: i32,
  T: i32,
  from: i32,
  H: i32,
  d: i32,
  eps: f32,
  y: usize,
  scratch: usize,
): void {
  const D = H * d;
  const G = groupTexts(T);
  const bytes = (<usize>D) << 2;
  const all = <usize>(G * T);
  const p = changetype<Parameters>(parameters);
  const panels = scratch;
  const room = panels + ((<usize>blockPanelFloats(D)) << 2);
  const normed = room + ((<usize>attentionForwardScratch(T, d)) << 2); // [G·T, D], as the next two
  const attended = normed + all * bytes;
  const past = attended + all * bytes;
  const heard = past + all * bytes; // [G·T, 3D]
  const stats = heard + 3 * all * bytes; // [G·T, 2]
  const rest = stats + all * 8;
  packBlock(p, D, panels);
  for (let b = 0; b < B; b += G) {
    const texts = min(G, B - b);
    const rows = x + <usize>(b * T) * bytes;
    const to = y + <usize>(b * (T - from)) * bytes;
    layerNormForward(rows, p.gain1, p.bias1, texts * T, D, eps, normed, stats);
    multiply(normed, D, panels, texts * T, D, 3 * D, heard, 3 * D);
    attentionForward(heard, gists + ((<usize>b) << 2), texts, T, from, H, d, attended, 0, room);
    takeRows(attended, texts, T, from, bytes, normed);
    takeRows(rows, texts, T, from, bytes, past);
    afterAttention(normed, past, p, panels, texts * (T - from), D, eps, to, rest);
  }
}

/** Copies rows from … T − 1 of every text to one after the other. */
function takeRows(rows: usize, texts: i32, T: i32, from: i32, bytes: usize, to: usize): void {
  const taken = <usize>(T - from) * bytes;
  for (let b = 0; b < texts; b++)
    memory.copy(to + <usize>b * taken, rows + <usize>(b * T + from) * bytes, taken);
}
