// D channels, F = 4D neurons. The four matrices of a block as panels for its forward pass, one after the other.
import { packPanels, panelFloats } from '../shared/matmul.as';
import { Parameters } from './parameters.as';

/** Floats of a block's panels. */
export function blockPanelFloats(D: i32): i32 {
  return panelFloats(D, 3 * D) + panelFloats(D, D) + panelFloats(D, 4 * D) + panelFloats(4 * D, D);
}

/** Packs a block's matrices and biases. Queries, keys and values come first. */
export function packBlock(p: Parameters, D: i32, panels: usize): void {
  const F = 4 * D;
  packPanels(p.wQkv, p.bQkv, D, 3 * D, panels);
  packPanels(p.wOut, p.bOut, D, D, outPanels(panels, D));
  packPanels(p.wUp, p.bUp, D, F, upPanels(panels, D));
  packPanels(p.wDown, p.bDown, F, D, downPanels(panels, D));
}

export function outPanels(panels: usize, D: i32): usize {
  return panels + ((<usize>panelFloats(D, 3 * D)) << 2);
}

export function upPanels(panels: usize, D: i32): usize {
  return outPanels(panels, D) + ((<usize>panelFloats(D, D)) << 2);
}

export function downPanels(panels: usize, D: i32): usize {
  return upPanels(panels, D) + ((<usize>panelFloats(D, 4 * D)) << 2);
}
