// B texts, P positions in the cache, H heads, d head size, D = H·d width
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { program, run, type Program } from '../gpu/program.ts';
import { EXPONENTIAL, ROWS } from '../gpu/rows.ts';
import type { Places } from './places.ts';

const each = (d: number, term: (c: number) => string, between = ' ') =>
  Array.from({ length: d }, (_, c) => term(c)).join(between);

/**
 * WGSL of `fn attend(row: u32, h: u32)`: puts the newest key and value of a row of texts at its place in the cache, and reads
 * its positions up to there. s = q·k/√d, y = Σ exp(s) v / Σ exp(s), rescaled whenever the largest s grows.
 * @param store what to do with channel `c` of the head, `value`
 */
export const ATTEND_CODE = (d: number, store: string) => /* wgsl */ `${EXPONENTIAL}
  fn keep(row: u32, c: u32, value: f32) { ${store} }
  fn attend(row: u32, h: u32) {
    let D = u.H * ${d}u;
    let query = row * 3u * D + h * ${d}u;
    let first = u32(places[2u * row]) * u.P * D + h * ${d}u;
    let newest = first + u32(places[2u * row + 1u]) * D;
    ${each(d, (c) => `keys[newest + ${c}u] = qkv[query + D + ${c}u]; values[newest + ${c}u] = qkv[query + 2u * D + ${c}u];`)}
    ${each(d, (c) => `let q${c} = qkv[query + ${c}u] * u.scale; var y${c} = 0.0;`)}
    var top = -3.4e38;
    var total = 0.0;
    for (var at = first; at <= newest; at += D) {
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
    { qkv: 'read', keys: 'write', values: 'write', places: 'read i32', y: 'write' },
    { B: 'u32', P: 'u32', H: 'u32', scale: 'f32' },
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
  { rows: { length: B }, tensor: places }: Places,
  heads: number,
): tf.Tensor2D {
  const [, P, D] = keys.shape;
  const y = output<tf.Tensor2D>([B, D]);
  const sizes = { B, P, H: heads, scale: 1 / Math.sqrt(D / heads) };
  run(programOf(D / heads), { qkv, keys, values, places, y }, sizes, Math.ceil(B / ROWS));
  return y;
}
