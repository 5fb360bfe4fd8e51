import { deviation, mean, sigmoid } from '../math/statistics.ts';

// n responses in groups of G to one situation: response k of group g stands at k·(n/G) + g.

/** A step's responses as a loss sees them. */
export interface Scored {
  scores: Float32Array;
  /** log π₀ of each response. */
  reference: Float32Array;
  /** log π of each response, as it was sampled. */
  policy: Float32Array;
}

export interface LossOptions {
  /** Responses to each situation. */
  each: number;
  /** τ: one unit of score, the spread of the first batch. */
  temperature: number;
  /** Strength of the pull towards the reference: DPO's β, or the weight of the KL penalty. */
  beta: number;
}

/**
 * How much the loss of a step's responses grows with the log π of each, where they were sampled: ∂loss/∂log π, (n). A loss
 * needs nothing else of the policy, so that its gradient is the sum of these times ∇log π.
 */
export type Loss = (scored: Scored, options: LossOptions) => Float32Array;

/** Soft label of each pair, σ(Δs/τ): first responses against second ones. (n/2) */
export function softLabels({ scores }: Scored, temperature: number): Float32Array {
  const n = scores.length / 2;
  return Float32Array.from({ length: n }, (_, i) => sigmoid((scores[i] - scores[n + i]) / temperature));
}

/**
 * DPO with soft labels (Rafailov et al. 2023, equation 7; labels as in Bai et al. 2022):
 * −mean[p·log σ(m) + (1 − p)·log σ(−m)], m = β[(log π_a − log π₀_a) − (log π_b − log π₀_b)].
 */
export const dpo: Loss = (scored, { temperature, beta }) => {
  const n = scored.scores.length / 2;
  const advantage = scored.policy.map((x, i) => x - scored.reference[i]);
  const slopes = new Float32Array(2 * n);
  softLabels(scored, temperature).forEach((p, i) => {
    const margin = beta * (advantage[i] - advantage[n + i]);
    slopes[i] = (beta * (sigmoid(margin) - p)) / n;
    slopes[n + i] = -slopes[i];
  });
  return slopes;
};

/**
 * GRPO on the judge's score (Shao et al. 2024, one update a batch), with the KL penalty inside the reward:
 * A = r − mean of its group, over the spread of all, r = s/τ − β·log(π/π₀); the loss is −mean[A·log π].
 */
export const grpo: Loss = ({ scores, reference, policy }, { each, temperature, beta }) => {
  const groups = scores.length / each;
  const rewards = scores.map((s, i) => s / temperature - beta * (policy[i] - reference[i]));
  const means = Float32Array.from({ length: groups }, (_, g) =>
    mean(Array.from({ length: each }, (_, k) => rewards[k * groups + g])),
  );
  const advantages = rewards.map((r, i) => r - means[i % groups]);
  const spread = Math.max(deviation(advantages), 1e-6);
  return advantages.map((a) => -a / spread / scores.length);
};

/** Best-of-n distillation: −mean[log π] of the response of each group that the judge likes best. */
export const bestOfN: Loss = ({ scores }, { each }) => {
  const groups = scores.length / each;
  const slopes = new Float32Array(scores.length);
  for (let g = 0; g < groups; g++) {
    let best = g;
    for (let k = 1; k < each; k++) if (scores[k * groups + g] > scores[best]) best = k * groups + g;
    slopes[best] = -1 / groups;
  }
  return slopes;
};

/** How a policy learns from verdicts: its loss and the settings that suit it. */
export const LOSSES = {
  dpo: { loss: dpo, each: 2, rate: 3e-3, beta: 0.1 },
  grpo: { loss: grpo, each: 4, rate: 1e-3, beta: 0.05 },
  bon: { loss: bestOfN, each: 4, rate: 1e-3, beta: 0 },
} as const satisfies Record<string, { loss: Loss; each: number; rate: number; beta: number }>;

export type LossName = keyof typeof LOSSES;
