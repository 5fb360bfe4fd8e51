import type { Numbers } from '../../math/statistics.ts';
import { tilt, tiltAtKl } from '../../rlaif/theory.ts';

/** What a policy is worth, told from the reference's own responses alone. */
export interface Weighed {
  /** KL(π ‖ π₀), nats a response. */
  kl: number;
  /** Gain of each situation in true value, and in the judge's own score. */
  gains: Float64Array;
  own: Float64Array;
  /** What the exact tilt by the judge gains at the same KL; null where the sample does not carry it. */
  tiltGains: Float64Array | null;
  tiltOwn: Float64Array | null;
  /** Mean over situations of the effective number of responses. */
  effective: number;
}

/** The reference's responses, what they are worth, and what a judge says of them. */
export interface Weighable {
  situations: Numbers;
  worth: Numbers;
  scores: Numbers;
}

/**
 * A policy by weighting the reference's responses by π/π₀, each situation's weights adding up to 1: the tilt with
 * log π/π₀ as its score and t = 1. So no gain in the judge's score can pass that of the judge's own tilt at the same KL, to
 * the last digit. `logRatios` are log π − log π₀ of each response, nats.
 */
export function weighed({ situations, worth, scores }: Weighable, logRatios: Numbers): Weighed {
  const policy = (of: Numbers) => tilt({ situations, scores: logRatios, worth: of }, 1);
  const { kl, gains, effective } = policy(worth);
  const best = tiltAtKl({ situations, scores, worth }, kl);
  return {
    kl,
    gains,
    own: policy(scores).gains,
    tiltGains: best?.gains ?? null,
    tiltOwn: best ? tilt({ situations, scores, worth: scores }, best.t).gains : null,
    effective,
  };
}
