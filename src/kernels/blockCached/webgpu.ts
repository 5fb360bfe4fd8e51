// B texts, D channels, H heads of d, P positions in the cache. A workgroup has eight texts, which stay in its memory
// between a norm, or attention, and the maps that follow.
import type * as tf from '@tensorflow/tfjs-core';
import type { Places } from '../attendCached/places.ts';
import { ATTEND_CODE } from '../attendCached/webgpu.ts';
import type { BlockWeights } from '../block/weights.ts';
import { output } from '../gpu/backend.ts';
import { GELU_CODE } from '../gpu/gelu.ts';
import { program, run, type Program } from '../gpu/program.ts';
import { ROW_CODE, ROWS } from '../gpu/rows.ts';

/** Channels that a workgroup's memory has room for. */
const MOST = 128;
/** Neurons that are in a workgroup's memory at once, one a thread. */
const NEURONS = 64;

/** Whether the fused block takes this width. */
export const fitsBlockCached = (width: number): boolean => width <= MOST;

const NORM_CODE = /* wgsl */ `${ROW_CODE}
  const MOST = ${MOST}u;
  var<workgroup> rows: array<f32, 8u * MOST>;

  fn normRows(group: u32, thread: u32) {
    let row = thread / LANES;
    let lane = thread % LANES;
    let at = min(group * 8u + row, u.B - 1u) * u.D;
    var sum = 0.0;
    for (var i = lane; i < u.D; i += LANES) { sum += x[at + i]; }
    let mean = rowSum(thread, sum) / f32(u.D);
    var squares = 0.0;
    for (var i = lane; i < u.D; i += LANES) { squares += (x[at + i] - mean) * (x[at + i] - mean); }
    let scale = inverseSqrt(rowSum(thread, squares) / f32(u.D) + u.epsilon);
    for (var i = lane; i < u.D; i += LANES) {
      rows[row * MOST + i] = (x[at + i] - mean) * scale * gain[i] + shift[i];
    }
    workgroupBarrier();
  }
`;

/**
 * WGSL that adds to `sums`, one for each of the eight rows, `rows[k]·weight` over k. The sums are declared with explicit
 * zeros: SwiftShader leaves what the last iteration left there otherwise.
 */
const sumOver = (size: string, weight: string, from: string, pitch: string) => /* wgsl */ `
  for (var k = 0u; k < ${size}; k++) {
    let w = ${weight};
    for (var r = 0u; r < 8u; r++) { sums[r] += w * ${from}[r * ${pitch} + k]; }
  }`;

// y = norm(x) W + b
const normAndMap = program(
  'decode: norm and map',
  { x: 'read', gain: 'read', shift: 'read', weight: 'read', bias: 'read', y: 'write' },
  { B: 'u32', D: 'u32', O: 'u32', epsilon: 'f32' },
  /* wgsl */ `${NORM_CODE}
  fn run(group: u32, thread: u32) {
    normRows(group, thread);
    for (var o = thread; o < u.O; o += 64u) {
      var sums = array<f32, 8>();
      ${sumOver('u.D', 'weight[k * u.O + o]', 'rows', 'MOST')}
      for (var r = 0u; r < 8u && group * 8u + r < u.B; r++) { y[(group * 8u + r) * u.O + o] = sums[r] + bias[o]; }
    }
  }`,
);

// y = x + attention W + b
const attendAndMap = (d: number) =>
  program(
    `decode: attention of ${d} and map`,
    {
      qkv: 'read',
      keys: 'write',
      values: 'write',
      places: 'read i32',
      weight: 'read',
      bias: 'read',
      x: 'read',
      y: 'write',
    },
    { B: 'u32', P: 'u32', H: 'u32', scale: 'f32' },
    /* wgsl */ `
  const MOST = ${MOST}u;
  var<workgroup> rows: array<f32, 8u * MOST>;
  ${ATTEND_CODE(d, 'rows[(row % 8u) * MOST + c] = value;')}
  fn run(group: u32, thread: u32) {
    let D = u.H * ${d}u;
    let row = group * 8u + thread / 8u;
    if (row < u.B) {
      for (var h = thread % 8u; h < u.H; h += 8u) { attend(row, h); }
    }
    workgroupBarrier();
    for (var o = thread; o < D; o += 64u) {
      var sums = array<f32, 8>();
      ${sumOver('D', 'weight[k * D + o]', 'rows', 'MOST')}
      for (var r = 0u; r < 8u && group * 8u + r < u.B; r++) {
        let at = (group * 8u + r) * D + o;
        y[at] = x[at] + sums[r] + bias[o];
      }
    }
  }`,
  );

// y = x + GELU(norm(x) W₁ + b₁) W₂ + b₂; a thread has two channels of the result
const mlp = program(
  'decode: norm and MLP',
  {
    x: 'read',
    gain: 'read',
    shift: 'read',
    up: 'read',
    upBias: 'read',
    down: 'read',
    downBias: 'read',
    y: 'write',
  },
  { B: 'u32', D: 'u32', O: 'u32', epsilon: 'f32' },
  /* wgsl */ `${NORM_CODE} ${GELU_CODE}
  var<workgroup> hidden: array<f32, ${8 * NEURONS}>;

  fn run(group: u32, thread: u32) {
    normRows(group, thread);
    var results = array<array<f32, 8>, 2>();
    for (var chunk = 0u; chunk < u.O; chunk += ${NEURONS}u) {
      let size = min(${NEURONS}u, u.O - chunk);
      if (thread < size) {
        var sums = array<f32, 8>();
        ${sumOver('u.D', 'up[k * u.O + chunk + thread]', 'rows', 'MOST')}
        for (var r = 0u; r < 8u; r++) { hidden[r * ${NEURONS}u + thread] = gelu(sums[r] + upBias[chunk + thread]); }
      }
      workgroupBarrier();
      for (var half = 0u; half < 2u; half++) {
        let o = thread + 64u * half;
        if (o < u.D) {
          var sums = results[half];
          ${sumOver('size', 'down[(chunk + k) * u.D + o]', 'hidden', `${NEURONS}u`)}
          results[half] = sums;
        }
      }
      workgroupBarrier();
    }
    for (var half = 0u; half < 2u; half++) {
      let o = thread + 64u * half;
      for (var r = 0u; r < 8u && o < u.D && group * 8u + r < u.B; r++) {
        let at = (group * 8u + r) * u.D + o;
        y[at] = x[at] + results[half][r] + downBias[o];
      }
    }
  }`,
);

const attending = new Map<number, Program>();

/** The program for a head size, made once. */
function attendAndMapOf(d: number): Program {
  let made = attending.get(d);
  if (!made) attending.set(d, (made = attendAndMap(d)));
  return made;
}

export const blockCachedPrograms = (d: number): Program[] => [normAndMap, attendAndMapOf(d), mlp];

/** The block in three dispatches. */
export function blockCached(
  x: tf.Tensor2D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { rows: { length: B }, tensor: places }: Places,
  heads: number,
  { norm1, qkv, projection, norm2, up, down }: BlockWeights,
  epsilon: number,
): tf.Tensor2D {
  const [, P, D] = keys.shape;
  const groups = Math.ceil(B / ROWS);
  const heard = output([B, 3 * D]);
  const middle = output([B, D]);
  const y = output<tf.Tensor2D>([B, D]);
  run(
    normAndMap,
    { x, gain: norm1.gain, shift: norm1.bias, ...qkv, y: heard },
    { B, D, O: 3 * D, epsilon },
    groups,
  );
  run(
    attendAndMapOf(D / heads),
    { qkv: heard, keys, values, places, ...projection, x, y: middle },
    { B, P, H: heads, scale: 1 / Math.sqrt(D / heads) },
    groups,
  );
  const { weight, bias } = up;
  const mapping = { up: weight, upBias: bias, down: down.weight, downBias: down.bias };
  run(
    mlp,
    { x: middle, gain: norm2.gain, shift: norm2.bias, ...mapping, y },
    { B, D, O: bias.size, epsilon },
    groups,
  );
  heard.dispose();
  middle.dispose();
  return y;
}
