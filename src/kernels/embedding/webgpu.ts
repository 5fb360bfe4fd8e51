// B rows, T positions in a row, D width, V tokens in the vocabulary, P learned positions
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { gradientOf } from '../gpu/flat.ts';
import { program, run } from '../gpu/program.ts';
import { differentiable } from '../wasm.ts';

// forward: y[b,t] = wte[tokens[b,t]] + wpe[offsets[b] + t]; an index outside its table adds nothing
const forward = program(
  'embedding',
  { tokens: 'read i32', offsets: 'read i32', wte: 'read', wpe: 'read', y: 'write' },
  { size: 'u32', T: 'u32', D: 'u32', V: 'i32', P: 'i32' },
  /* wgsl */ `
  fn run(group: u32, thread: u32) {
    let at = group * 64u + thread;
    if (at >= u.size) { return; }
    let row = at / u.D;
    let channel = i32(at % u.D);
    let D = i32(u.D);
    let token = tokens[row];
    let position = offsets[row / u.T] + i32(row % u.T);
    var sum = 0.0;
    if (token >= 0 && token < u.V) { sum += wte[token * D + channel]; }
    if (position >= 0 && position < u.P) { sum += wpe[position * D + channel]; }
    y[at] = sum;
  }`,
);

// backward: dwte[v] = Σ dy over the rows with token v, dwpe[p] = Σ dy over the rows at position p; a workgroup has one row
// of a table. Adding up where the sum is kept, in the order of the rows, repeats to the last bit; scattering would not.
const backward = program(
  'embedding backward',
  { tokens: 'read i32', offsets: 'read i32', dy: 'read', dwte: 'write', dwpe: 'write' },
  { B: 'u32', T: 'u32', D: 'u32', V: 'u32', P: 'u32' },
  /* wgsl */ `
  var<workgroup> some: array<i32, 256>;

  fn token(v: u32, thread: u32) {
    let N = u.B * u.T;
    for (var first = 0u; first < u.D; first += 64u) {
      let channel = first + thread;
      var sum = 0.0;
      for (var start = 0u; start < N; start += 256u) {
        workgroupBarrier();
        for (var i = thread; i < 256u; i += 64u) {
          some[i] = -1;
          if (start + i < N) { some[i] = tokens[start + i]; }
        }
        workgroupBarrier();
        if (channel < u.D) {
          for (var i = 0u; i < 256u; i++) {
            if (some[i] == i32(v)) { sum += dy[(start + i) * u.D + channel]; }
          }
        }
      }
      if (channel < u.D) { dwte[v * u.D + channel] = sum; }
    }
  }

  fn position(p: u32, thread: u32) {
    for (var channel = thread; channel < u.D; channel += 64u) {
      var sum = 0.0;
      for (var b = 0u; b < u.B; b++) {
        let t = i32(p) - offsets[b];
        if (t >= 0 && t < i32(u.T)) { sum += dy[(b * u.T + u32(t)) * u.D + channel]; }
      }
      dwpe[p * u.D + channel] = sum;
    }
  }

  fn run(group: u32, thread: u32) {
    if (group < u.V) { token(group, thread); } else if (group < u.V + u.P) { position(group - u.V, thread); }
  }`,
);

export const EMBEDDING_PROGRAMS = [forward, backward];

export function embedding(
  tokens: tf.Tensor2D,
  offsets: tf.Tensor1D,
  wte: tf.Tensor2D,
  wpe: tf.Tensor2D,
): tf.Tensor3D {
  const [B, T] = tokens.shape;
  const [V, D] = wte.shape;
  const P = wpe.shape[0];
  return differentiable([wte, wpe], () => {
    const y = output<tf.Tensor3D>([B, T, D]);
    const sizes = { size: y.size, T, D, V, P };
    run(forward, { tokens, offsets, wte, wpe, y }, sizes, Math.ceil(y.size / 64));
    const gradients = (dy: tf.Tensor, [tokens, offsets, wte, wpe]: tf.Tensor[]) => {
      const [dwte, dwpe] = [gradientOf(wte), gradientOf(wpe)];
      run(backward, { tokens, offsets, dy, dwte, dwpe }, { B, T, D, V, P }, V + P);
      return [dwte, dwpe];
    };
    return { value: y, saved: [tokens, offsets, wte, wpe], gradients };
  });
}
