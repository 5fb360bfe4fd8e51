// B texts, P positions in the cache, H heads, d head size, D = H·d width, n positions that are seen
import { softmax } from '../attention/wasm.as';
import { Exp } from '../shared/exp.as';
import { Vector } from '../shared/vector.as';

/** Positions 0 … t − 1 of some rows, as they follow in `rows` int32 [n]: to [n, P, D]. */
export function cacheSelect(from: usize, rows: usize, n: i32, P: i32, D: i32, t: i32, to: usize): void {
  const bytes = (<usize>(P * D)) << 2;
  for (let i = 0; i < n; i++) {
    const row = load<i32>(rows + ((<usize>i) << 2));
    memory.copy(to + <usize>i * bytes, from + <usize>row * bytes, (<usize>(t * D)) << 2);
  }
}

/**
 * Writes each text's newest key and value, at its place, and reads its row up to there: s = q·k/√d, p = softmax(s), y = Σ p v.
 * @param places int32 [B, 2]: row and position
 * @param scratch room for 4·(P + 1) floats
 */
export function attendCachedForward(
  qkv: usize,
  keys: usize,
  values: usize,
  places: usize,
  B: i32,
  P: i32,
  H: i32,
  d: i32,
  y: usize,
  scratch: usize,
): void {
  const D = H * d;
  const bytes = (<usize>D) << 2;
  const scale: f32 = 1 / sqrt(<f32>d);
  const together = d == 8 ? H & ~3 : 0; // heads that go by fours
  for (let b = 0; b < B; b++) {
    const offset = <usize>(load<i32>(places) * P) * bytes;
    const n = load<i32>(places, 4) + 1;
    const newest = offset + <usize>(n - 1) * bytes;
    memory.copy(keys + newest, qkv + bytes, bytes);
    memory.copy(values + newest, qkv + 2 * bytes, bytes);
    for (let h = 0; h < together; h += 4) {
      const channel = (<usize>(h * d)) << 2;
      scoreFour(qkv + channel, keys + offset + channel, bytes, n, scale, scratch);
      softmax(scratch, 0, n);
      readFour(scratch, values + offset + channel, bytes, n, y + channel);
    }
    for (let h = together; h < H; h++) {
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
    places += 8;
    qkv += 3 * bytes;
    y += bytes;
  }
}

/** Scores of n keys in four heads of eight channels, a head in each lane. */
function scoreFour(query: usize, key: usize, stride: usize, n: i32, scale: f32, scores: usize): void {
  const s = f32x4.splat(scale);
  const q0 = f32x4.mul(v128.load(query), s),
    q1 = f32x4.mul(v128.load(query, 16), s),
    q2 = f32x4.mul(v128.load(query, 32), s),
    q3 = f32x4.mul(v128.load(query, 48), s),
    q4 = f32x4.mul(v128.load(query, 64), s),
    q5 = f32x4.mul(v128.load(query, 80), s),
    q6 = f32x4.mul(v128.load(query, 96), s),
    q7 = f32x4.mul(v128.load(query, 112), s);
  const stop = scores + ((<usize>n) << 4);
  for (let at = scores; at < stop; at += 16) {
    const h0 = Vector.madd(q0, v128.load(key), f32x4.mul(q1, v128.load(key, 16)));
    const h1 = Vector.madd(q2, v128.load(key, 32), f32x4.mul(q3, v128.load(key, 48)));
    const h2 = Vector.madd(q4, v128.load(key, 64), f32x4.mul(q5, v128.load(key, 80)));
    const h3 = Vector.madd(q6, v128.load(key, 96), f32x4.mul(q7, v128.load(key, 112)));
    // The sums of four vectors, each in its lane.
    const h01 = f32x4.add(v128.shuffle<f32>(h0, h1, 0, 4, 1, 5), v128.shuffle<f32>(h0, h1, 2, 6, 3, 7));
    const h23 = f32x4.add(v128.shuffle<f32>(h2, h3, 0, 4, 1, 5), v128.shuffle<f32>(h2, h3, 2, 6, 3, 7));
    v128.store(
      at,
      f32x4.add(v128.shuffle<f32>(h01, h23, 0, 1, 4, 5), v128.shuffle<f32>(h01, h23, 2, 3, 6, 7)),
    );
    key += stride;
  }
}

/** y = Σ p v over n values in four heads of eight channels. */
function readFour(p: usize, value: usize, stride: usize, n: i32, y: usize): void {
  let x0 = f32x4.splat(0);
  let x1 = x0,
    x2 = x0,
    x3 = x0,
    x4 = x0,
    x5 = x0,
    x6 = x0,
    x7 = x0;
  const stop = p + ((<usize>n) << 4);
  for (let at = p; at < stop; at += 16) {
    let s = v128.load_splat<f32>(at);
    x0 = Vector.madd(s, v128.load(value), x0);
    x1 = Vector.madd(s, v128.load(value, 16), x1);
    s = v128.load_splat<f32>(at, 4);
    x2 = Vector.madd(s, v128.load(value, 32), x2);
    x3 = Vector.madd(s, v128.load(value, 48), x3);
    s = v128.load_splat<f32>(at, 8);
    x4 = Vector.madd(s, v128.load(value, 64), x4);
    x5 = Vector.madd(s, v128.load(value, 80), x5);
    s = v128.load_splat<f32>(at, 12);
    x6 = Vector.madd(s, v128.load(value, 96), x6);
    x7 = Vector.madd(s, v128.load(value, 112), x7);
    value += stride;
  }
  v128.store(y, x0);
  v128.store(y, x1, 16);
  v128.store(y, x2, 32);
  v128.store(y, x3, 48);
  v128.store(y, x4, 64);
  v128.store(y, x5, 80);
  v128.store(y, x6, 96);
  v128.store(y, x7, 112);
}

/** Scores of n keys; returns the largest. */
function score(query: usize, key: usize, stride: usize, d: i32, n: i32, scale: f32, scores: usize): f32 {
  let top: f32 = -Infinity;
  const whole = d & ~3;
  for (let k = 0; k < n; k++) {
    let dots = f32x4.splat(0);
    for (let j = 0; j < whole; j += 4) {
      const at = (<usize>j) << 2;
      dots = Vector.madd(v128.load(query + at), v128.load(key + at), dots);
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
      x0 = Vector.madd(weight, v0, x0);
      x1 = Vector.madd(weight, v1, x1);
      v += stride;
    }
    Vector.storeEight(y + ((<usize>c) << 2), f32x4.mul(x0, s), f32x4.mul(x1, s), width);
  }
}
