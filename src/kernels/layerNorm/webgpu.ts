// N rows, D width
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { gradientOf } from '../gpu/flat.ts';
import { program, run } from '../gpu/program.ts';
import { ROW_CODE, ROWS } from '../gpu/rows.ts';
import { differentiable } from '../wasm.ts';

// forward: y = gain ∘ (x − mean)/deviation + bias; stats: mean and 1/deviation of each row
const forward = program(
  'layer norm',
  { x: 'read', gain: 'read', bias: 'read', y: 'write', stats: 'write' },
  { N: 'u32', D: 'u32', epsilon: 'f32' },
  /* wgsl */ `${ROW_CODE}
  fn run(group: u32, thread: u32) {
    let row = group * 8u + thread / LANES;
    let lane = thread % LANES;
    let at = min(row, u.N - 1u) * u.D;
    var sum = 0.0;
    for (var i = lane; i < u.D; i += LANES) { sum += x[at + i]; }
    let mean = rowSum(thread, sum) / f32(u.D);
    var squares = 0.0;
    for (var i = lane; i < u.D; i += LANES) { squares += (x[at + i] - mean) * (x[at + i] - mean); }
    let scale = inverseSqrt(rowSum(thread, squares) / f32(u.D) + u.epsilon);
    if (row >= u.N) { return; }
    for (var i = lane; i < u.D; i += LANES) { y[at + i] = (x[at + i] - mean) * scale * gain[i] + bias[i]; }
    if (lane == 0u) {
      stats[2u * row] = mean;
      stats[2u * row + 1u] = scale;
    }
  }`,
);

// backward, g = dy ∘ gain, n = (x − mean)/deviation: dx = (g − mean(g) − n·mean(g ∘ n))/deviation,
// dgain = Σ dy ∘ n and dbias = Σ dy over the rows. The first workgroups have eight rows each, the others four channels.
const backward = (residual: boolean) =>
  program(
    residual ? 'layer norm backward, residual' : 'layer norm backward',
    {
      x: 'read',
      gain: 'read',
      stats: 'read',
      dy: 'read',
      ...(residual ? { past: 'read' as const } : {}),
      dx: 'write',
      dgain: 'write',
      dbias: 'write',
    },
    { N: 'u32', D: 'u32' },
    /* wgsl */ `${ROW_CODE}
  var<workgroup> gains: array<f32, 64>;
  var<workgroup> biases: array<f32, 64>;

  fn rows(group: u32, thread: u32) {
    let row = group * 8u + thread / LANES;
    let lane = thread % LANES;
    let known = min(row, u.N - 1u);
    let at = known * u.D;
    let mean = stats[2u * known];
    let scale = stats[2u * known + 1u];
    var sum = 0.0;
    var product = 0.0;
    for (var i = lane; i < u.D; i += LANES) {
      let g = dy[at + i] * gain[i];
      sum += g;
      product += g * (x[at + i] - mean) * scale;
    }
    let meanG = rowSum(thread, sum) / f32(u.D);
    let meanGN = rowSum(thread, product) / f32(u.D);
    if (row >= u.N) { return; }
    for (var i = lane; i < u.D; i += LANES) {
      let n = (x[at + i] - mean) * scale;
      dx[at + i] = (dy[at + i] * gain[i] - meanG - n * meanGN) * scale${residual ? ' + past[at + i]' : ''};
    }
  }

  fn columns(group: u32, thread: u32) {
    let column = group * 4u + thread % 4u;
    var g = 0.0;
    var b = 0.0;
    if (column < u.D) {
      for (var row = thread / 4u; row < u.N; row += 16u) {
        let d = dy[row * u.D + column];
        g += d * (x[row * u.D + column] - stats[2u * row]) * stats[2u * row + 1u];
        b += d;
      }
    }
    gains[thread] = g;
    biases[thread] = b;
    workgroupBarrier();
    if (thread >= 4u || column >= u.D) { return; }
    for (var i = thread + 4u; i < 64u; i += 4u) {
      g += gains[i];
      b += biases[i];
    }
    dgain[column] = g;
    dbias[column] = b;
  }

  fn run(group: u32, thread: u32) {
    let forRows = (u.N + 7u) / 8u;
    if (group < forRows) { rows(group, thread); } else { columns(group - forRows, thread); }
  }`,
  );
const plain = backward(false);
const withPast = backward(true);

export const LAYER_NORM_PROGRAMS = [forward, plain, withPast];

/** @returns the norm of x [.., D] and [N, 2] what its gradient needs */
export function layerNormForward(
  x: tf.Tensor,
  gain: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): { y: tf.Tensor; stats: tf.Tensor } {
  const D = gain.size;
  const N = x.size / D;
  const y = output(x.shape);
  const stats = output([N, 2]);
  run(forward, { x, gain, bias, y, stats }, { N, D, epsilon }, Math.ceil(N / ROWS));
  return { y, stats };
}

/**
 * @param past gradient that reaches x past the norm, added to dx
 * @returns dx, dgain, dbias
 */
export function layerNormBackward(
  x: tf.Tensor,
  gain: tf.Tensor,
  bias: tf.Tensor,
  stats: tf.Tensor,
  dy: tf.Tensor,
  past?: tf.Tensor,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const D = gain.size;
  const N = x.size / D;
  const grads: [tf.Tensor, tf.Tensor, tf.Tensor] = [output(x.shape), gradientOf(gain), gradientOf(bias)];
  const [dx, dgain, dbias] = grads;
  const groups = Math.ceil(N / ROWS) + Math.ceil(D / 4);
  run(past ? withPast : plain, { x, gain, stats, dy, past, dx, dgain, dbias }, { N, D }, groups);
  return grads;
}

export function layerNorm<R extends tf.Rank>(
  x: tf.Tensor<R>,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
): tf.Tensor<R> {
  return differentiable([x, gain, bias], () => {
    const { y, stats } = layerNormForward(x, gain, bias, epsilon);
    const gradients = (dy: tf.Tensor, [x, gain, bias, stats]: tf.Tensor[]) =>
      layerNormBackward(x, gain, bias, stats, dy);
    return { value: y as tf.Tensor<R>, saved: [x, gain, bias, stats], gradients };
  });
}
