// B texts, T positions, H heads, d head size, D = H·d width, F = 4D neurons. The texts pass in groups of about CHUNK rows,
// each from the block's input to its output, so that what goes from operation to operation stays in the second-level cache.
import {
  attentionBackward,
  attentionBackwardScratch,
  attentionForward,
  attentionForwardScratch,
} from '../attention/wasm.as';
import { groupTexts } from './groups.as';
import { blockPanelFloats, downPanels, outPanels, packBlock, upPanels } from './panels.as';
import { Parameters } from './parameters.as';
import { layerNormBackwardAdding, layerNormForward } from '../layerNorm/wasm.as';
import { addTo, product } from '../shared/elements.as';
import { applyGelu } from '../shared/gelu.as';
import { addColumns, addTransposed, multiply, packTransposed, panelFloats } from '../shared/matmul.as';

/** Addresses of what a block computes of a group of R rows on its way. */
@unmanaged
class Group {
  normed1: usize; // [R, D]
  stats1: usize; // [R, 2]
  qkv: usize; // [R, 3D]
  attended: usize; // [R, D]
  middle: usize; // [R, D]: x + attention
  normed2: usize; // [R, D]
  stats2: usize; // [R, 2]
  neurons: usize; // [R, F + GAP]
  slope: usize; // [R, F], GELU′
  pattern: usize; // [texts, H, S/4, S, 4]
}

/** Bytes of a Group's addresses, rounded up. */
const GROUP_BYTES: usize = 64;

/** Floats between rows of neurons: rows whose distance is a power of two crowd a few sets of the cache. */
const GAP: i32 = 16;

/**
 * Rows of the group that begins with text b. Of a group of one text those before its end, where `ends` is not 0: what comes
 * after it is read by nobody.
 */
function groupRows(b: i32, texts: i32, T: i32, ends: usize): i32 {
  if (ends == 0 || groupTexts(T) > 1) return texts * T;
  return max(1, min(T, load<i32>(ends + ((<usize>b) << 2))));
}

/** Floats that a group's activations take. */
function groupFloats(T: i32, H: i32, d: i32): i32 {
  const G = groupTexts(T);
  const S = (T + 3) & ~3;
  return G * T * (15 * H * d + 4 + GAP) + G * H * S * S;
}

/** Floats of what the forward pass keeps for the backward pass. */
export function blockKeptFloats(B: i32, T: i32, H: i32, d: i32): i32 {
  const G = groupTexts(T);
  return ((B + G - 1) / G) * groupFloats(T, H, d);
}

/** Floats of scratch for `blockForward`. */
export function blockForwardScratch(T: i32, H: i32, d: i32): i32 {
  const D = H * d;
  return 16 + blockPanelFloats(D) + attentionForwardScratch(T, d) + groupFloats(T, H, d);
}

/** Floats of scratch for `blockBackward`. */
export function blockBackwardScratch(T: i32, H: i32, d: i32): i32 {
  const D = H * d;
  const panels = panelFloats(3 * D, D) + panelFloats(D, D) + panelFloats(4 * D, D) + panelFloats(D, 4 * D);
  return 16 + panels + attentionBackwardScratch(T, d) + groupTexts(T) * T * (10 * D + GAP);
}

/**
 * m = x + attention(norm₁ x), y = m + W_down GELU(W_up norm₂ m)
 * @param ends int32 [B], from 1 to T, or 0: rows of y from a text's end on may be zeros
 * @param kept room for `blockKeptFloats`, or 0 where there will be no backward pass
 */
export function blockForward(
  x: usize,
  gists: usize,
  ends: usize,
  parameters: usize,
  B: i32,
  T: i32,
  H: i32,
  d: i32,
  eps: f32,
  y: usize,
  kept: usize,
  scratch: usize,
): void {
  const D = H * d;
  const F = 4 * D;
  const G = groupTexts(T);
  const p = changetype<Parameters>(parameters);
  const a = changetype<Group>(scratch);
  const qkv = scratch + GROUP_BYTES;
  const out = outPanels(qkv, D);
  const up = upPanels(qkv, D);
  const down = downPanels(qkv, D);
  const room = after(qkv, blockPanelFloats(D));
  const passing = after(room, attentionForwardScratch(T, d));
  packBlock(p, D, qkv);
  for (let b = 0; b < B; b += G) {
    const texts = min(G, B - b);
    const n = groupRows(b, texts, T, ends);
    const rows = (<usize>(b * T * D)) << 2;
    place(a, kept == 0 ? passing : after(kept, (b / G) * groupFloats(T, H, d)), G * T, D);
    layerNormForward(x + rows, p.gain1, p.bias1, n, D, eps, a.normed1, a.stats1);
    multiply(a.normed1, D, qkv, n, D, 3 * D, a.qkv, 3 * D);
    attentionForward(
      a.qkv,
      gists + ((<usize>b) << 2),
      texts,
      n / texts,
      0,
      H,
      d,
      a.attended,
      kept == 0 ? 0 : a.pattern,
      room,
    );
    multiply(a.attended, D, out, n, D, D, a.middle, D);
    addTo(a.middle, x + rows, n * D);
    layerNormForward(a.middle, p.gain2, p.bias2, n, D, eps, a.normed2, a.stats2);
    multiply(a.normed2, D, up, n, D, F, a.neurons, F + GAP);
    for (let r = 0; r < n; r++)
      applyGelu(after(a.neurons, r * (F + GAP)), F, kept == 0 ? 0 : after(a.slope, r * F));
    multiply(a.neurons, F + GAP, down, n, F, D, y + rows, D);
    addTo(y + rows, a.middle, n * D);
    memory.fill(after(y + rows, n * D), 0, (<usize>((texts * T - n) * D)) << 2);
  }
}

/**
 * From y's gradient to x's and the parameters'. Backwards through the block:
 * dm = dy + norm₂′(W_upᵀ (GELU′ ∘ W_downᵀ dy)), dx = dm + norm₁′(attention′ dm)
 */
export function blockBackward(
  x: usize,
  gists: usize,
  ends: usize,
  parameters: usize,
  dy: usize,
  B: i32,
  T: i32,
  H: i32,
  d: i32,
  kept: usize,
  dx: usize,
  gradients: usize,
  scratch: usize,
): void {
  const D = H * d;
  const F = 4 * D;
  const G = groupTexts(T);
  const R = G * T;
  const p = changetype<Parameters>(parameters);
  const g = changetype<Parameters>(gradients);
  const a = changetype<Group>(scratch);
  const qkv = scratch + GROUP_BYTES;
  const out = after(qkv, panelFloats(3 * D, D));
  const up = after(out, panelFloats(D, D));
  const down = after(up, panelFloats(F, D));
  const room = after(down, panelFloats(D, F));
  const dneurons = after(room, attentionBackwardScratch(T, d)); // [R, F + GAP]
  const dnormed = after(dneurons, R * (F + GAP)); // [R, D]
  const dmiddle = after(dnormed, R * D); // [R, D]
  const dattended = after(dmiddle, R * D); // [R, D]
  const dqkv = after(dattended, R * D); // [R, 3D]
  packTransposed(p.wQkv, 3 * D, D, qkv);
  packTransposed(p.wOut, D, D, out);
  packTransposed(p.wUp, F, D, up);
  packTransposed(p.wDown, D, F, down);
  clear(g, D, F);
  for (let b = 0; b < B; b += G) {
    const texts = min(G, B - b);
    const n = groupRows(b, texts, T, ends);
    const rows = (<usize>(b * T * D)) << 2;
    place(a, after(kept, (b / G) * groupFloats(T, H, d)), R, D);

    addTransposed(a.neurons, F + GAP, dy + rows, D, n, F, D, g.wDown);
    addColumns(dy + rows, D, n, D, g.bDown);
    multiply(dy + rows, D, down, n, D, F, dneurons, F + GAP);
    for (let r = 0; r < n; r++) {
      const row = after(dneurons, r * (F + GAP));
      product(row, after(a.slope, r * F), F, row);
    }
    addTransposed(a.normed2, D, dneurons, F + GAP, n, D, F, g.wUp);
    addColumns(dneurons, F + GAP, n, F, g.bUp);
    multiply(dneurons, F + GAP, up, n, F, D, dnormed, D);
    layerNormBackwardAdding(a.middle, p.gain2, a.stats2, dnormed, n, D, dmiddle, g.gain2, g.bias2);
    addTo(dmiddle, dy + rows, n * D);

    addTransposed(a.attended, D, dmiddle, D, n, D, D, g.wOut);
    addColumns(dmiddle, D, n, D, g.bOut);
    multiply(dmiddle, D, out, n, D, D, dattended, D);
    attentionBackward(
      a.qkv,
      gists + ((<usize>b) << 2),
      a.pattern,
      dattended,
      texts,
      n / texts,
      H,
      d,
      dqkv,
      room,
    );
    addTransposed(a.normed1, D, dqkv, 3 * D, n, D, 3 * D, g.wQkv);
    addColumns(dqkv, 3 * D, n, 3 * D, g.bQkv);
    multiply(dqkv, 3 * D, qkv, n, 3 * D, D, dnormed, D);
    layerNormBackwardAdding(x + rows, p.gain1, a.stats1, dnormed, n, D, dx + rows, g.gain1, g.bias1);
    addTo(dx + rows, dmiddle, n * D);
    memory.fill(after(dx + rows, n * D), 0, (<usize>((texts * T - n) * D)) << 2);
  }
}

/** The address after so many floats. */
function after(at: usize, floats: i32): usize {
  return at + ((<usize>floats) << 2);
}

/** The places of a group's activations from an address on. */
function place(a: Group, at: usize, R: i32, D: i32): void {
  a.normed1 = at;
  a.stats1 = after(a.normed1, R * D);
  a.qkv = after(a.stats1, R * 2);
  a.attended = after(a.qkv, R * 3 * D);
  a.middle = after(a.attended, R * D);
  a.normed2 = after(a.middle, R * D);
  a.stats2 = after(a.normed2, R * D);
  a.neurons = after(a.stats2, R * 2);
  a.slope = after(a.neurons, R * (4 * D + GAP));
  a.pattern = after(a.slope, R * 4 * D);
}

function clear(g: Parameters, D: i32, F: i32): void {
  const bytes = (<usize>D) << 2;
  memory.fill(g.gain1, 0, bytes);
  memory.fill(g.bias1, 0, bytes);
  memory.fill(g.wQkv, 0, 3 * bytes * <usize>D);
  memory.fill(g.bQkv, 0, 3 * bytes);
  memory.fill(g.wOut, 0, bytes * <usize>D);
  memory.fill(g.bOut, 0, bytes);
  memory.fill(g.gain2, 0, bytes);
  memory.fill(g.bias2, 0, bytes);
  memory.fill(g.wUp, 0, bytes * <usize>F);
  memory.fill(g.bUp, 0, (<usize>F) << 2);
  memory.fill(g.wDown, 0, bytes * <usize>F);
  memory.fill(g.bDown, 0, bytes);
}
