// N rows, I inputs, O outputs
import * as tf from '@tensorflow/tfjs-core';
import { output } from '../gpu/backend.ts';
import { gradientOf } from '../gpu/flat.ts';
import { GELU_CODE } from '../gpu/gelu.ts';
import { program, run } from '../gpu/program.ts';
import { tile, TILE_CODE, tilesOf } from '../gpu/tile.ts';
import { differentiable, isRecording } from '../wasm.ts';

type After = 'none' | 'gelu' | 'gelu, slope' | 'residual';

// forward: y = x W + b, then GELU (with its slope for the gradient), or what goes past is added
const forward = (after: After) => {
  const stores: Record<After, string> = {
    none: 'y[at] = z;',
    gelu: 'y[at] = gelu(z);',
    'gelu, slope': 'y[at] = gelu(z); slope[at] = geluSlope(z);',
    residual: 'y[at] = z + past[at];',
  };
  return program(
    `linear, ${after}`,
    {
      x: 'read',
      weight: 'read',
      bias: 'read',
      ...(after === 'residual' ? { past: 'read' as const } : {}),
      y: 'write',
      ...(after === 'gelu, slope' ? { slope: 'write' as const } : {}),
    },
    { N: 'u32', I: 'u32', O: 'u32' },
    /* wgsl */ `${TILE_CODE} ${GELU_CODE}
  ${tile({
    name: 'product',
    M: 'u.N',
    N: 'u.O',
    K: 'u.I',
    a: 'x[row * u.I + k]',
    b: 'weight[k * u.O + column]',
    along: { a: 'k', b: 'column' },
    store: `let at = row * u.O + column; let z = value + bias[column]; ${stores[after]}`,
  })}
  fn run(group: u32, thread: u32) { product(group, thread); }`,
  );
};
const forwards = {
  none: forward('none'),
  gelu: forward('gelu'),
  'gelu, slope': forward('gelu, slope'),
  residual: forward('residual'),
};

// backward, dz = dy, with GELU dy ∘ slope: dx = dz Wᵀ, dW = xᵀ dz, db = Σ dz over the rows
const backward = (gelu: boolean) => {
  const dz = (row: string, column: string) => {
    const at = `${row} * u.O + ${column}`;
    return gelu ? `dy[${at}] * slope[${at}]` : `dy[${at}]`;
  };
  return program(
    gelu ? 'linear backward, gelu' : 'linear backward',
    {
      x: 'read',
      weight: 'read',
      dy: 'read',
      ...(gelu ? { slope: 'read' as const } : {}),
      dx: 'write',
      dw: 'write',
      db: 'write',
    },
    { N: 'u32', I: 'u32', O: 'u32', first: 'u32' },
    /* wgsl */ `${TILE_CODE}
  ${tile({
    name: 'inputs',
    M: 'u.N',
    N: 'u.I',
    K: 'u.O',
    a: dz('row', 'k'),
    b: 'weight[column * u.O + k]',
    along: { a: 'k', b: 'k' },
    store: 'dx[row * u.I + column] = value;',
  })}
  ${tile({
    name: 'weights',
    M: 'u.I',
    N: 'u.O',
    K: 'u.N',
    a: 'x[k * u.I + row]',
    b: dz('k', 'column'),
    along: { a: 'row', b: 'column' },
    store: 'dw[row * u.O + column] = value;',
    storeColumnSum: 'db[column] = value;',
  })}
  fn run(group: u32, thread: u32) {
    if (group < u.first) { inputs(group, thread); } else { weights(group - u.first, thread); }
  }`,
  );
};
const plain = backward(false);
const throughGelu = backward(true);

export const LINEAR_PROGRAMS = [...Object.values(forwards), plain, throughGelu];

/**
 * @param after 'gelu, slope' also returns GELU′ at each output
 * @param past what 'residual' adds, of y's shape
 * @returns y [.., O]
 */
export function linearForward(
  x: tf.Tensor,
  weight: tf.Tensor2D,
  bias: tf.Tensor,
  after: After,
  past?: tf.Tensor,
): { y: tf.Tensor; slope?: tf.Tensor } {
  const [I, O] = weight.shape;
  const N = x.size / I;
  const y = output([...x.shape.slice(0, -1), O]);
  const slope = after === 'gelu, slope' ? output(y.shape) : undefined;
  run(forwards[after], { x, weight, bias, past, y, slope }, { N, I, O }, tilesOf(N, O));
  return { y, slope };
}

/**
 * @param slope GELU′ at each output, where there was one
 * @returns dx, dweight, dbias
 */
export function linearBackward(
  x: tf.Tensor,
  weight: tf.Tensor2D,
  bias: tf.Tensor,
  slope: tf.Tensor | undefined,
  dy: tf.Tensor,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const [I, O] = weight.shape;
  const N = x.size / I;
  const grads: [tf.Tensor, tf.Tensor, tf.Tensor] = [output(x.shape), gradientOf(weight), gradientOf(bias)];
  const [dx, dw, db] = grads;
  const first = tilesOf(N, I);
  const tensors = { x, weight, dy, slope, dx, dw, db };
  run(slope ? throughGelu : plain, tensors, { N, I, O, first }, first + tilesOf(I, O));
  return grads;
}

/** @param past added to y, where there is no GELU */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  gelu: boolean,
  past?: tf.Tensor,
): tf.Tensor {
  const after = gelu ? (isRecording() ? 'gelu, slope' : 'gelu') : past ? 'residual' : 'none';
  return differentiable(past ? [x, weight, bias, past] : [x, weight, bias], () => {
    const { y, slope } = linearForward(x, weight, bias, after, past);
    const gradients = (dy: tf.Tensor, [x, weight, bias, slope]: tf.Tensor[]) => {
      const grads = linearBackward(x, weight as tf.Tensor2D, bias, slope, dy);
      return past ? [...grads, tf.clone(dy)] : grads;
    };
    return { value: y, saved: slope ? [x, weight, bias, slope] : [x, weight, bias], gradients };
  });
}
