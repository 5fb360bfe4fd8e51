/** What the page says of the results before anyone opens them: it is computed when the site is built. Pure. */
import type { Result } from '../../experiments/framework/result.ts';
import { correlation } from '../../figures/ui/numbers.ts';

export interface Told {
  /** Experiments in the order in which they are shown: what does not hold comes first. */
  ids: string[];
  failing: number;
  /** E4: how well the exact tilt foretold gains, and what share of it came where people mostly act well. */
  gains: { mixed: { runs: number; r: number; slope: number }; kind: { runs: number; share: number } };
}

/** Throws where E4 is not there, or has no such number. */
export function toldOf(results: readonly Pick<Result, 'id' | 'holds' | 'estimates' | 'series'>[]): Told {
  const sorted = [...results].sort(
    (a, b) => Number(a.holds) - Number(b.holds) || Number(a.id.slice(1)) - Number(b.id.slice(1)),
  );
  return {
    ids: sorted.map(({ id }) => id),
    failing: results.filter(({ holds }) => !holds).length,
    gains: gainsOf(results.find(({ id }) => id === 'E4')!),
  };
}

function gainsOf({ estimates, series }: Pick<Result, 'estimates' | 'series'>): Told['gains'] {
  const at = (name: string) => estimates.find((one) => one.name === name)!;
  const [r, slope] = [at('realised with exact tilt, r'), at('realised on exact tilt, slope')];
  const { axes, data } = series.find(({ name }) => name === 'runs with DPO')!;
  const [runs, figures] = axes.map(({ ticks }) => ticks.map(String));
  const kind = runs.flatMap((run, i) => (/ · kind-/.test(run) ? [i] : []));
  const sum = (figure: string) =>
    kind.reduce((total, i) => total + data[i * figures.length + figures.indexOf(figure)], 0);
  return {
    mixed: { runs: r.n, r: r.value, slope: slope.value },
    kind: { runs: kind.length, share: sum('gain') / sum('exact tilt') },
  };
}

/** The numbers of `gains` as they are written. */
export function trust({ gains: { mixed, kind } }: Told) {
  return {
    mixed: { runs: mixed.runs, r: correlation(mixed.r), slope: correlation(mixed.slope) },
    kind: { runs: kind.runs, share: correlation(kind.share) },
  };
}
