// B rows, T positions, H heads, d head size, D = H·d width. Four queries at a time, one in each lane, so that a softmax
// needs no sum across lanes. A head's vectors are rows of W floats, a multiple of eight, filled up with zeros; there are S
// of them, a multiple of four. Query q sees keys first … q, first = g where q > g, else 0.
import { Exp } from '../shared/exp.as';
import { Vector } from '../shared/vector.as';

/** Floats of scratch for `attentionForward`. */
export function attentionForwardScratch(T: i32, d: i32): i32 {
  const S = (T + 3) & ~3;
  return S * (2 * ((d + 7) & ~7) + d + 4);
}

/** Floats of scratch for `attentionBackward`. */
export function attentionBackwardScratch(T: i32, d: i32): i32 {
  const S = (T + 3) & ~3;
  return S * (6 * ((d + 7) & ~7) + d + 4);
}

/**
 * forward: s = q·k/√d over the visible keys, p = softmax(s), y = Σ p v.
 * p goes to pattern [B, H, S/4, S, 4] (row, head, four queries, key, query), unless that is 0; keys that none of the four
 * queries sees are not written.
 * @param from rows of y before it, whose queries nobody asks, may be left as they are
 */
export function attentionForward(
  qkv: usize,
  gists: usize,
  B: i32,
  T: i32,
  from: i32,
  H: i32,
  d: i32,
  y: usize,
  pattern: usize,
  scratch: usize,
): void {
  const S = (T + 3) & ~3;
  const W = (d + 7) & ~7;
  const D = H * d;
  const stride = <usize>D * 12;
  const keys = scratch; // [S, W]
  const values = keys + ((<usize>(S * W)) << 2); // [S, W]
  const queries = values + ((<usize>(S * W)) << 2); // [S/4, d, 4]
  const scores = queries + ((<usize>(S * d)) << 2); // [S, 4]
  const scale: f32 = 1 / sqrt(<f32>d);
  for (let b = 0; b < B; b++) {
    const g = gistOf(gists, b, T);
    for (let h = 0; h < H; h++) {
      const head = qkv + <usize>(b * T) * stride + ((<usize>(h * d)) << 2);
      gatherLanes(head, stride, T, d, scale, queries);
      gatherRows(head + ((<usize>D) << 2), stride, T, d, keys);
      gatherRows(head + ((<usize>D) << 3), stride, T, d, values);
      for (let q = from & ~3; q < T; q += 4) {
        const first = q > g ? g : 0;
        const end = min(q + 4, T);
        const p = pattern == 0 ? scores : pattern + ((<usize>((b * H + h) * S + q) * <usize>S) << 2);
        dotProducts(keys, queries + ((<usize>(q * d)) << 2), first, end, d, p);
        hideKeys(p, q, g, end);
        softmax(p, first, end);
        const out = y + ((<usize>((b * T + q) * D + h * d)) << 2);
        weighRows(p, values, first, end, d, out, (<usize>D) << 2, end - q);
      }
    }
  }
}

/**
 * backward: dp = dy·v, ds = p ∘ (dp − Σ dp ∘ p)/√d; dq = Σ ds k over the keys, and over the queries
 * dk = Σ ds q, dv = Σ p dy.
 */
export function attentionBackward(
  qkv: usize,
  gists: usize,
  pattern: usize,
  dy: usize,
  B: i32,
  T: i32,
  H: i32,
  d: i32,
  dqkv: usize,
  scratch: usize,
): void {
  const S = (T + 3) & ~3;
  const W = (d + 7) & ~7;
  const D = H * d;
  const stride = <usize>D * 12;
  const third = (<usize>D) << 2;
  const area = (<usize>(S * W)) << 2;
  const queries = scratch; // [S, W], as the next five
  const keys = queries + area;
  const values = keys + area;
  const dys = values + area;
  const dkeys = dys + area;
  const dvalues = dkeys + area;
  const lanes = dvalues + area; // dy once more, [S/4, d, 4]
  const ds = lanes + ((<usize>(S * d)) << 2); // [S, 4]
  const scale: f32 = 1 / sqrt(<f32>d);
  for (let b = 0; b < B; b++) {
    const g = gistOf(gists, b, T);
    for (let h = 0; h < H; h++) {
      const offset = <usize>(b * T) * stride + ((<usize>(h * d)) << 2);
      const head = qkv + offset;
      const dhead = dqkv + offset;
      const dyHead = dy + ((<usize>(b * T * D + h * d)) << 2);
      gatherRows(head, stride, T, d, queries);
      gatherRows(head + third, stride, T, d, keys);
      gatherRows(head + 2 * third, stride, T, d, values);
      gatherRows(dyHead, third, T, d, dys);
      gatherLanes(dyHead, third, T, d, 1, lanes);
      memory.fill(dkeys, 0, 2 * area);
      for (let q = 0; q < T; q += 4) {
        const first = q > g ? g : 0;
        const end = min(q + 4, T);
        const p = pattern + ((<usize>((b * H + h) * S + q) * <usize>S) << 2);
        const four = (<usize>(q * W)) << 2;
        dotProducts(values, lanes + ((<usize>(q * d)) << 2), first, end, d, ds);
        softmaxBackward(p, ds, first, end, scale);
        weighRows(ds, keys, first, end, d, dhead + <usize>q * stride, stride, end - q);
        spreadRows(ds, queries + four, first, end, W, dkeys);
        spreadRows(p, dys + four, first, end, W, dvalues);
      }
      scatterRows(dkeys, T, d, dhead + third, stride);
      scatterRows(dvalues, T, d, dhead + 2 * third, stride);
    }
  }
}

/** Position of a row's gist; beyond all lanes where it has none. */
function gistOf(gists: usize, b: i32, T: i32): i32 {
  const g = load<i32>(gists + ((<usize>b) << 2));
  return g >= T ? T + 3 : max(0, g);
}

/** out [k] = rows [k, d] · lanes [d], four lanes at once, for k in first … end − 1 */
function dotProducts(rows: usize, lanes: usize, first: i32, end: i32, d: i32, out: usize): void {
  const bytes = (<usize>((d + 7) & ~7)) << 2;
  let row = rows + <usize>first * bytes;
  const stop = rows + <usize>end * bytes;
  let at = out + ((<usize>first) << 4);
  if (d == 8) {
    const x0 = v128.load(lanes),
      x1 = v128.load(lanes, 16),
      x2 = v128.load(lanes, 32),
      x3 = v128.load(lanes, 48),
      x4 = v128.load(lanes, 64),
      x5 = v128.load(lanes, 80),
      x6 = v128.load(lanes, 96),
      x7 = v128.load(lanes, 112);
    for (; row < stop; row += 32) {
      let s = f32x4.mul(x0, v128.load_splat<f32>(row));
      let t = f32x4.mul(x1, v128.load_splat<f32>(row, 4));
      s = Vector.madd(x2, v128.load_splat<f32>(row, 8), s);
      t = Vector.madd(x3, v128.load_splat<f32>(row, 12), t);
      s = Vector.madd(x4, v128.load_splat<f32>(row, 16), s);
      t = Vector.madd(x5, v128.load_splat<f32>(row, 20), t);
      s = Vector.madd(x6, v128.load_splat<f32>(row, 24), s);
      t = Vector.madd(x7, v128.load_splat<f32>(row, 28), t);
      v128.store(at, f32x4.add(s, t));
      at += 16;
    }
    return;
  }
  for (; row < stop; row += bytes) {
    let s = f32x4.splat(0);
    for (let j: usize = 0; j < <usize>d; j++)
      s = Vector.madd(v128.load(lanes + (j << 4)), v128.load_splat<f32>(row + (j << 2)), s);
    v128.store(at, s);
    at += 16;
  }
}

/** Sets the scores of keys that a query may not see to −∞: keys after it, and keys before a gist that it follows. */
function hideKeys(scores: usize, q: i32, g: i32, end: i32): void {
  const query = i32x4.add(i32x4.splat(q), i32x4(0, 1, 2, 3));
  for (let k = q + 1; k < end; k++) hide(scores, k, i32x4.lt_s(query, i32x4.splat(k)));
  if (q > g || q + 3 <= g) return;
  for (let k = 0; k < g; k++) hide(scores, k, i32x4.gt_s(query, i32x4.splat(g)));
}

function hide(scores: usize, k: i32, hidden: v128): void {
  const at = scores + ((<usize>k) << 4);
  v128.store(at, v128.bitselect(f32x4.splat(-Infinity), v128.load(at), hidden));
}

/** p = softmax(s) over keys first … end − 1, in place, for four queries at once */
export function softmax(scores: usize, first: i32, end: i32): void {
  const start = scores + ((<usize>first) << 4);
  const stop = scores + ((<usize>end) << 4);
  let top = f32x4.splat(-Infinity);
  for (let at = start; at < stop; at += 16) top = f32x4.pmax(top, v128.load(at));
  let total = f32x4.splat(0);
  for (let at = start; at < stop; at += 16) {
    const e = Exp.of(f32x4.sub(v128.load(at), top));
    total = f32x4.add(total, e);
    v128.store(at, e);
  }
  const share = f32x4.div(f32x4.splat(1), total);
  for (let at = start; at < stop; at += 16) v128.store(at, f32x4.mul(v128.load(at), share));
}

/** ds = p ∘ (dp − Σ dp ∘ p)·scale, in place of dp */
function softmaxBackward(p: usize, dp: usize, first: i32, end: i32, scale: f32): void {
  const start = (<usize>first) << 4;
  const stop = (<usize>end) << 4;
  let dot = f32x4.splat(0);
  for (let at = start; at < stop; at += 16) dot = Vector.madd(v128.load(p + at), v128.load(dp + at), dot);
  const s = f32x4.splat(scale);
  for (let at = start; at < stop; at += 16) {
    const centred = f32x4.mul(f32x4.sub(v128.load(dp + at), dot), s);
    v128.store(dp + at, f32x4.mul(v128.load(p + at), centred));
  }
}

/** out [query] = Σ p[k, query] rows [k] over the keys, for the first n of four queries */
function weighRows(
  p: usize,
  rows: usize,
  first: i32,
  end: i32,
  d: i32,
  out: usize,
  stride: usize,
  n: i32,
): void {
  const W = (d + 7) & ~7;
  const bytes = (<usize>W) << 2;
  const stop = p + ((<usize>end) << 4);
  for (let c = 0; c < W; c += 8) {
    let x0 = f32x4.splat(0),
      y0 = f32x4.splat(0);
    let x1 = x0,
      y1 = y0,
      x2 = x0,
      y2 = y0,
      x3 = x0,
      y3 = y0;
    let row = rows + <usize>first * bytes + ((<usize>c) << 2);
    for (let at = p + ((<usize>first) << 4); at < stop; at += 16) {
      const r0 = v128.load(row),
        r1 = v128.load(row, 16);
      let s = v128.load_splat<f32>(at);
      x0 = Vector.madd(s, r0, x0);
      y0 = Vector.madd(s, r1, y0);
      s = v128.load_splat<f32>(at, 4);
      x1 = Vector.madd(s, r0, x1);
      y1 = Vector.madd(s, r1, y1);
      s = v128.load_splat<f32>(at, 8);
      x2 = Vector.madd(s, r0, x2);
      y2 = Vector.madd(s, r1, y2);
      s = v128.load_splat<f32>(at, 12);
      x3 = Vector.madd(s, r0, x3);
      y3 = Vector.madd(s, r1, y3);
      row += bytes;
    }
    const to = out + ((<usize>c) << 2);
    Vector.storeEight(to, x0, y0, d - c);
    if (n > 1) Vector.storeEight(to + stride, x1, y1, d - c);
    if (n > 2) Vector.storeEight(to + 2 * stride, x2, y2, d - c);
    if (n > 3) Vector.storeEight(to + 3 * stride, x3, y3, d - c);
  }
}

/** sums [k] += Σ p[k, query] rows [query] over four queries */
function spreadRows(p: usize, rows: usize, first: i32, end: i32, W: i32, sums: usize): void {
  const bytes = (<usize>W) << 2;
  const stop = p + ((<usize>end) << 4);
  for (let c = 0; c < W; c += 8) {
    const from = rows + ((<usize>c) << 2);
    const x0 = v128.load(from),
      y0 = v128.load(from, 16);
    const x1 = v128.load(from + bytes),
      y1 = v128.load(from + bytes, 16);
    const x2 = v128.load(from + 2 * bytes),
      y2 = v128.load(from + 2 * bytes, 16);
    const x3 = v128.load(from + 3 * bytes),
      y3 = v128.load(from + 3 * bytes, 16);
    let to = sums + <usize>first * bytes + ((<usize>c) << 2);
    for (let at = p + ((<usize>first) << 4); at < stop; at += 16) {
      const s0 = v128.load_splat<f32>(at),
        s1 = v128.load_splat<f32>(at, 4),
        s2 = v128.load_splat<f32>(at, 8),
        s3 = v128.load_splat<f32>(at, 12);
      const x = Vector.madd(s0, x0, f32x4.mul(s1, x1));
      const y = Vector.madd(s0, y0, f32x4.mul(s1, y1));
      const more = Vector.madd(s2, x2, f32x4.mul(s3, x3));
      const most = Vector.madd(s2, y2, f32x4.mul(s3, y3));
      v128.store(to, f32x4.add(v128.load(to), f32x4.add(x, more)));
      v128.store(to, f32x4.add(v128.load(to, 16), f32x4.add(y, most)), 16);
      to += bytes;
    }
  }
}

/** One head's vectors as rows [S, W]. */
function gatherRows(from: usize, stride: usize, T: i32, d: i32, to: usize): void {
  const W = (d + 7) & ~7;
  const bytes = (<usize>W) << 2;
  for (let t = 0; t < T; t++) {
    if (d == 8) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else Vector.copyPadded(from, to, d, W);
    from += stride;
    to += bytes;
  }
  memory.fill(to, 0, <usize>(((T + 3) & ~3) - T) * bytes);
}

function scatterRows(from: usize, T: i32, d: i32, to: usize, stride: usize): void {
  const bytes = (<usize>((d + 7) & ~7)) << 2;
  for (let t = 0; t < T; t++) {
    if (d == 8) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else memory.copy(to, from, (<usize>d) << 2);
    from += bytes;
    to += stride;
  }
}

/** One head's vectors, scaled, four positions side by side [S/4, d, 4]. */
function gatherLanes(from: usize, stride: usize, T: i32, d: i32, scale: f32, to: usize): void {
  for (let t = 0; t < ((T + 3) & ~3); t++) {
    let at = to + ((<usize>((t >> 2) * d * 4 + (t & 3))) << 2);
    for (let j: usize = 0; j < <usize>d; j++) {
      store<f32>(at, t < T ? load<f32>(from + (j << 2)) * scale : 0);
      at += 16;
    }
    from += stride;
  }
}
