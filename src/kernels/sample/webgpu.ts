// B rows, V tokens in the vocabulary
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { program, run } from '../gpu/program.ts';
import { EXPONENTIAL } from '../gpu/rows.ts';
import type { Drawn } from './drawn.ts';

// The first token at which the running sum of exp((logit − largest)/temperature) passes uniform·total, and the logarithm
// of its share of the total; at temperature 0 the likeliest, and 0. A thread has one row.
const draw = program(
  'sample',
  { logits: 'read', uniforms: 'read', tokens: 'write i32', logProbs: 'write' },
  { B: 'u32', V: 'u32', temperature: 'f32' },
  /* wgsl */ `${EXPONENTIAL}
  fn run(group: u32, thread: u32) {
    let row = group * 64u + thread;
    if (row >= u.B) { return; }
    let at = row * u.V;
    var best = 0u;
    for (var j = 1u; j < u.V; j++) { if (logits[at + j] > logits[at + best]) { best = j; } }
    tokens[row] = i32(best);
    logProbs[row] = 0.0;
    if (u.temperature == 0.0) { return; }
    let top = logits[at + best];
    var total = 0.0;
    for (var j = 0u; j < u.V; j++) { total += exponential((logits[at + j] - top) / u.temperature); }
    // uniform·total may round up to the total itself: the last token that adds to it is taken then.
    let goal = uniforms[row] * total;
    var sum = 0.0;
    for (var j = 0u; j < u.V; j++) {
      sum += exponential((logits[at + j] - top) / u.temperature);
      if (sum > goal || sum >= total) {
        tokens[row] = i32(j);
        logProbs[row] = (logits[at + j] - top) / u.temperature - log(total);
        return;
      }
    }
  }`,
);

export const SAMPLE_PROGRAMS = [draw];

export function sample(logits: tf.Tensor2D, uniforms: tf.Tensor1D, temperature: number): Drawn {
  const [B, V] = logits.shape;
  const tokens = output<tf.Tensor1D>([B], 'int32');
  const logProbs = output<tf.Tensor1D>([B]);
  run(draw, { logits, uniforms, tokens, logProbs }, { B, V, temperature }, Math.ceil(B / 64));
  return { tokens, logProbs };
}
