import type * as tf from '@tensorflow/tfjs-core';

/** A parameter that moves, with its gradient. */
export interface Moving {
  parameter: tf.Variable;
  gradient: tf.Tensor;
  /** AdamW's moments */
  m: tf.Variable;
  v: tf.Variable;
  /** whether weight decay acts on it */
  decays: boolean;
}

/** The settings of one step over all parameters. */
export interface WholeStep {
  /** learning rate of this step */
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  /** decoupled weight decay, multiplied by lr */
  decay: number;
  /** 1 at the first step */
  step: number;
  /** largest norm of the whole gradient */
  clip: number;
}
