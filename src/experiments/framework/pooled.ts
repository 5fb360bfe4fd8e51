import { createRandom, type Random } from '../../math/random.ts';
import {
  bootstrap,
  BOOTSTRAP_DRAWS,
  correlationWithin,
  mean,
  quantileSorted,
  type Estimate,
} from '../../math/statistics.ts';
import { measured, type Measure } from './experiment.ts';

/** Mean of a figure that each run has, with its interval over runs. */
export function averaged(name: string, values: readonly number[], unit = ''): Measure {
  const estimate = bootstrap(values.length, createRandom(name), (drawn) =>
    mean(Array.from(drawn, (i) => values[i])),
  );
  return measured(name, estimate, values.length, unit);
}

/** A statistic of (x, y) that each run has, with its interval over runs. */
export function pooled(
  name: string,
  pairs: readonly (readonly [x: number, y: number])[],
  statistic: typeof correlationWithin,
  unit = '',
): Measure {
  const together = pairs.map(() => 0);
  const estimate = bootstrap(pairs.length, createRandom(name), (drawn) => {
    const some = Array.from(drawn, (i) => pairs[i]);
    return statistic(
      some.map(([x]) => x),
      some.map(([, y]) => y),
      together,
    );
  });
  return measured(name, estimate, pairs.length, unit);
}

/** Sums over runs that look at the same situations: one number a situation. */
export function sumsBySituation(runs: readonly (readonly number[])[]): number[] {
  return runs[0].map((_, situation) => runs.reduce((sum, run) => sum + run[situation], 0));
}

/** Σ a / Σ b over the same situations, with its interval over them: a draw takes the same of both. */
export function ratioOfPaired(a: readonly number[], b: readonly number[], random: Random): Estimate {
  return bootstrap(a.length, random, (drawn) => {
    let [above, below] = [0, 0];
    for (const i of drawn) {
      above += a[i];
      below += b[i];
    }
    return above / below;
  });
}

/** A statistic of the means of two lists that were drawn apart, with its interval over the units of both. */
export function ofMeans(
  a: readonly number[],
  b: readonly number[],
  statistic: (a: number, b: number) => number,
  random: Random,
): Estimate {
  const drawn = (x: readonly number[]) => mean(x.map(() => x[random.integer(x.length)]));
  const values = Float64Array.from({ length: BOOTSTRAP_DRAWS }, () => statistic(drawn(a), drawn(b))).sort();
  return {
    value: statistic(mean(a), mean(b)),
    low: quantileSorted(values, 0.025),
    high: quantileSorted(values, 0.975),
  };
}
