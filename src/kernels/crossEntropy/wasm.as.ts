// N rows, V tokens in the vocabulary
import { largest, scale, sumExp } from '../shared/softmax.as';
import { ln } from '../shared/vector.as';

/**
 * loss = Σ wᵢ(lseᵢ − logits[i, targetᵢ]) / W, W = Σ wᵢ, and, unless dlogits is 0, its gradient
 * dlogits[i, j] = wᵢ/W·(exp(logits[i, j] − lseᵢ) − [j = targetᵢ]). Rows without weight are not read.
 */
export function crossEntropyForward(
  logits: usize,
  targets: usize,
  weights: usize,
  N: i32,
  V: i32,
  loss: usize,
  dlogits: usize,
): void {
  let W: f64 = 0;
  for (let i = 0; i < N; i++) W += <f64>load<f32>(weights + ((<usize>i) << 2));
  const bytes = (<usize>V) << 2;
  let total: f64 = 0;
  for (let i = 0; i < N; i++) {
    const target = load<i32>(targets + ((<usize>i) << 2));
    const weight = <f64>load<f32>(weights + ((<usize>i) << 2));
    if (weight == 0 || W == 0 || <u32>target >= <u32>V) {
      if (dlogits != 0) memory.fill(dlogits, 0, bytes);
    } else {
      const top = largest(logits, V);
      const sum = sumExp(logits, V, top, dlogits);
      const at = (<usize>target) << 2;
      total += weight * (<f64>top + ln(<f64>sum) - <f64>load<f32>(logits + at));
      if (dlogits != 0) {
        const share = <f32>(weight / W);
        scale(dlogits, V, share / sum);
        store<f32>(dlogits + at, load<f32>(dlogits + at) - share);
      }
    }
    logits += bytes;
    if (dlogits != 0) dlogits += bytes;
  }
  store<f32>(loss, W == 0 ? 0 : <f32>(total / W));
}

/** dlogits ← dloss·dlogits for n floats, in place. */
export function crossEntropyBackward(dlogits: usize, dloss: usize, n: i32): void {
  const factor = load<f32>(dloss);
  if (factor != 1) scale(dlogits, n, factor);
}
