// B rows, P positions in the cache, H heads, d head size, D = H·d width
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { program, run, type Program } from '../gpu/program.ts';
import { EXPONENTIAL, ROWS } from '../gpu/rows.ts';

const each = (d: number, term: (c: number) => string, between = ' ') =>
  Array.from({ length: d }, (_, c) => term(c)).join(between);

/**
 * WGSL of `fn attend(row: u32, h: u32, t: u32)`: puts the key and value of position t into the cache, and reads the
 * positions u.first … t. s = q·k/√d, y = Σ exp(s) v / Σ exp(s), rescaled whenever the largest s grows.
 * @param store what to do with channel `c` of the head, `value`
 */
export const ATTEND_CODE = (d: number, store: string) => /* wgsl */ `${EXPONENTIAL}
  fn keep(row: u32, c: u32, value: f32) { ${store} }
  fn attend(row: u32, h: u32) {
    let D = u.H * ${d}u;
    let query = row * 3u * D + h * ${d}u;
    let newest = (row * u.P + u.t) * D + h * ${d}u;
    ${each(d, (c) => `keys[newest + ${c}u] = qkv[query + D + ${c}u]; values[newest + ${c}u] = qkv[query + 2u * D + ${c}u];`)}
    ${each(d, (c) => `let q${c} = qkv[query + ${c}u] * u.scale; var y${c} = 0.0;`)}
    var top = -3.4e38;
    var total = 0.0;
    for (var k = u.first; k <= u.t; k++) {
      let at = (row * u.P + k) * D + h * ${d}u;
      let s = ${each(d, (c) => `q${c} * keys[at + ${c}u]`, ' + ')};
      if (s > top) {
        let shrink = exponential(top - s);
        total *= shrink;
        ${each(d, (c) => `y${c} *= shrink;`)}
        top = s;
      }
      let p = exponential(s - top);
      total += p;
      ${each(d, (c) => `y${c} += p * values[at + ${c}u];`)}
    }
    ${each(d, (c) => `keep(row, h * ${d}u + ${c}u, y${c} / total);`)}
  }
`;

const attendProgram = (d: number) =>
  program(
    `cached attention of ${d}`,
    { qkv: 'read', keys: 'write', values: 'write', y: 'write' },
    { B: 'u32', P: 'u32', H: 'u32', t: 'u32', first: 'u32', scale: 'f32' },
    /* wgsl */ `${ATTEND_CODE(d, `y[row * u.H * ${d}u + c] = value;`)}
  fn run(group: u32, thread: u32) {
    let row = group * 8u + thread / 8u;
    if (row >= u.B) { return; }
    for (var h = thread % 8u; h < u.H; h += 8u) { attend(row, h); }
  }`,
  );

const programs = new Map<number, Program>();

function programOf(d: number): Program {
  let made = programs.get(d);
  if (!made) programs.set(d, (made = attendProgram(d)));
  return made;
}

export function attendCached(
  qkv: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  t: number,
  heads: number,
  first: number,
): tf.Tensor2D {
  const [B, P, D] = keys.shape;
  const y = output<tf.Tensor2D>([B, D]);
  const sizes = { B, P, H: heads, t, first, scale: 1 / Math.sqrt(D / heads) };
  run(programOf(D / heads), { qkv, keys, values, y }, sizes, Math.ceil(B / ROWS));
  return y;
}

const write = program(
  'cache',
  { qkv: 'read', keys: 'write', values: 'write' },
  { size: 'u32', T: 'u32', P: 'u32', D: 'u32', t: 'u32' },
  /* wgsl */ `
  fn run(group: u32, thread: u32) {
    let at = group * 64u + thread;
    if (at >= u.size) { return; }
    let channel = at % u.D;
    let row = at / u.D;
    let to = (row / u.T * u.P + u.t + row % u.T) * u.D + channel;
    keys[to] = qkv[row * 3u * u.D + u.D + channel];
    values[to] = qkv[row * 3u * u.D + 2u * u.D + channel];
  }`,
);

export const CACHE_PROGRAMS = [write];

/** Writes the keys and values of T positions from t on in place; qkv is [B, T, 3D]. */
export function writeCache(
  qkv: tf.Tensor,
  T: number,
  t: number,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
): void {
  const [B, P, D] = keys.shape;
  const size = B * T * D;
  run(write, { qkv, keys, values }, { size, T, P, D, t }, Math.ceil(size / 64));
}
