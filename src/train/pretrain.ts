import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../kernels/index.ts';
import { createRandom } from '../math/random.ts';
import { configOf, type ModelConfig } from '../model/config.ts';
import { forward, logitsOf } from '../model/forward.ts';
import {
  createModel,
  disposeModel,
  initialWeights,
  readWeights,
  type Model,
  type Weights,
} from '../model/parameters.ts';
import { batchAt, type Batch } from '../world/batches.ts';
import type { WorldKnobs } from '../world/knobs.ts';
import { VOCABULARY } from '../world/tokenizer.ts';
import { ADAMW, AdamW, type OptimizerOptions, type OptimizerState } from './optimizer.ts';
import { batchAtStep, rateAt, totalSteps, type Schedule } from './schedule.ts';

export interface PretrainConfig {
  width: number;
  layers: number;
  /** Seed of the initial weights. */
  seed: number;
  /** Seed of the documents. */
  documents: number;
  schedule: Schedule;
  world: WorldKnobs;
  /** What a token of a response counts in the loss. */
  responseWeight: number;
  optimizer?: OptimizerOptions;
  /** False: no gist mask, tokens after `<gist>` see all that came before, as in any GPT-2. */
  bottleneck?: boolean;
}

/** All that is needed to go on with a run as if it had not stopped. */
export interface PretrainState {
  weights: Weights;
  optimizer: OptimizerState;
}

export interface PretrainReport {
  /** Steps done. */
  step: number;
  steps: number;
  /** Mean weighted cross-entropy of this step's batch, nats a token. */
  loss: number;
  rate: number;
  norm: number;
  tokens: number;
  /** Reads the state back; only while the generator stands at this report. */
  state(): Promise<PretrainState>;
}

/**
 * Trains a fresh model on the world's documents, one report a step. Deterministic from its config on one
 * backend; `from` resumes. Frees its tensors when it ends or is returned early.
 * Throws NotFiniteError when the gradient is no longer finite.
 */
export async function* pretrain(
  config: PretrainConfig,
  from?: PretrainState,
): AsyncGenerator<PretrainReport> {
  const shape: ModelConfig = configOf(VOCABULARY.length, config.width, config.layers);
  const random = createRandom(config.seed).fork('weights');
  const model = createModel(shape, from?.weights ?? initialWeights(shape, random));
  const optimizer = new AdamW(model, config.optimizer ?? ADAMW, from?.optimizer);
  const steps = totalSteps(config.schedule);
  try {
    for (let step = from?.optimizer.step ?? 0; step < steps; step++) {
      const { batch: size, firstDocument, decay } = batchAtStep(config.schedule, step);
      const { world: knobs, responseWeight } = config;
      const documents = batchAt(config.documents, firstDocument, { batch: size, knobs, responseWeight });
      const batch = config.bottleneck === false ? unmasked(documents) : documents;
      const rate = rateAt(config.schedule, step);
      const { value, grads } = tf.tidy(() =>
        tf.variableGrads(() => batchLoss(model, batch), Object.values(model.parameters)),
      );
      let loss: number;
      let norm: number;
      try {
        // The update is asked for before the loss is read: a graphics card is not waited for within a step.
        const update = optimizer.update(byParameter(model, grads), rate, decay);
        const [read, updated] = await Promise.all([value.data(), update]);
        loss = read[0];
        norm = updated;
      } finally {
        tf.dispose([value, grads]);
      }
      const state = async () => ({ weights: await readWeights(model), optimizer: await optimizer.state() });
      yield { step: step + 1, steps, loss, rate, norm, tokens: size * batch.T, state };
    }
  } finally {
    optimizer.dispose();
    disposeModel(model);
  }
}

/** The same texts without the gist mask. */
const unmasked = (batch: Batch): Batch => ({ ...batch, gists: new Int32Array(batch.B).fill(batch.T) });

/** Mean cross-entropy of the next token, weighted as the batch says: a scalar, differentiable. */
export function batchLoss(model: Model, { tokens, weights, gists, ends, B, T }: Batch): tf.Scalar {
  // The target of a position is the token after it; the row's last target is never counted (weight 0).
  const targets = new Int32Array(tokens.length);
  targets.set(tokens.subarray(1));
  const final = forward(model, {
    tokens: tf.tensor2d(tokens, [B, T], 'int32'),
    offsets: tf.zeros([B], 'int32'),
    gists: tf.tensor1d(gists, 'int32'),
    ...(ends ? { ends: tf.tensor1d(ends, 'int32') } : {}),
  });
  return crossEntropy(logitsOf(model, final), tf.tensor1d(targets, 'int32'), tf.tensor1d(weights));
}

/** tf.variableGrads names gradients by the variables' own names; ours go by the checkpoint's. */
export function byParameter(model: Model, gradients: tf.NamedTensorMap): tf.NamedTensorMap {
  return Object.fromEntries(Object.entries(model.parameters).map(([name, v]) => [name, gradients[v.name]]));
}
