import * as tf from '@tensorflow/tfjs-core';

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
  composedAdamw(parameter, gradient, m, v, options);
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
