// N rows, D width, V tokens in the vocabulary
import type * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { gradientOf } from '../gpu/flat.ts';
import { program, run } from '../gpu/program.ts';
import { tile, TILE_CODE, tilesOf } from '../gpu/tile.ts';
import { differentiable } from '../wasm.ts';

// forward: y = x wteᵀ
const forward = program(
  'unembed',
  { x: 'read', wte: 'read', y: 'write' },
  { N: 'u32', D: 'u32', V: 'u32' },
  /* wgsl */ `${TILE_CODE}
  ${tile({
    name: 'product',
    M: 'u.N',
    N: 'u.V',
    K: 'u.D',
    a: 'x[row * u.D + k]',
    b: 'wte[column * u.D + k]',
    along: { a: 'k', b: 'k' },
    store: 'y[row * u.V + column] = value;',
  })}
  fn run(group: u32, thread: u32) { product(group, thread); }`,
);

// backward: dx = dy wte, dwte = dyᵀ x
const backward = program(
  'unembed backward',
  { x: 'read', wte: 'read', dy: 'read', dx: 'write', dwte: 'write' },
  { N: 'u32', D: 'u32', V: 'u32', first: 'u32' },
  /* wgsl */ `${TILE_CODE}
  ${tile({
    name: 'inputs',
    M: 'u.N',
    N: 'u.D',
    K: 'u.V',
    a: 'dy[row * u.V + k]',
    b: 'wte[k * u.D + column]',
    along: { a: 'k', b: 'column' },
    store: 'dx[row * u.D + column] = value;',
  })}
  ${tile({
    name: 'weights',
    M: 'u.V',
    N: 'u.D',
    K: 'u.N',
    a: 'dy[k * u.V + row]',
    b: 'x[k * u.D + column]',
    along: { a: 'row', b: 'column' },
    store: 'dwte[row * u.D + column] = value;',
  })}
  fn run(group: u32, thread: u32) {
    if (group < u.first) { inputs(group, thread); } else { weights(group - u.first, thread); }
  }`,
);

export const UNEMBED_PROGRAMS = [forward, backward];

export function unembed(x: tf.Tensor2D, wte: tf.Tensor2D): tf.Tensor2D {
  const [V, D] = wte.shape;
  const N = x.shape[0];
  return differentiable([x, wte], () => {
    const y = output<tf.Tensor2D>([N, V]);
    run(forward, { x, wte, y }, { N, D, V }, tilesOf(N, V));
    const gradients = (dy: tf.Tensor, [x, wte]: tf.Tensor[]) => {
      const [dx, dwte] = [output(x.shape), gradientOf(wte)];
      const first = tilesOf(N, D);
      run(backward, { x, wte, dy, dx, dwte }, { N, D, V, first }, first + tilesOf(V, D));
      return [dx, dwte];
    };
    return { value: y, saved: [x, wte], gradients };
  });
}
