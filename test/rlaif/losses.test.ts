/** How verdicts become an update: slopes against central differences of float64 formulas. */
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/math/random.ts';
import { LOSSES, softLabels, type LossName, type LossOptions, type Scored } from '../../src/rlaif/losses.ts';

/** Numbers that float32 holds exactly. */
function scoredOf(seed: number, n: number): Scored {
  const random = createRandom(seed);
  const draw = (mean: number, spread: number) =>
    Float32Array.from({ length: n }, () => mean + spread * random.normal());
  return { scores: draw(1, 2), reference: draw(-12, 2), policy: draw(-12, 2) };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The losses once more, in float64 and as their papers write them. Row k of group g stands at k·groups + g. */
const formulas: Record<LossName, (logPi: readonly number[], scored: Scored, options: LossOptions) => number> =
  {
    dpo(logPi, { scores, reference }, { temperature, beta }) {
      const n = scores.length / 2;
      let total = 0;
      for (let i = 0; i < n; i++) {
        const p = sigmoid((scores[i] - scores[n + i]) / temperature);
        const m = beta * (logPi[i] - reference[i] - (logPi[n + i] - reference[n + i]));
        total -= p * Math.log(sigmoid(m)) + (1 - p) * Math.log(sigmoid(-m));
      }
      return total / n;
    },
    grpo(logPi, { scores, reference, policy }, { each, temperature, beta }) {
      const groups = scores.length / each;
      const rewards = Array.from(scores, (s, i) => s / temperature - beta * (policy[i] - reference[i]));
      const advantages = rewards.map((r, i) => {
        const peers = rewards.filter((_, j) => j % groups === i % groups);
        return r - peers.reduce((a, b) => a + b, 0) / each;
      });
      const mean = advantages.reduce((a, b) => a + b, 0) / advantages.length;
      const spread = Math.sqrt(
        advantages.reduce((sum, a) => sum + (a - mean) ** 2, 0) / (advantages.length - 1),
      );
      return -advantages.reduce((sum, a, i) => sum + (a / spread) * logPi[i], 0) / logPi.length;
    },
    bon(logPi, { scores }, { each }) {
      const groups = scores.length / each;
      let total = 0;
      for (let g = 0; g < groups; g++) {
        const members = Array.from({ length: each }, (_, k) => k * groups + g);
        const best = members.reduce((a, b) => (scores[b] > scores[a] ? b : a));
        total -= logPi[best] / groups;
      }
      return total;
    },
  };

const NAMES = Object.keys(LOSSES) as LossName[];

describe.each(NAMES)('%s', (name) => {
  const { loss, each, beta } = LOSSES[name];

  test('slopes are those of its formula', () => {
    for (const seed of [1, 2, 3]) {
      const scored = scoredOf(seed, 3 * each);
      const options = { each, temperature: 1.7, beta: Math.max(beta, 0.1) };
      const slopes = loss(scored, options);
      const at = Array.from(scored.policy);
      const numeric = at.map((x, i) => {
        const h = 1e-4;
        const moved = (by: number) => at.map((y, j) => (j === i ? x + by : y));
        return (
          (formulas[name](moved(h), scored, options) - formulas[name](moved(-h), scored, options)) / (2 * h)
        );
      });
      const largest = Math.max(...numeric.map(Math.abs));
      slopes.forEach((g, i) => expect(Math.abs(g - numeric[i]) / largest, `${i}`).toBeLessThan(1e-5));
    }
  });

  test('a step down raises the response that the judge likes against the one it dislikes', () => {
    const groups = 4;
    const scores = Float32Array.from({ length: groups * each }, (_, i) => (i < groups ? 1 : -1));
    const logPi = new Float32Array(groups * each).fill(-10);
    const slopes = loss({ scores, reference: logPi, policy: logPi }, { each, temperature: 1, beta });
    for (let g = 0; g < groups; g++) expect(-slopes[g]).toBeGreaterThan(-slopes[groups + g] + 1e-4);
  });
});

describe('DPO', () => {
  const { loss, each } = LOSSES.dpo;

  test('does not move where both responses are equally likely and equally liked', () => {
    const same = new Float32Array(6).fill(-9.25);
    const scored = { scores: new Float32Array(6).fill(2), reference: same, policy: same };
    expect(Array.from(softLabels(scored, 1))).toEqual([0.5, 0.5, 0.5]);
    const slopes = loss(scored, { each, temperature: 1e-6, beta: 0.1 });
    slopes.forEach((g) => expect(Math.abs(g)).toBeLessThan(1e-9));
  });

  test('its label is a fixed point: slopes are 0 where σ(m) = p', () => {
    const p = 0.8;
    const margin = Math.log(p / (1 - p));
    const scored = {
      scores: Float32Array.from([margin, 0]),
      reference: Float32Array.from([-8, -8]),
      policy: Float32Array.from([-8 + margin / 0.1, -8]),
    };
    const slopes = loss(scored, { each, temperature: 1, beta: 0.1 });
    slopes.forEach((g) => expect(Math.abs(g)).toBeLessThan(1e-7));
  });

  test('stays finite at margins that no float32 exponential holds', () => {
    const scored = {
      scores: Float32Array.from([1e6, -1e6, -1e6, 1e6]),
      reference: new Float32Array(4),
      policy: Float32Array.from([1e4, -1e4, -1e4, 1e4]),
    };
    const slopes = loss(scored, { each, temperature: 1, beta: 1 });
    expect(slopes.every(Number.isFinite)).toBe(true);
  });
});

describe('GRPO', () => {
  const { loss, each } = LOSSES.grpo;

  test('a group that is all liked alike teaches nothing, whatever its level', () => {
    const groups = 3;
    const scores = Float32Array.from({ length: groups * each }, (_, i) => (i % groups) * 10);
    const logPi = new Float32Array(groups * each).fill(-10);
    const slopes = loss({ scores, reference: logPi, policy: logPi }, { each, temperature: 1, beta: 0.1 });
    slopes.forEach((g) => expect(Math.abs(g)).toBeLessThan(1e-6));
  });

  test('its penalty pulls back what the policy has come to favour', () => {
    const n = 2 * each;
    const policy = Float32Array.from({ length: n }, (_, i) => (i < 2 ? -5 : -10));
    const scored = { scores: new Float32Array(n), reference: new Float32Array(n).fill(-10), policy };
    const slopes = loss(scored, { each, temperature: 1, beta: 0.1 });
    for (let g = 0; g < 2; g++) expect(slopes[g]).toBeGreaterThan(0); // descending lowers it
  });
});

test('best of n takes the first of equals, and one a group', () => {
  const { loss, each } = LOSSES.bon;
  const scores = new Float32Array(2 * each).fill(1);
  const logPi = new Float32Array(2 * each).fill(-3);
  const slopes = loss({ scores, reference: logPi, policy: logPi }, { each, temperature: 1, beta: 0 });
  expect(slopes.filter((g) => g !== 0)).toEqual(Float32Array.from([-0.5, -0.5]));
  expect(slopes[0] + slopes[1]).toBe(-1);
});
