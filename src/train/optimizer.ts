import * as tf from '@tensorflow/tfjs-core';
import { adamwAll } from '../kernels/index.ts';
import { parameterTable, readTensors, sizeOf, type Model, type Weights } from '../model/parameters.ts';

export interface OptimizerOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled weight decay of matrices and embeddings. */
  decay: number;
  /** Largest norm of the whole gradient; larger ones are scaled down. */
  clip: number;
}

export const ADAMW: OptimizerOptions = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, decay: 0.05, clip: 1 };

/** What a run needs to go on where it stopped: AdamW's moments and its step count. */
export interface OptimizerState {
  step: number;
  first: Weights;
  second: Weights;
}

/** A gradient that is not finite: the run stops and keeps its last good state. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError';
}

/**
 * AdamW (Loshchilov & Hutter 2019, algorithm 2) over a model's parameters, in place, with clipping by the
 * global norm. Owns its moments: call dispose.
 */
export class AdamW {
  readonly #model: Model;
  readonly #options: OptimizerOptions;
  readonly #moments: { name: string; decays: boolean; first: tf.Variable; second: tf.Variable }[];
  #step: number;

  constructor(model: Model, options: OptimizerOptions = ADAMW, state?: OptimizerState) {
    this.#model = model;
    this.#options = options;
    this.#step = state?.step ?? 0;
    this.#moments = parameterTable(model.config).map(({ name, shape, decays }) => {
      const moment = (values?: Float32Array) =>
        tf.tidy(() =>
          tf.variable(tf.tensor(values?.slice() ?? new Float32Array(sizeOf(shape)), shape), false),
        );
      return { name, decays, first: moment(state?.first[name]), second: moment(state?.second[name]) };
    });
  }

  /**
   * One update from gradients by parameter name; returns the gradient's norm before clipping.
   * Throws NotFiniteError, having changed nothing, when the norm is not finite.
   */
  async update(gradients: tf.NamedTensorMap, rate: number, decay = this.#options.decay): Promise<number> {
    const moving = this.#moments.map(({ name, decays, first, second }) => {
      return {
        parameter: this.#model.parameters[name],
        gradient: gradients[name],
        m: first,
        v: second,
        decays,
      };
    });
    const { beta1, beta2, epsilon, clip } = this.#options;
    const options = { lr: rate, beta1, beta2, eps: epsilon, decay, step: this.#step + 1, clip };
    const square = adamwAll(moving, options);
    const norm = Math.sqrt((await square.data())[0]);
    square.dispose();
    if (!Number.isFinite(norm)) throw new NotFiniteError('the gradient is no longer finite');
    this.#step += 1;
    return norm;
  }

  async state(): Promise<OptimizerState> {
    const step = this.#step;
    const read = (part: 'first' | 'second') =>
      readTensors(Object.fromEntries(this.#moments.map((moment) => [moment.name, moment[part]])));
    const [first, second] = await Promise.all([read('first'), read('second')]);
    return { step, first, second };
  }

  dispose(): void {
    for (const { first, second } of this.#moments) tf.dispose([first, second]);
  }
}
