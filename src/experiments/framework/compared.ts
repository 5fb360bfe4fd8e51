import { chanceWithin, type Estimate } from '../../math/statistics.ts';
import type { Measure } from './experiment.ts';
import type { Result } from './result.ts';

/** One measure of two results. */
export interface Pair {
  name: string;
  unit: string;
  published: Estimate;
  fresh: Estimate;
}

/** How a run with other seeds stands beside the published one. */
export interface Comparison {
  /** Measures that both have with an interval. */
  pairs: number;
  /** Of those, fresh values inside the published interval. */
  inside: number;
  /** Of those, intervals that share a point. */
  overlapping: number;
  /** What both counts come to on average where nothing but the seeds differs. */
  expected: { inside: number; overlapping: number };
  /** Pairs whose intervals share no point. */
  apart: Pair[];
  /** Names that are in one of the two alone, or have no 95% interval in one of them. */
  left: string[];
}

/** The interval of fewer units is little more than their range, and holds less than 95%. */
const FEWEST = 10;
const hasInterval = ({ low, high, n }: Measure): boolean => high > low && n >= FEWEST;

/**
 * The measures of two results side by side, matched by name. A fresh value falls into a published interval less
 * often than 95 times of 100, since both are noisy: 83 times where the intervals are as wide as each other, and these
 * overlap 99 times. What is expected is summed over pairs from the widths of each; the counts scatter about it more than
 * those of independent pairs would, for the measures of a result share their situations and stray together.
 */
export function compared(published: Result, fresh: Result): Comparison {
  const [before, after] = [published, fresh].map(
    ({ estimates, controls }) => new Map([...estimates, ...controls].map((m) => [m.name, m])),
  );
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const pairs: Pair[] = [];
  const left: string[] = [];
  for (const name of names) {
    const [a, b] = [before.get(name), after.get(name)];
    if (a && b && hasInterval(a) && hasInterval(b))
      pairs.push({ name, unit: a.unit, published: estimateOf(a), fresh: estimateOf(b) });
    else left.push(name);
  }
  const apart = pairs.filter((pair) => !overlap(pair));
  return {
    pairs: pairs.length,
    inside: pairs.filter(({ published: { low, high }, fresh: { value } }) => low <= value && value <= high)
      .length,
    overlapping: pairs.length - apart.length,
    expected: {
      inside: sum(pairs.map((pair) => chancesOf(pair).inside)),
      overlapping: sum(pairs.map((pair) => chancesOf(pair).overlapping)),
    },
    apart,
    left,
  };
}

/** Why two results cannot be compared, as the end of a sentence; null where they can. */
export function incomparable(published: Result, fresh: Result): string | null {
  const shared = fresh.seeds.filter((seed) => published.seeds.includes(seed));
  const [settings, theirs] = [fresh, published].map(({ config }) => JSON.stringify({ ...config, seeds: [] }));
  if (published.id !== fresh.id) return `the published one is of ${published.id}`;
  if (!sameModels(published.model, fresh.model)) return 'the published one is of other models';
  if (settings !== theirs) return 'the published one has other settings';
  if (shared.length > 0) return `the published one has seed ${shared.join(', ')} too, so it is no fresh draw`;
  return null;
}

function sameModels(a: Result['model'], b: Result['model']): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => a[name] === b[name]);
}

const estimateOf = ({ value, low, high }: Estimate): Estimate => ({ value, low, high });

const overlap = ({ published, fresh }: Pair): boolean =>
  published.low <= fresh.high && fresh.low <= published.high;

/** How likely a pair does both, where its values are normal about one truth and the intervals tell how widely. */
function chancesOf({ published, fresh }: Pair): Comparison['expected'] {
  const [a, b] = [published, fresh].map(({ low, high }) => (high - low) / 2);
  const z = 1.96 / Math.hypot(a, b);
  return { inside: chanceWithin(z * a), overlapping: chanceWithin(z * (a + b)) };
}

const sum = (x: readonly number[]): number => x.reduce((total, v) => total + v, 0);
