import * as tf from '@tensorflow/tfjs-core';
import { expectShape, isShared, pointer, wasmKernels } from '../wasm.ts';

export interface AdamW {
  /** learning rate of this step */
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  /** decoupled weight decay, multiplied by lr */
  decay: number;
  /** 1 at the first step */
  step: number;
  /** multiplies the gradient: clipping */
  scale: number;
}

/**
 * One AdamW step in place. With g = scale·gradient:
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * p ← p − lr·( m/(1−β₁ˢ) / (√(v/(1−β₂ˢ)) + eps) + decay·p ), s = step.
 * @param parameter any shape
 * @param gradient, m, v the parameter's shape; m and v start at 0 and are updated too
 */
export function adamw(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  m: tf.Variable,
  v: tf.Variable,
  options: AdamW,
): void {
  const kernels = wasmKernels();
  if (!kernels) return composedAdamw(parameter, gradient, m, v, options);
  for (const [name, tensor] of Object.entries({ gradient, m, v })) expectShape(name, tensor, parameter.shape);
  for (const variable of [parameter, m, v]) takeOwnData(variable);
  const { lr, beta1, beta2, eps, decay, step, scale } = options;
  kernels.adamwStep(
    pointer(parameter),
    pointer(gradient),
    pointer(m),
    pointer(v),
    parameter.size,
    scale,
    beta1,
    beta2,
    lr / (1 - beta1 ** step),
    1 / (1 - beta2 ** step),
    eps,
    1 - lr * decay,
  );
}

/** {@link adamw} of TensorFlow.js's own operations. */
export function composedAdamw(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  m: tf.Variable,
  v: tf.Variable,
  { lr, beta1, beta2, eps, decay, step, scale }: AdamW,
): void {
  tf.tidy(() => {
    const g = tf.mul(gradient, scale);
    const newM = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
    const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2));
    const deviation = tf.add(tf.sqrt(tf.div(newV, 1 - beta2 ** step)), eps);
    const move = tf.mul(tf.div(newM, deviation), lr / (1 - beta1 ** step));
    parameter.assign(tf.sub(tf.mul(parameter, 1 - lr * decay), move));
    m.assign(newM);
    v.assign(newV);
  });
}

/** A variable shares its data with the tensor it began as, and with clones: those must not see an update in place. */
export function takeOwnData(variable: tf.Variable): void {
  if (!isShared(variable)) return;
  const copy = tf.mul(variable, 1);
  variable.assign(copy);
  copy.dispose();
}
