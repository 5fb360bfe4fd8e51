// B rows, P positions in the cache, H heads, d head size, D = H·d width
import { Exp } from '../shared/exp.as';
import { Vector } from '../shared/vector.as';

/** Writes T positions' keys and values, from position t on: keys[b, t + i] = qkv[b, i, D … 2D − 1], and the values after. */
export function cacheWrite(
  qkv: usize,
  B: i32,
  T: i32,
  P: i32,
  D: i32,
  t: i32,
  keys: usize,
  values: usize,
): void {
  const bytes = (<usize>D) << 2;
  for (let b = 0; b < B; b++)
    for (let i = 0; i < T; i++) {
      const at = <usize>(b * P + t + i) * bytes;
      memory.copy(keys + at, qkv + bytes, bytes);
      memory.copy(values + at, qkv + 2 * bytes, bytes);
      qkv += 3 * bytes;
    }
}

/** s = q·k/√d for the keys of positions from … t, p = softmax(s), y = Σ p v. */
export function attendCachedForward(
  qkv: usize,
  keys: usize,
  values: usize,
  B: i32,
  P: i32,
  H: i32,
  d: i32,
  t: i32,
  from: i32,
  y: usize,
  scratch: usize,
): void {
  const D = H * d;
  const bytes = (<usize>D) << 2;
  const scale: f32 = 1 / sqrt(<f32>d);
  const n = t + 1 - from;
  for (let b = 0; b < B; b++) {
    const offset = <usize>(b * P + from) * bytes;
    for (let h = 0; h < H; h++) {
      const channel = (<usize>(h * d)) << 2;
      const top = score(qkv + channel, keys + offset + channel, bytes, d, n, scale, scratch);
      const m = f32x4.splat(top);
      let total = f32x4.splat(0);
      // The last vector may reach beyond n: those lanes hold −∞ and add nothing.
      for (let k = n; k & 3; k++) store<f32>(scratch + ((<usize>k) << 2), -Infinity);
      for (let k = 0; k < n; k += 4) {
        const at = scratch + ((<usize>k) << 2);
        const e = Exp.of(f32x4.sub(v128.load(at), m));
        total = f32x4.add(total, e);
        v128.store(at, e);
      }
      read(scratch, 1 / Vector.sum(total), values + offset + channel, bytes, d, n, y + channel);
    }
    qkv += 3 * bytes;
    y += bytes;
  }
}

/** Scores of n keys; returns the largest. */
function score(query: usize, key: usize, stride: usize, d: i32, n: i32, scale: f32, scores: usize): f32 {
  let top: f32 = -Infinity;
  const whole = d & ~3;
  for (let k = 0; k < n; k++) {
    let dots = f32x4.splat(0);
    for (let j = 0; j < whole; j += 4) {
      const at = (<usize>j) << 2;
      dots = f32x4.add(dots, f32x4.mul(v128.load(query + at), v128.load(key + at)));
    }
    let dot = Vector.sum(dots);
    for (let j = whole; j < d; j++)
      dot += load<f32>(query + ((<usize>j) << 2)) * load<f32>(key + ((<usize>j) << 2));
    dot *= scale;
    store<f32>(scores + ((<usize>k) << 2), dot);
    top = max(top, dot);
    key += stride;
  }
  return top;
}

/** y = share·Σ p v over n values. */
function read(p: usize, share: f32, value: usize, stride: usize, d: i32, n: i32, y: usize): void {
  const s = f32x4.splat(share);
  for (let c = 0; c < d; c += 8) {
    const width = d - c;
    let x0 = f32x4.splat(0),
      x1 = f32x4.splat(0);
    let v = value + ((<usize>c) << 2);
    for (let k = 0; k < n; k++) {
      const weight = v128.load_splat<f32>(p + ((<usize>k) << 2));
      const v0 = width >= 4 ? v128.load(v) : Vector.loadSome(v, width, 0);
      const v1 = width >= 8 ? v128.load(v, 16) : Vector.loadSome(v + 16, width - 4, 0);
      x0 = f32x4.add(x0, f32x4.mul(weight, v0));
      x1 = f32x4.add(x1, f32x4.mul(weight, v1));
      v += stride;
    }
    Vector.storeEight(y + ((<usize>c) << 2), f32x4.mul(x0, s), f32x4.mul(x1, s), width);
  }
}
