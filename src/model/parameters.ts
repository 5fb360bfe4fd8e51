import * as tf from '@tensorflow/tfjs-core';
import type { BlockWeights } from '../kernels/index.ts';
import type { Random } from '../math/random.ts';
import type { ModelConfig } from './config.ts';

/** One weight: its GPT-2 name, its shape, the standard deviation it is drawn with (or the constant). */
export interface ParameterSpec {
  name: string;
  shape: number[];
  init: { normal: number } | { constant: number };
  /** Weight decay acts on matrices and embeddings only. */
  decays: boolean;
}

/** Wide enough that a small model leaves the uniform distribution quickly (GPT-2 has 0.02). */
const SPREAD = 0.05;

/**
 * Every weight of the model in checkpoint order: the only list of names and shapes there is.
 * Linear weights are (in, out), as GPT-2's Conv1D stores them; the unembedding is wte (tied).
 */
export function parameterTable(config: ModelConfig): ParameterSpec[] {
  const { vocabulary: V, positions: P, width: D, layers: L } = config;
  // What a block adds is drawn smaller with depth, so that the residual stream starts with the same size.
  const output = SPREAD / Math.sqrt(2 * L);
  const matrix = (name: string, shape: number[], normal: number): ParameterSpec => ({
    name: `transformer.${name}`,
    shape,
    init: { normal },
    decays: true,
  });
  const vector = (name: string, size: number, constant: number): ParameterSpec => ({
    name: `transformer.${name}`,
    shape: [size],
    init: { constant },
    decays: false,
  });
  const block = (l: number): ParameterSpec[] => [
    vector(`h.${l}.ln_1.weight`, D, 1),
    vector(`h.${l}.ln_1.bias`, D, 0),
    matrix(`h.${l}.attn.c_attn.weight`, [D, 3 * D], SPREAD),
    vector(`h.${l}.attn.c_attn.bias`, 3 * D, 0),
    matrix(`h.${l}.attn.c_proj.weight`, [D, D], output),
    vector(`h.${l}.attn.c_proj.bias`, D, 0),
    vector(`h.${l}.ln_2.weight`, D, 1),
    vector(`h.${l}.ln_2.bias`, D, 0),
    matrix(`h.${l}.mlp.c_fc.weight`, [D, 4 * D], SPREAD),
    vector(`h.${l}.mlp.c_fc.bias`, 4 * D, 0),
    matrix(`h.${l}.mlp.c_proj.weight`, [4 * D, D], output),
    vector(`h.${l}.mlp.c_proj.bias`, D, 0),
  ];
  return [
    matrix('wte.weight', [V, D], SPREAD),
    matrix('wpe.weight', [P, D], SPREAD),
    ...Array.from({ length: L }, (_, l) => block(l)).flat(),
    vector('ln_f.weight', D, 1),
    vector('ln_f.bias', D, 0),
  ];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

export function parameterCount(config: ModelConfig): number {
  return parameterTable(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Weights by GPT-2 name, as plain numbers: what checkpoints, snapshots and workers exchange. */
export type Weights = Record<string, Float32Array>;

/** Fresh weights; each is drawn from a stream of its own name. */
export function initialWeights(config: ModelConfig, random: Random): Weights {
  return Object.fromEntries(
    parameterTable(config).map(({ name, shape, init }) => {
      const stream = random.fork(name);
      const draw = 'normal' in init ? () => init.normal * stream.normal() : () => init.constant;
      return [name, Float32Array.from({ length: sizeOf(shape) }, draw)];
    }),
  );
}

/** A transformer on the active backend. Dispose it with `disposeModel`. */
export interface Model {
  config: ModelConfig;
  parameters: Record<string, tf.Variable>;
}

/** The weights of block l by what they do. */
export function blockWeights({ parameters }: Model, l: number): BlockWeights {
  const weight = (name: string) => parameters[`transformer.h.${l}.${name}.weight`];
  const bias = (name: string) => parameters[`transformer.h.${l}.${name}.bias`] as tf.Tensor as tf.Tensor1D;
  const norm = (name: string) => ({ gain: weight(name) as tf.Tensor as tf.Tensor1D, bias: bias(name) });
  const map = (name: string) => ({ weight: weight(name) as tf.Tensor as tf.Tensor2D, bias: bias(name) });
  return {
    norm1: norm('ln_1'),
    qkv: map('attn.c_attn'),
    projection: map('attn.c_proj'),
    norm2: norm('ln_2'),
    up: map('mlp.c_fc'),
    down: map('mlp.c_proj'),
  };
}

/** Puts weights on the active backend. Throws RangeError when a weight is missing or has the wrong size. */
export function createModel(config: ModelConfig, weights: Weights): Model {
  const table = parameterTable(config);
  for (const { name, shape } of table) {
    const size = weights[name]?.length;
    if (size !== sizeOf(shape))
      throw new RangeError(`weight ${name} should have ${sizeOf(shape)} numbers, not ${size ?? 'none'}`);
  }
  const parameters: Model['parameters'] = {};
  for (const { name, shape } of table) {
    const tensor = tf.tensor(weights[name].slice(), shape, 'float32');
    parameters[name] = tf.variable(tensor, true);
    tensor.dispose();
  }
  return { config, parameters };
}

/** Reads all weights back from the backend. */
export const readWeights = (model: Model): Promise<Weights> => readTensors(model.parameters);

/** Tensors by parameter name as plain numbers. */
export async function readTensors(tensors: tf.NamedTensorMap): Promise<Weights> {
  const names = Object.keys(tensors);
  const values = await Promise.all(names.map((name) => tensors[name].data()));
  return Object.fromEntries(names.map((name, i) => [name, Float32Array.from(values[i])]));
}

export function disposeModel(model: Model): void {
  tf.dispose(model.parameters);
}

/** Gives a model new weights, on the active backend. Whoever holds the model sees them. */
export function replaceWeights(model: Model, weights: Weights): void {
  disposeModel(model);
  Object.assign(model.parameters, createModel(model.config, weights).parameters);
}
