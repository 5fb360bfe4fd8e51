import * as v from 'valibot';
import { contentId } from '../../math/hash.ts';
import type { AnyExperiment, Outcome, SeededConfig } from './experiment.ts';

const NUMBER = v.pipe(v.number(), v.finite());
const MEASURE = v.strictObject({
  name: v.string(),
  value: NUMBER,
  low: NUMBER,
  high: NUMBER,
  n: v.pipe(v.number(), v.integer(), v.minValue(1)),
  unit: v.string(),
});
const FIELD = v.pipe(
  v.strictObject({
    name: v.string(),
    unit: v.string(),
    axes: v.array(
      v.strictObject({ name: v.string(), unit: v.string(), ticks: v.array(v.union([NUMBER, v.string()])) }),
    ),
    shape: v.array(v.number()),
    data: v.array(NUMBER),
  }),
  v.check(
    ({ axes, shape, data }) =>
      axes.length === shape.length &&
      axes.every(({ ticks }, i) => ticks.length === shape[i]) &&
      data.length === shape.reduce((product, n) => product * n, 1),
    'the axes do not fit the data',
  ),
);

/** A file of public/experiments. */
export const RESULT = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^E\d+$/)),
  claim: v.string(),
  criterion: v.strictObject({ text: v.string(), because: v.string() }),
  headline: v.string(),
  holds: v.boolean(),
  estimates: v.array(MEASURE),
  controls: v.array(MEASURE),
  seeds: v.array(v.number()),
  config: v.record(v.string(), v.unknown()),
  series: v.array(FIELD),
  notes: v.array(v.string()),
  /** The id of every model that was used, by name. */
  model: v.record(v.string(), contentId),
  /** Commit of the code that ran; ends in "+" when files of it were changed. */
  commit: v.nullable(v.string()),
  backend: v.string(),
  seconds: v.number(),
});
export type Result = v.InferOutput<typeof RESULT>;

export type Provenance = Pick<Result, 'model' | 'commit' | 'backend' | 'seconds'>;

/** The result of a run as it is kept. */
export function resultOf(
  { id, claim, criterion }: Pick<AnyExperiment, 'id' | 'claim' | 'criterion'>,
  config: SeededConfig,
  { headline, estimates, controls, series, notes = [] }: Outcome,
  provenance: Provenance,
): Result {
  const holds = criterion.holds([...estimates, ...controls]);
  const result = {
    id,
    claim,
    criterion: { text: criterion.text, because: criterion.because },
    headline: holds ? headline : `Not all of it holds. ${headline}`,
    holds,
    estimates,
    controls,
    seeds: [...config.seeds],
    config: { ...config },
    series,
    notes,
    ...provenance,
  };
  return v.parse(RESULT, result);
}
