// N rows, V tokens in the vocabulary
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { program, run } from '../gpu/program.ts';
import { EXPONENTIAL } from '../gpu/rows.ts';
import { tokenLogProbForward } from '../tokenLogProb/webgpu.ts';
import { differentiable } from '../wasm.ts';

// forward, after each row's log-likelihood: loss = −Σ wᵢ·log pᵢ / Σ wᵢ, 0 where the weights sum to 0; total: Σ wᵢ
const mean = program(
  'cross-entropy',
  { logProbs: 'read', weights: 'read', loss: 'write', total: 'write' },
  { N: 'u32' },
  /* wgsl */ `
  var<workgroup> losses: array<f32, 64>;
  var<workgroup> counts: array<f32, 64>;
  fn run(group: u32, thread: u32) {
    var sum = 0.0;
    var count = 0.0;
    for (var i = thread; i < u.N; i += 64u) {
      let w = weights[i];
      count += w;
      if (w != 0.0) { sum -= w * logProbs[i]; }
    }
    losses[thread] = sum;
    counts[thread] = count;
    workgroupBarrier();
    if (thread > 0u) { return; }
    for (var i = 1u; i < 64u; i++) {
      sum += losses[i];
      count += counts[i];
    }
    total[0] = count;
    loss[0] = 0.0;
    if (count != 0.0) { loss[0] = sum / count; }
  }`,
);

// backward: dlogits[i, j] = dloss·wᵢ/Σw·(pᵢⱼ − [j = targetᵢ]), 0 for a target outside the vocabulary
const backward = program(
  'cross-entropy backward',
  {
    logits: 'read',
    targets: 'read i32',
    weights: 'read',
    stats: 'read',
    total: 'read',
    dloss: 'read',
    dlogits: 'write',
  },
  { size: 'u32', V: 'u32' },
  /* wgsl */ `${EXPONENTIAL}
  fn run(group: u32, thread: u32) {
    let at = group * 64u + thread;
    if (at >= u.size) { return; }
    let row = at / u.V;
    let target_ = targets[row];
    dlogits[at] = 0.0;
    if (target_ < 0 || target_ >= i32(u.V) || weights[row] == 0.0 || total[0] == 0.0) { return; }
    let p = exponential(logits[at] - stats[2u * row]) / stats[2u * row + 1u];
    dlogits[at] = dloss[0] * weights[row] / total[0] * (p - select(0.0, 1.0, at % u.V == u32(target_)));
  }`,
);

export const CROSS_ENTROPY_PROGRAMS = [mean, backward];

export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  const [N, V] = logits.shape;
  return differentiable([logits], () => {
    const { y: logProbs, stats } = tokenLogProbForward(logits, targets);
    const loss = output<tf.Scalar>([]);
    const total = output([1]);
    run(mean, { logProbs, weights, loss, total }, { N }, 1);
    const gradients = (dloss: tf.Tensor, saved: tf.Tensor[]) => {
      const [logits, targets, weights, stats, total] = saved;
      const dlogits = output(logits.shape);
      const tensors = { logits, targets, weights, stats, total, dloss, dlogits };
      run(backward, tensors, { size: N * V, V }, Math.ceil((N * V) / 64));
      return [dlogits];
    };
    return { value: loss, saved: [logits, targets, weights, stats, total], gradients };
  });
}
