import type * as tf from '@tensorflow/tfjs-core';
import { backend, output } from '../gpu/backend.ts';
import type { Moving, WholeStep } from './moving.ts';
import { flatten, floatsOf, gather } from '../gpu/flat.ts';
import { program, run } from '../gpu/program.ts';

/** Workgroups that share the norm's sum, one sum each. */
const PARTS = 64;

const sumOfSquares = program(
  'squared norm',
  { gradient: 'read', sums: 'write' },
  { size: 'u32' },
  /* wgsl */ `
  var<workgroup> squares: array<f32, 64>;
  fn run(group: u32, thread: u32) {
    var sum = 0.0;
    for (var i = group * 64u + thread; i < u.size; i += ${64 * PARTS}u) { sum += gradient[i] * gradient[i]; }
    squares[thread] = sum;
    workgroupBarrier();
    if (thread > 0u) { return; }
    for (var i = 1u; i < 64u; i++) { sum += squares[i]; }
    sums[group] = sum;
  }`,
);

// g = scale·gradient, m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← keep·p − rate·m / (√(v·unbias) + eps), where
// keep = 1 − lr·decay for the first `decaying` numbers and 1 for the others. Nothing changes unless the norm is finite.
const update = program(
  'AdamW',
  { sums: 'read', gradient: 'read', p: 'write', m: 'write', v: 'write', square: 'write' },
  {
    size: 'u32',
    decaying: 'u32',
    clip: 'f32',
    beta1: 'f32',
    beta2: 'f32',
    rate: 'f32',
    unbias: 'f32',
    eps: 'f32',
    keep: 'f32',
  },
  /* wgsl */ `
  var<workgroup> parts: array<f32, ${PARTS}>;
  fn run(group: u32, thread: u32) {
    parts[thread] = sums[thread];
    workgroupBarrier();
    var total = parts[0];
    for (var i = 1u; i < ${PARTS}u; i++) { total += parts[i]; }
    if (group == 0u && thread == 0u) { square[0] = total; }
    // An exponent of ones is an infinity or not a number; comparisons with those may be optimised away.
    if ((bitcast<u32>(total) & 0x7f800000u) == 0x7f800000u) { return; }
    let i = group * 64u + thread;
    if (i >= u.size) { return; }
    let norm = sqrt(total);
    let g = gradient[i] * select(1.0, u.clip / norm, norm > u.clip);
    let m1 = u.beta1 * m[i] + (1.0 - u.beta1) * g;
    let v1 = u.beta2 * v[i] + (1.0 - u.beta2) * g * g;
    m[i] = m1;
    v[i] = v1;
    p[i] = select(1.0, u.keep, i < u.decaying) * p[i] - u.rate * m1 / (sqrt(v1 * u.unbias) + u.eps);
  }`,
);

export const ADAMW_PROGRAMS = [sumOfSquares, update];

/** The whole step in two dispatches. The variables are moved into flat buffers at the first one. */
export function adamwAll(moving: readonly Moving[], options: WholeStep): tf.Scalar {
  const { lr, beta1, beta2, eps, decay, step, clip } = options;
  const decaying = moving.filter(({ decays }) => decays);
  const sorted = [...decaying, ...moving.filter(({ decays }) => !decays)]; // so that one number tells which decay
  const [p, m, v] = (['parameter', 'm', 'v'] as const).map((part) =>
    flatten(sorted.map((each) => each[part])),
  );
  const size = p.shape[0];
  const gradient = gather(
    sorted.map((each) => each.gradient),
    p,
  );
  const sums = output([PARTS]);
  const square = output<tf.Scalar>([]);
  run(sumOfSquares, { gradient, sums }, { size }, PARTS);
  const numbers = {
    size,
    decaying: floatsOf(decaying.map(({ parameter }) => parameter)),
    clip,
    beta1,
    beta2,
    rate: lr / (1 - beta1 ** step),
    unbias: 1 / (1 - beta2 ** step),
    eps,
    keep: 1 - lr * decay,
  };
  run(update, { sums, gradient, p, m, v, square }, numbers, Math.ceil(size / 64));
  sums.dispose();
  backend().disposeData(gradient.dataId);
  return square;
}
