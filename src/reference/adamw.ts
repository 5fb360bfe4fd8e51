import type { Gradients } from './backward.ts';
import type { ReferenceWeights } from './forward.ts';
import type { Numbers } from './numbers.ts';

/** Of one step; the fields of `OptimizerOptions` that the first step depends on. */
interface Step {
  rate: number;
  epsilon: number;
  /** Decoupled weight decay, of the weights that `decays` names. */
  decay: number;
  /** Largest norm of the whole gradient. */
  clip: number;
}

/**
 * The weights after AdamW's first step (Loshchilov & Hutter 2019, algorithm 2), of a gradient that is clipped by its global
 * norm. Both moments begin at 0, so that without their bias they are g and g²:
 * p ← p − rate·( g / (|g| + epsilon) + decay·p ).
 */
export function firstAdamwStep(
  weights: ReferenceWeights,
  gradients: Gradients,
  decays: (name: string) => boolean,
  { rate, epsilon, decay, clip }: Step,
): Record<string, Numbers> {
  const norm = Math.hypot(
    ...Object.values(gradients).map((all) => Math.sqrt(all.reduce((s, g) => s + g * g, 0))),
  );
  const scale = Math.min(1, clip / norm);
  const moved = (name: string) =>
    gradients[name].map((gradient, i) => {
      const g = scale * gradient;
      const p = weights[name][i];
      return p - rate * (g / (Math.abs(g) + epsilon) + (decays(name) ? decay * p : 0));
    });
  return Object.fromEntries(Object.keys(gradients).map((name) => [name, moved(name)]));
}
