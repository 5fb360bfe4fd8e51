// B texts, T positions, H heads, d head size, D = H·d width, F = 4D neurons
import { attentionForward, attentionForwardScratch } from '../attention/wasm.as';
import { Parameters } from '../block/parameters.as';
import { layerNormForward } from '../layerNorm/wasm.as';
import { addTo } from '../shared/elements.as';
import { applyGelu } from '../shared/gelu.as';
import { CHUNK, multiply, packPanels, panelFloats } from '../shared/matmul.as';

/** Texts that pass together. */
function groupTexts(T: i32): i32 {
  return max(1, CHUNK / T);
}

/** Floats of scratch for `blockFromForward`. */
export function blockFromScratch(T: i32, H: i32, d: i32): i32 {
  const D = H * d;
  const panels = panelFloats(D, 3 * D) + panelFloats(D, D) + panelFloats(D, 4 * D) + panelFloats(4 * D, D);
  return panels + attentionForwardScratch(T, d) + groupTexts(T) * T * (10 * D + 2);
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
  const F = 4 * D;
  const G = groupTexts(T);
  const bytes = (<usize>D) << 2;
  const all = <usize>(G * T);
  const p = changetype<Parameters>(parameters);
  const qkv = scratch;
  const out = qkv + ((<usize>panelFloats(D, 3 * D)) << 2);
  const up = out + ((<usize>panelFloats(D, D)) << 2);
  const down = up + ((<usize>panelFloats(D, F)) << 2);
  const room = down + ((<usize>panelFloats(F, D)) << 2);
  const normed = room + ((<usize>attentionForwardScratch(T, d)) << 2); // [G·T, D], as the next two
  const attended = normed + all * bytes;
  const middle = attended + all * bytes;
  const heard = middle + all * bytes; // [G·T, 3D]
  const neurons = heard + 3 * all * bytes; // [G·T, F]
  const stats = neurons + 4 * all * bytes; // [G·T, 2]
  packPanels(p.wQkv, p.bQkv, D, 3 * D, qkv);
  packPanels(p.wOut, p.bOut, D, D, out);
  packPanels(p.wUp, p.bUp, D, F, up);
  packPanels(p.wDown, p.bDown, F, D, down);
  for (let b = 0; b < B; b += G) {
    const texts = min(G, B - b);
    const n = texts * (T - from);
    const rows = x + <usize>(b * T) * bytes;
    const to = y + <usize>(b * (T - from)) * bytes;
    layerNormForward(rows, p.gain1, p.bias1, texts * T, D, eps, normed, stats);
    multiply(normed, D, qkv, texts * T, D, 3 * D, heard, 3 * D);
    attentionForward(heard, gists + ((<usize>b) << 2), texts, T, from, H, d, attended, 0, room);
    takeRows(attended, texts, T, from, bytes, normed);
    multiply(normed, D, out, n, D, D, middle, D);
    takeRows(rows, texts, T, from, bytes, normed);
    addTo(middle, normed, n * D);
    layerNormForward(middle, p.gain2, p.bias2, n, D, eps, normed, stats);
    multiply(normed, D, up, n, D, F, neurons, F);
    applyGelu(neurons, n * F, 0);
    multiply(neurons, F, down, n, F, D, to, D);
    addTo(to, middle, n * D);
  }
}

/** Copies rows from … T − 1 of every text to one after the other. */
function takeRows(rows: usize, texts: i32, T: i32, from: i32, bytes: usize, to: usize): void {
  const taken = <usize>(T - from) * bytes;
  for (let b = 0; b < texts; b++)
    memory.copy(to + <usize>b * taken, rows + <usize>(b * T + from) * bytes, taken);
}
