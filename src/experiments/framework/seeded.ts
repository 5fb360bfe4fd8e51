import { createRandom } from '../../math/random.ts';
import { bootstrapOfSamples } from '../../math/statistics.ts';
import { measured, type Measure } from './experiment.ts';

/**
 * A statistic of figures that every seed has for each of its units (situations, deeds, stories): `lists[seed][figure][unit]`,
 * the same figures for every seed. Its interval is by bootstrap over seeds and the units of each; figures of one unit are
 * drawn together. The statistic is given the mean of every figure.
 */
export function overSeeds(
  name: string,
  lists: readonly (readonly (readonly number[])[])[],
  statistic: (...means: number[]) => number = (mean) => mean,
  unit = '',
): Measure {
  const units = lists.flatMap((figures) => figures[0].map((_, i) => figures.map((figure) => figure[i])));
  const sizes = lists.map((figures) => figures[0].length);
  const count = units[0].length;
  const estimate = bootstrapOfSamples(sizes, createRandom(name), (drawn) => {
    const sums = new Array<number>(count).fill(0);
    for (const i of drawn) for (let k = 0; k < count; k++) sums[k] += units[i][k];
    return statistic(...sums.map((sum) => sum / drawn.length));
  });
  return measured(name, estimate, units.length, unit);
}
