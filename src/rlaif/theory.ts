import type { Random } from '../math/random.ts';
import {
  bootstrap,
  correlationWithin,
  deviationWithin,
  groupCount,
  mean,
  type Numbers,
} from '../math/statistics.ts';

/**
 * Responses of the reference policy with a judge's score and what they are worth: all that is needed to say,
 * before any training, what training on that judge will gain.
 */
export interface Judgements {
  /** Situation of each response, 0 … count − 1. At least 64 situations × 256 responses for predictions. */
  situations: Numbers;
  scores: Numbers;
  /** What is averaged under the tilt: V*, or the score itself. */
  worth: Numbers;
}

/** One point of the exact tilt π_t ∝ π₀ exp(t·s), averages over situations. */
export interface TiltPoint {
  /** Inverse temperature; one for all situations. */
  t: number;
  /** Mean over situations of KL(π_t ‖ π₀), nats. */
  kl: number;
  /** Gain of each situation in E[worth], π_t less π₀. */
  gains: Float64Array;
  gain: number;
  /** Mean over situations of the effective number of responses, (Σw)²/Σw². */
  effective: number;
}

/** Under this effective sample size the tilt says more about the sample than about the policy. */
export const LEAST_EFFECTIVE = 20;

/** The tilt at inverse temperature t. */
export function tilt({ situations, scores, worth }: Judgements, t: number): TiltPoint {
  const count = groupCount(situations);
  const n = scores.length;
  const most = new Float64Array(count).fill(-Infinity);
  for (let i = 0; i < n; i++) most[situations[i]] = Math.max(most[situations[i]], t * scores[i]);
  const [sizes, z, zz, zs, zv, plain] = Array.from(
    { length: 6 },
    () => new Float64Array(count),
  ) as Float64Array[];
  for (let i = 0; i < n; i++) {
    const x = situations[i];
    const exponent = t * scores[i] - most[x];
    const w = Math.exp(exponent);
    sizes[x] += 1;
    z[x] += w;
    zz[x] += w * w;
    zs[x] += w * exponent;
    zv[x] += w * worth[i];
    plain[x] += worth[i];
  }
  const per = (f: (x: number) => number) => Float64Array.from({ length: count }, (_, x) => f(x));
  const gains = per((x) => zv[x] / z[x] - plain[x] / sizes[x]);
  // KL = Σ p log(p n), p = w / Σw, log p = exponent − log Σw.
  const kl = mean(per((x) => zs[x] / z[x] - Math.log(z[x] / sizes[x])));
  const effective = mean(per((x) => z[x] ** 2 / zz[x]));
  return { t, kl, gains, gain: mean(gains), effective };
}

/** The tilt whose mean KL is `kl` nats, by bisection; null where too few effective responses are left. */
export function tiltAtKl(judgements: Judgements, kl: number): TiltPoint | null {
  const spread = deviationWithin(judgements.scores, judgements.situations);
  if (kl <= 0 || spread === 0) return tilt(judgements, 0);
  let [low, high] = [0, Math.sqrt(2 * kl) / spread];
  while (tilt(judgements, high).kl < kl) {
    low = high;
    high *= 2;
    if (high * spread > 1e4) return null;
  }
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (tilt(judgements, middle).kl < kl) low = middle;
    else high = middle;
  }
  const point = tilt(judgements, (low + high) / 2);
  return point.effective >= LEAST_EFFECTIVE ? point : null;
}

/** Predicted gains at some KL budgets. */
export interface GainCurve {
  kl: Float64Array;
  gain: Float64Array;
  /** 95% interval by bootstrap over situations. */
  low: Float64Array;
  high: Float64Array;
}

/** The exact tilt's gain at each budget; ends where the sample no longer carries it. */
export function gainCurve(judgements: Judgements, budgets: readonly number[], random: Random): GainCurve {
  const rows: [number, number, number, number][] = [];
  for (const kl of budgets) {
    const point = tiltAtKl(judgements, kl);
    if (!point) break;
    const { value, low, high } = bootstrap(
      point.gains.length,
      random.fork(kl),
      (drawn) => {
        let sum = 0;
        for (const x of drawn) sum += point.gains[x];
        return sum / drawn.length;
      },
      300,
    );
    rows.push([kl, value, low, high]);
  }
  const column = (c: 0 | 1 | 2 | 3) => Float64Array.from(rows, (row) => row[c]);
  return { kl: column(0), gain: column(1), low: column(2), high: column(3) };
}

/** The linear model's gain, right to first order: √(2κ)·σ(V*)·a_c, all within the situation. */
export function linearGain({ situations, scores, worth }: Judgements, kl: number): number {
  return (
    Math.sqrt(2 * kl) * deviationWithin(worth, situations) * correlationWithin(scores, worth, situations)
  );
}

/** Expected pairwise accuracy of a judge that correlates ρ with the truth, both Gaussian: ½ + asin(ρ)/π. */
export const pairAccuracyAt = (rho: number): number => 0.5 + Math.asin(rho) / Math.PI;
