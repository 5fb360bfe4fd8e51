// N rows, V tokens in the vocabulary
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { program, run } from '../gpu/program.ts';
import { EXPONENTIAL, ROW_CODE, ROWS } from '../gpu/rows.ts';
import { differentiable } from '../wasm.ts';

// forward: y[i] = logits[i, targetᵢ] − log Σⱼ exp(logits[i, j]), 0 for a target outside the vocabulary;
// stats: the largest logit of each row and Σ exp(logit − largest)
const forward = program(
  'token log-probability',
  { logits: 'read', targets: 'read i32', y: 'write', stats: 'write' },
  { N: 'u32', V: 'u32' },
  /* wgsl */ `${ROW_CODE} ${EXPONENTIAL}
  fn run(group: u32, thread: u32) {
    let row = group * 8u + thread / LANES;
    let lane = thread % LANES;
    let at = min(row, u.N - 1u) * u.V;
    var largest = LOWEST;
    for (var j = lane; j < u.V; j += LANES) { largest = max(largest, logits[at + j]); }
    let top = rowMax(thread, largest);
    var sum = 0.0;
    for (var j = lane; j < u.V; j += LANES) { sum += exponential(logits[at + j] - top); }
    let total = rowSum(thread, sum);
    if (row >= u.N || lane > 0u) { return; }
    let target_ = targets[row];
    y[row] = 0.0;
    if (target_ >= 0 && target_ < i32(u.V)) { y[row] = logits[at + u32(target_)] - top - log(total); }
    stats[2u * row] = top;
    stats[2u * row + 1u] = total;
  }`,
);

// backward: dlogits[i, j] = dyᵢ·([j = targetᵢ] − pᵢⱼ), 0 for a target outside
const backward = program(
  'token log-probability backward',
  { logits: 'read', targets: 'read i32', stats: 'read', dy: 'read', dlogits: 'write' },
  { size: 'u32', V: 'u32' },
  /* wgsl */ `${EXPONENTIAL}
  fn run(group: u32, thread: u32) {
    let at = group * 64u + thread;
    if (at >= u.size) { return; }
    let row = at / u.V;
    let target_ = targets[row];
    let d = dy[row];
    dlogits[at] = 0.0;
    if (target_ < 0 || target_ >= i32(u.V) || d == 0.0) { return; }
    let p = exponential(logits[at] - stats[2u * row]) / stats[2u * row + 1u];
    dlogits[at] = d * (select(0.0, 1.0, at % u.V == u32(target_)) - p);
  }`,
);

export const TOKEN_LOG_PROB_PROGRAMS = [forward, backward];

/** @returns y [N] and, [N, 2], each row's largest logit and sum of exponentials */
export function tokenLogProbForward(
  logits: tf.Tensor2D,
  targets: tf.Tensor1D,
): { y: tf.Tensor1D; stats: tf.Tensor } {
  const [N, V] = logits.shape;
  const y = output<tf.Tensor1D>([N]);
  const stats = output([N, 2]);
  run(forward, { logits, targets, y, stats }, { N, V }, Math.ceil(N / ROWS));
  return { y, stats };
}

export function tokenLogProb(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor1D {
  const [N, V] = logits.shape;
  return differentiable([logits], () => {
    const { y, stats } = tokenLogProbForward(logits, targets);
    const gradients = (dy: tf.Tensor, [logits, targets, stats]: tf.Tensor[]) => {
      const dlogits = output(logits.shape);
      run(backward, { logits, targets, stats, dy, dlogits }, { size: N * V, V }, Math.ceil((N * V) / 64));
      return [dlogits];
    };
    return { value: y, saved: [logits, targets, stats], gradients };
  });
}
