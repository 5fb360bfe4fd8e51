import type * as tf from '@tensorflow/tfjs-core';

/** Every place of the forward pass that one may look at or change, with its axes. */
export const SITES = {
  /** The residual stream entering block `layer`; layer = number of blocks: leaving the last one. */
  residual: ['text', 'position', 'channel'],
  /** What the heads read, before the output projection of block `layer`. */
  attended: ['text', 'position', 'channel'],
  /** The MLP's neurons after GELU in block `layer`. */
  neurons: ['text', 'position', 'neuron'],
  /** The stream after the final layer norm, as the unembedding reads it (layer 0). */
  final: ['text', 'position', 'channel'],
} as const;

export type Site = keyof typeof SITES;

/**
 * Called at every site in the order of computation. Return the tensor itself to look only, another of the
 * same shape to intervene. Must be differentiable where gradients are wanted.
 */
export type Visit = (site: Site, layer: number, x: tf.Tensor3D) => tf.Tensor3D;

const between = new WeakSet<Visit>();

/** A visit that looks at `residual` and `final` alone: it is not called inside blocks, which then run as one operation each. */
export function betweenBlocks(visit: Visit): Visit {
  between.add(visit);
  return visit;
}

export const looksInside = (visit: Visit): boolean => !between.has(visit);
