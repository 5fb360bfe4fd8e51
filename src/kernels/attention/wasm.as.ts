// B rows, T positions, H heads, d head size, D = H·d width. A head's vectors are filled up with zeros to W, a multiple of
// eight; a row of keys to S, a multiple of four. Query q sees keys first … q, first = g where q > g, else 0.
import { Vector } from '../shared/vector.as';

/** Floats of scratch for `attentionForward`. */
export function attentionForwardScratch(T: i32, d: i32): i32 {
  const S = (T + 3) & ~3;
  return d * S + T * ((d + 7) & ~7) + S;
}

/** Floats of scratch for `attentionBackward`. */
export function attentionBackwardScratch(T: i32, d: i32): i32 {
  const S = (T + 3) & ~3;
  return d * S + 3 * T * ((d + 7) & ~7) + T * S;
}

/**
 * forward: s = q·k/√d over the visible keys, p = softmax(s), y = Σ p v.
 * p goes to pattern [B, H, T, S], unless that is 0; entries of hidden keys are not written.
 */
export function attentionForward(
  qkv: usize,
  gists: usize,
  B: i32,
  T: i32,
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
  const row = (<usize>S) << 2;
  const keys = scratch; // [d, S]
  const values = keys + <usize>d * row; // [T, W]
  const scores = values + ((<usize>T * <usize>W) << 2); // [S]
  const scale: f32 = 1 / sqrt(<f32>d);
  const lanes = i32x4(0, 1, 2, 3);
  for (let b = 0; b < B; b++) {
    const g = max(0, load<i32>(gists + ((<usize>b) << 2)));
    for (let h = 0; h < H; h++) {
      const head = qkv + <usize>b * <usize>T * stride + ((<usize>(h * d)) << 2);
      gatherColumns(head + ((<usize>D) << 2), stride, T, d, keys);
      gatherRows(head + ((<usize>D) << 3), stride, T, d, values);
      let query = head;
      for (let q = 0; q < T; q++) {
        const first = q > g ? g : 0;
        const start = first & ~3;
        const lowest = i32x4.splat(first);
        const highest = i32x4.splat(q);
        const p = pattern == 0 ? scores : pattern + <usize>((b * H + h) * T + q) * row;
        // Lanes before the first key and after the query hold −∞ and then exactly 0.
        let top = f32x4.splat(-Infinity);
        for (let k = start; k <= q; k += 4) {
          const at = keys + ((<usize>k) << 2);
          let s = f32x4.splat(0);
          if (d == 8) {
            s = f32x4.mul(v128.load_splat<f32>(query), v128.load(at));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(query, 4), v128.load(at + row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(query, 8), v128.load(at + 2 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(query, 12), v128.load(at + 3 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(query, 16), v128.load(at + 4 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(query, 20), v128.load(at + 5 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(query, 24), v128.load(at + 6 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(query, 28), v128.load(at + 7 * row)));
          } else
            for (let j = 0; j < d; j++)
              s = f32x4.add(
                s,
                f32x4.mul(v128.load_splat<f32>(query + ((<usize>j) << 2)), v128.load(at + <usize>j * row)),
              );
          const key = i32x4.add(i32x4.splat(k), lanes);
          const seen = v128.and(i32x4.ge_s(key, lowest), i32x4.le_s(key, highest));
          s = v128.bitselect(f32x4.mul(s, f32x4.splat(scale)), f32x4.splat(-Infinity), seen);
          top = f32x4.pmax(top, s);
          v128.store(p + ((<usize>k) << 2), s);
        }
        const m = f32x4.splat(Vector.largest(top));
        let total = f32x4.splat(0);
        for (let k = start; k <= q; k += 4) {
          const at = p + ((<usize>k) << 2);
          const e = Vector.exp(f32x4.sub(v128.load(at), m));
          total = f32x4.add(total, e);
          v128.store(at, e);
        }
        const share = f32x4.splat(1 / Vector.sum(total));
        if (pattern != 0)
          for (let k = start; k <= q; k += 4) {
            const at = p + ((<usize>k) << 2);
            v128.store(at, f32x4.mul(v128.load(at), share));
          }
        const rest = pattern != 0 ? f32x4.splat(1) : share;
        const out = y + ((<usize>(b * T + q) * <usize>D + <usize>(h * d)) << 2);
        for (let c = 0; c < W; c += 8) {
          let x0 = f32x4.splat(0),
            x1 = f32x4.splat(0);
          for (let k = first; k <= q; k++) {
            const weight = v128.load_splat<f32>(p + ((<usize>k) << 2));
            const v = values + ((<usize>k * <usize>W + <usize>c) << 2);
            x0 = f32x4.add(x0, f32x4.mul(weight, v128.load(v)));
            x1 = f32x4.add(x1, f32x4.mul(weight, v128.load(v, 16)));
          }
          Vector.storeEight(out + ((<usize>c) << 2), f32x4.mul(x0, rest), f32x4.mul(x1, rest), d - c);
        }
        query += stride;
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
  const row = (<usize>S) << 2;
  const values = scratch; // [d, S]
  const queries = values + <usize>d * row; // [T, W]
  const keys = queries + ((<usize>T * <usize>W) << 2); // [T, W]
  const dys = keys + ((<usize>T * <usize>W) << 2); // [T, W]
  const dscores = dys + ((<usize>T * <usize>W) << 2); // [T, S]
  const scale: f32 = 1 / sqrt(<f32>d);
  for (let b = 0; b < B; b++) {
    const g = max(0, load<i32>(gists + ((<usize>b) << 2)));
    for (let h = 0; h < H; h++) {
      const offset = <usize>b * <usize>T * stride + ((<usize>(h * d)) << 2);
      const head = qkv + offset;
      const dhead = dqkv + offset;
      gatherRows(head, stride, T, d, queries);
      gatherRows(head + ((<usize>D) << 2), stride, T, d, keys);
      gatherColumns(head + ((<usize>D) << 3), stride, T, d, values);
      gatherRows(dy + ((<usize>b * <usize>T * <usize>D + <usize>(h * d)) << 2), (<usize>D) << 2, T, d, dys);
      const patterns = pattern + <usize>((b * H + h) * T) * row;
      for (let q = 0; q < T; q++) {
        const first = q > g ? g : 0;
        const start = first & ~3;
        const p = patterns + <usize>q * row;
        const ds = dscores + <usize>q * row;
        const dyq = dys + ((<usize>q * <usize>W) << 2);
        let dots = f32x4.splat(0);
        for (let k = start; k <= q; k += 4) {
          const at = values + ((<usize>k) << 2);
          let s = f32x4.splat(0);
          if (d == 8) {
            s = f32x4.mul(v128.load_splat<f32>(dyq), v128.load(at));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(dyq, 4), v128.load(at + row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(dyq, 8), v128.load(at + 2 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(dyq, 12), v128.load(at + 3 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(dyq, 16), v128.load(at + 4 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(dyq, 20), v128.load(at + 5 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(dyq, 24), v128.load(at + 6 * row)));
            s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(dyq, 28), v128.load(at + 7 * row)));
          } else
            for (let j = 0; j < d; j++)
              s = f32x4.add(
                s,
                f32x4.mul(v128.load_splat<f32>(dyq + ((<usize>j) << 2)), v128.load(at + <usize>j * row)),
              );
          dots = f32x4.add(dots, f32x4.mul(s, v128.load(p + ((<usize>k) << 2))));
          v128.store(ds + ((<usize>k) << 2), s);
        }
        const dot = f32x4.splat(Vector.sum(dots));
        for (let k = start; k <= q; k += 4) {
          const at = (<usize>k) << 2;
          const centred = f32x4.mul(f32x4.sub(v128.load(ds + at), dot), f32x4.splat(scale));
          v128.store(ds + at, f32x4.mul(v128.load(p + at), centred));
        }
        const out = dhead + <usize>q * stride;
        for (let c = 0; c < W; c += 8) {
          let x0 = f32x4.splat(0),
            x1 = f32x4.splat(0);
          for (let k = first; k <= q; k++) {
            const weight = v128.load_splat<f32>(ds + ((<usize>k) << 2));
            const v = keys + ((<usize>k * <usize>W + <usize>c) << 2);
            x0 = f32x4.add(x0, f32x4.mul(weight, v128.load(v)));
            x1 = f32x4.add(x1, f32x4.mul(weight, v128.load(v, 16)));
          }
          Vector.storeEight(out + ((<usize>c) << 2), x0, x1, d - c);
        }
      }
      for (let k = 0; k < T; k++) {
        const last = k >= g ? T - 1 : min(g, T - 1); // the last query that sees this key
        const out = dhead + <usize>k * stride + ((<usize>D) << 2);
        for (let c = 0; c < W; c += 8) {
          let x0 = f32x4.splat(0),
            x1 = f32x4.splat(0),
            y0 = f32x4.splat(0),
            y1 = f32x4.splat(0);
          let at = <usize>k * row + ((<usize>k) << 2);
          let vector = (<usize>k * <usize>W + <usize>c) << 2;
          for (let q = k; q <= last; q++) {
            const ds = v128.load_splat<f32>(dscores + at);
            const p = v128.load_splat<f32>(patterns + at);
            x0 = f32x4.add(x0, f32x4.mul(ds, v128.load(queries + vector)));
            x1 = f32x4.add(x1, f32x4.mul(ds, v128.load(queries + vector, 16)));
            y0 = f32x4.add(y0, f32x4.mul(p, v128.load(dys + vector)));
            y1 = f32x4.add(y1, f32x4.mul(p, v128.load(dys + vector, 16)));
            at += row;
            vector += (<usize>W) << 2;
          }
          Vector.storeEight(out + ((<usize>c) << 2), x0, x1, d - c);
          Vector.storeEight(out + ((<usize>D) << 2) + ((<usize>c) << 2), y0, y1, d - c);
        }
      }
    }
  }
}

/** One head's vectors as rows [T, W]. */
function gatherRows(from: usize, stride: usize, T: i32, d: i32, to: usize): void {
  const W = (d + 7) & ~7;
  for (let t = 0; t < T; t++) {
    if (d == 8) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else Vector.copyPadded(from, to, d, W);
    from += stride;
    to += (<usize>W) << 2;
  }
}

/** One head's vectors as columns [d, S], filled up with zeros. */
function gatherColumns(from: usize, stride: usize, T: i32, d: i32, to: usize): void {
  const S = (T + 3) & ~3;
  const row = (<usize>S) << 2;
  for (let t = 0; t < S; t++) {
    let at = to + ((<usize>t) << 2);
    for (let j = 0; j < d; j++) {
      store<f32>(at, t < T ? load<f32>(from + ((<usize>j) << 2)) : 0);
      at += row;
    }
    from += stride;
  }
}
