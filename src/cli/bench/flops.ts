import type { ModelConfig } from '../../model/config.ts';

// B texts, T positions, D channels, V tokens

/** Pairs of a query and a key that it may see: before it, and past the gist not behind the gist. */
export function visiblePairs(gists: readonly number[], T: number): number {
  const causal = (T * (T + 1)) / 2;
  const hidden = (gist: number) => Math.max(0, T - 1 - gist) * gist;
  return gists.reduce((sum, gist) => sum + causal - hidden(gist), 0);
}

/**
 * Floating-point operations in the matrix products of a training step: 2 for each multiplication with its addition;
 * backward is twice forward, for a product has two factors to be differentiated by. What a fused kernel saves, as
 * products with hidden keys, is not counted; nor are softmax, norms, GELU and the optimizer, a few hundredths of it.
 * @param tokens B·T
 * @param pairs of a query and a key, over all texts
 */
export function stepFlops(
  { width: D, layers, vocabulary: V }: ModelConfig,
  tokens: number,
  pairs: number,
): number {
  const block = tokens * D * (3 * D + D + 4 * D + 4 * D) + 2 * pairs * D; // scores and what they mix
  const head = tokens * D * V;
  return 3 * 2 * (layers * block + head);
}
