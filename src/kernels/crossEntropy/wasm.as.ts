// N rows, V tokens in the vocabulary
import { logSumExp, scaledExp } from '../shared/softmax.as';

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
      const lse = logSumExp(logits, V);
      const at = (<usize>target) << 2;
      total += weight * (<f64>lse - <f64>load<f32>(logits + at));
      if (dlogits != 0) {
        const share = <f32>(weight / W);
        scaledExp(logits, V, lse, share, dlogits);
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
  if (factor == 1) return;
  const f = f32x4.splat(factor);
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = dlogits + ((<usize>i) << 2);
    v128.store(at, f32x4.mul(v128.load(at), f));
  }
  for (let i = whole; i < n; i++) {
    const at = dlogits + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}
