// n rows, D channels, F = 4D neurons
import { layerNormForward } from '../layerNorm/wasm.as';
import { addTo } from '../shared/elements.as';
import { applyGelu } from '../shared/gelu.as';
import { multiply } from '../shared/matmul.as';
import { downPanels, outPanels, upPanels } from './panels.as';
import { Parameters } from './parameters.as';

/** Floats of scratch for `afterAttention` of n rows. */
export function afterAttentionScratch(n: i32, D: i32): i32 {
  return n * (6 * D + 2);
}

/**
 * What a block does after its heads, where no backward pass will come: m = x + attended · W_out,
 * y = m + W_down GELU(W_up norm₂ m).
 */
export function afterAttention(
  attended: usize,
  x: usize,
  p: Parameters,
  panels: usize,
  n: i32,
  D: i32,
  eps: f32,
  y: usize,
  scratch: usize,
): void {
  const F = 4 * D;
  const floats = (<usize>(n * D)) << 2;
  const middle = scratch; // [n, D]
  const normed = middle + floats; // [n, D]
  const neurons = normed + floats; // [n, F]
  const stats = neurons + 4 * floats; // [n, 2]
  multiply(attended, D, outPanels(panels, D), n, D, D, middle, D);
  addTo(middle, x, n * D);
  layerNormForward(middle, p.gain2, p.bias2, n, D, eps, normed, stats);
  multiply(normed, D, upPanels(panels, D), n, D, F, neurons, F);
  applyGelu(neurons, n * F, 0);
  multiply(neurons, F, downPanels(panels, D), n, F, D, y, D);
  addTo(y, middle, n * D);
}
