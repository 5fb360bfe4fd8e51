// N rows, D width, V tokens in the vocabulary
import { addTransposed, CHUNK, multiply, packPanels, packTransposed, panelFloats } from '../shared/matmul.as';

/** Floats of scratch for `unembedForward`. */
export function unembedForwardScratch(D: i32, V: i32): i32 {
  return panelFloats(D, V);
}

/** Floats of scratch for `unembedBackward`. */
export function unembedBackwardScratch(D: i32, V: i32): i32 {
  return panelFloats(V, D);
}

/** y = x wteᵀ */
export function unembedForward(x: usize, wte: usize, N: i32, D: i32, V: i32, y: usize, scratch: usize): void {
  packTransposed(wte, D, V, scratch);
  multiply(x, D, scratch, N, D, V, y, V);
}

/** dx = dy wte, dwte = dyᵀ x */
export function unembedBackward(
  x: usize,
  wte: usize,
  dy: usize,
  N: i32,
  D: i32,
  V: i32,
  dx: usize,
  dwte: usize,
  scratch: usize,
): void {
  packPanels(wte, 0, V, D, scratch);
  memory.fill(dwte, 0, (<usize>(V * D)) << 2);
  for (let start = 0; start < N; start += CHUNK) {
    const rows = min(CHUNK, N - start);
    const dz = dy + ((<usize>start * <usize>V) << 2);
    const at = (<usize>start * <usize>D) << 2;
    multiply(dz, V, scratch, rows, V, D, dx + at, D);
    addTransposed(dz, V, x + at, D, rows, V, D, dwte);
  }
}
