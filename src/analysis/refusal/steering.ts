import * as tf from '@tensorflow/tfjs-core';
import { orthonormalBasis, type Matrix } from '../../math/linear.ts';
import type { Numbers } from '../../math/statistics.ts';
import { betweenBlocks, type Visit } from '../../model/sites.ts';

// B texts, T positions, D channels

/** What is done to the residual stream at one site, at every position. */
export type Change =
  /** x ← x − QQᵀx + QQᵀ·at: what the stream says along the axes (D, k) becomes what `at` says; `at` left out: nothing. */
  | { axes: Matrix; at?: Numbers }
  /** x ← x + by. */
  | { by: Numbers };

/** The axes of some directions (D each), however near to each other. Throws RangeError where all of them are 0. */
export function axesOf(directions: readonly Numbers[]): Matrix {
  const axes = orthonormalBasis(directions, 1e-6);
  if (axes.columns === 0) throw new RangeError('a direction of length 0 has no axis');
  return axes;
}

/** A visit that changes the residual stream where `changeAt` of the site's layer says so. */
export function steering(changeAt: (layer: number) => Change | undefined): Visit {
  return betweenBlocks((site, layer, x) => {
    const change = site === 'residual' ? changeAt(layer) : undefined;
    if (!change) return x;
    if ('by' in change) return tf.add(x, tf.tensor1d(Array.from(change.by)));
    const { axes, at } = change;
    const [B, T, D] = x.shape;
    const Q = tf.tensor2d(axes.to2DArray());
    const read = tf.matMul(tf.reshape(at ? tf.sub(x, tf.tensor1d(Array.from(at))) : x, [B * T, D]), Q);
    return tf.sub(x, tf.reshape(tf.matMul(read, tf.transpose(Q)), [B, T, D]));
  });
}
