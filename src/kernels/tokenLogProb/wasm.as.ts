// N rows, V tokens in the vocabulary
import { logSumExp, scaledExp } from '../shared/softmax.as';

/** y[i] = logits[i, targetᵢ] − lseᵢ, lseᵢ = log Σⱼ exp(logits[i, j]); 0 for a target outside the vocabulary */
export function tokenLogProbForward(
  logits: usize,
  targets: usize,
  N: i32,
  V: i32,
  y: usize,
  lse: usize,
): void {
  for (let i = 0; i < N; i++) {
    const at = (<usize>i) << 2;
    const target = load<i32>(targets + at);
    const sum = logSumExp(logits, V);
    store<f32>(lse + at, sum);
    store<f32>(y + at, <u32>target < <u32>V ? load<f32>(logits + ((<usize>target) << 2)) - sum : 0);
    logits += (<usize>V) << 2;
  }
}

/** dlogits[i, j] = dyᵢ·([j = targetᵢ] − exp(logits[i, j] − lseᵢ)) */
export function tokenLogProbBackward(
  logits: usize,
  targets: usize,
  lse: usize,
  dy: usize,
  N: i32,
  V: i32,
  dlogits: usize,
): void {
  const bytes = (<usize>V) << 2;
  for (let i = 0; i < N; i++) {
    const at = (<usize>i) << 2;
    const target = load<i32>(targets + at);
    const d = load<f32>(dy + at);
    if (<u32>target >= <u32>V || d == 0) memory.fill(dlogits, 0, bytes);
    else {
      scaledExp(logits, V, load<f32>(lse + at), -d, dlogits);
      const chosen = dlogits + ((<usize>target) << 2);
      store<f32>(chosen, load<f32>(chosen) + d);
    }
    logits += bytes;
    dlogits += bytes;
  }
}
