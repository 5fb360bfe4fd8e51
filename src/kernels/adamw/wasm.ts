import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../build/kernels.ts';
import { expectShape, writeList } from '../wasm.ts';
import type { Moving, WholeStep } from './moving.ts';
import { takeOwnData } from './op.ts';

/** The whole step in one kernel. */
export function adamwAll(
  kernels: Kernels,
  moving: readonly Moving[],
  { lr, beta1, beta2, eps, decay, step, clip }: WholeStep,
): tf.Scalar {
  for (const { parameter, gradient, m, v } of moving) {
    for (const [name, tensor] of Object.entries({ gradient, m, v }))
      expectShape(name, tensor, parameter.shape);
    for (const variable of [parameter, m, v]) takeOwnData(variable);
  }
  const entries = moving.flatMap(({ parameter, gradient, m, v, decays }) => {
    return [parameter, gradient, m, v, parameter.size, Number(decays)];
  });
  const square = kernels.adamwAllStep(
    writeList(0, entries),
    moving.length,
    clip,
    beta1,
    beta2,
    lr / (1 - beta1 ** step),
    1 / (1 - beta2 ** step),
    eps,
    1 - lr * decay,
  );
  return tf.scalar(square);
}
