// B rows, T positions, H heads, d head size, D = H·d width. Query q sees keys k ≤ q with q ≤ g or k ≥ g.
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { program, run, type Program } from '../gpu/program.ts';
import { EXPONENTIAL } from '../gpu/rows.ts';
import { differentiable } from '../wasm.ts';

const each = (d: number, term: (c: number) => string, between = ' ') =>
  Array.from({ length: d }, (_, c) => term(c)).join(between);

/** A head's vectors stay in registers, so its size is part of the program. One workgroup has one row's one head. */
const COMMON = (d: number) => /* wgsl */ `${EXPONENTIAL}
  const d = ${d}u;
  struct Head { qkv: u32, out: u32, first: u32, gist: u32 }
  fn headOf(group: u32) -> Head {
    let b = group / u.H;
    let h = group % u.H;
    let gist = u32(clamp(gists[b], 0, i32(u.T)));
    return Head(b * u.T * 3u * u.H * d + h * d, b * u.T * u.H * d + h * d, group * u.T, gist);
  }
`;

// forward, one thread a query: s = q·k/√d, y = Σ exp(s) v / Σ exp(s) in one pass, rescaled whenever the largest s grows;
// stats: the largest s and Σ exp(s − largest), for the gradient
const forward = (d: number) =>
  program(
    `attention of ${d}`,
    { qkv: 'read', gists: 'read i32', y: 'write', stats: 'write' },
    { groups: 'u32', T: 'u32', H: 'u32', scale: 'f32' },
    /* wgsl */ `${COMMON(d)}
  fn run(group: u32, thread: u32) {
    if (group >= u.groups) { return; }
    let head = headOf(group);
    let D = u.H * d;
    for (var q = thread; q < u.T; q += 64u) {
      let query = head.qkv + q * 3u * D;
      ${each(d, (c) => `let q${c} = qkv[query + ${c}u] * u.scale; var y${c} = 0.0;`)}
      var top = -3.4e38;
      var total = 0.0;
      for (var k = select(0u, head.gist, q > head.gist); k <= q; k++) {
        let key = head.qkv + k * 3u * D + D;
        let value = key + D;
        let s = ${each(d, (c) => `q${c} * qkv[key + ${c}u]`, ' + ')};
        if (s > top) {
          let shrink = exponential(top - s);
          total *= shrink;
          ${each(d, (c) => `y${c} *= shrink;`)}
          top = s;
        }
        let p = exponential(s - top);
        total += p;
        ${each(d, (c) => `y${c} += p * qkv[value + ${c}u];`)}
      }
      let at = head.out + q * D;
      ${each(d, (c) => `y[at + ${c}u] = y${c} / total;`)}
      stats[2u * (head.first + q)] = top;
      stats[2u * (head.first + q) + 1u] = total;
    }
  }`,
  );

// backward: p = exp(s − largest)/Σ, dp = dy·v, δ = dy·y = Σ p dp, ds = p (dp − δ)/√d. One thread a query: dq = Σ ds k over the
// keys; then one thread a key: dk = Σ ds q and dv = Σ p dy over the queries that see it. No pattern is kept.
const backward = (d: number) =>
  program(
    `attention of ${d} backward`,
    { qkv: 'read', gists: 'read i32', y: 'read', stats: 'read', dy: 'read', dqkv: 'write' },
    { groups: 'u32', T: 'u32', H: 'u32', scale: 'f32' },
    /* wgsl */ `${COMMON(d)}
  fn run(group: u32, thread: u32) {
    if (group >= u.groups) { return; }
    let head = headOf(group);
    let D = u.H * d;
    for (var q = thread; q < u.T; q += 64u) {
      let query = head.qkv + q * 3u * D;
      let at = head.out + q * D;
      ${each(d, (c) => `let q${c} = qkv[query + ${c}u] * u.scale; let g${c} = dy[at + ${c}u]; var x${c} = 0.0;`)}
      let delta = ${each(d, (c) => `g${c} * y[at + ${c}u]`, ' + ')};
      let top = stats[2u * (head.first + q)];
      let share = 1.0 / stats[2u * (head.first + q) + 1u];
      for (var k = select(0u, head.gist, q > head.gist); k <= q; k++) {
        let key = head.qkv + k * 3u * D + D;
        let value = key + D;
        let s = ${each(d, (c) => `q${c} * qkv[key + ${c}u]`, ' + ')};
        let dp = ${each(d, (c) => `g${c} * qkv[value + ${c}u]`, ' + ')};
        let ds = exponential(min(s - top, 0.0)) * share * (dp - delta) * u.scale;
        ${each(d, (c) => `x${c} += ds * qkv[key + ${c}u];`)}
      }
      ${each(d, (c) => `dqkv[query + ${c}u] = x${c};`)}
    }
    for (var k = thread; k < u.T; k += 64u) {
      let key = head.qkv + k * 3u * D + D;
      let value = key + D;
      ${each(d, (c) => `let k${c} = qkv[key + ${c}u]; let v${c} = qkv[value + ${c}u];`)}
      ${each(d, (c) => `var x${c} = 0.0; var z${c} = 0.0;`)}
      for (var q = k; q < u.T && (k >= head.gist || q <= head.gist); q++) {
        let query = head.qkv + q * 3u * D;
        let at = head.out + q * D;
        let s = ${each(d, (c) => `qkv[query + ${c}u] * u.scale * k${c}`, ' + ')};
        let dp = ${each(d, (c) => `v${c} * dy[at + ${c}u]`, ' + ')};
        let delta = ${each(d, (c) => `dy[at + ${c}u] * y[at + ${c}u]`, ' + ')};
        let p = exponential(min(s - stats[2u * (head.first + q)], 0.0)) / stats[2u * (head.first + q) + 1u];
        let ds = p * (dp - delta) * u.scale;
        ${each(d, (c) => `x${c} += ds * qkv[query + ${c}u]; z${c} += p * dy[at + ${c}u];`)}
      }
      ${each(d, (c) => `dqkv[key + ${c}u] = x${c}; dqkv[value + ${c}u] = z${c};`)}
    }
  }`,
  );

const programs = new Map<number, { forward: Program; backward: Program }>();

/** Programs for a head size, made once. */
export function attentionPrograms(d: number): { forward: Program; backward: Program } {
  let made = programs.get(d);
  if (!made) programs.set(d, (made = { forward: forward(d), backward: backward(d) }));
  return made;
}

const sizesOf = (qkv: tf.Tensor, heads: number) => {
  const [B, T, threeD] = qkv.shape;
  const d = threeD / 3 / heads;
  return { B, d, uniforms: { groups: B * heads, T, H: heads, scale: 1 / Math.sqrt(d) } };
};

/** @returns y [B, T, D] and, [B, H, T, 2], each query's largest score and sum of exponentials */
export function attentionForward(
  qkv: tf.Tensor,
  gists: tf.Tensor,
  heads: number,
): { y: tf.Tensor; stats: tf.Tensor } {
  const { B, d, uniforms } = sizesOf(qkv, heads);
  const y = output([B, uniforms.T, heads * d]);
  const stats = output([B, heads, uniforms.T, 2]);
  run(attentionPrograms(d).forward, { qkv, gists, y, stats }, uniforms, uniforms.groups);
  return { y, stats };
}

/** @returns dqkv [B, T, 3D] */
export function attentionBackward(
  qkv: tf.Tensor,
  gists: tf.Tensor,
  heads: number,
  y: tf.Tensor,
  stats: tf.Tensor,
  dy: tf.Tensor,
): tf.Tensor {
  const { d, uniforms } = sizesOf(qkv, heads);
  const dqkv = output(qkv.shape);
  run(attentionPrograms(d).backward, { qkv, gists, y, stats, dy, dqkv }, uniforms, uniforms.groups);
  return dqkv;
}

export function attention(qkv: tf.Tensor3D, gists: tf.Tensor1D, heads: number): tf.Tensor3D {
  return differentiable([qkv], () => {
    const { y, stats } = attentionForward(qkv, gists, heads);
    const gradients = (dy: tf.Tensor, [qkv, gists, y, stats]: tf.Tensor[]) => [
      attentionBackward(qkv, gists, heads, y, stats, dy),
    ];
    return { value: y as tf.Tensor3D, saved: [qkv, gists, y, stats], gradients };
  });
}
