import type { Field } from '../../math/field.ts';
import type { Estimate } from '../../math/statistics.ts';
import type { Available } from './models.ts';
import type { Findings, Part, PartOf } from './parts.ts';

/** A measured number with its 95% interval. */
export interface Measure extends Estimate {
  name: string;
  /** What the interval was drawn over, usually situations. */
  n: number;
  /** "" for what has none, such as a correlation. */
  unit: string;
}

/**
 * What must be measured for the claim to hold, written down before the measurement. Each experiment exports
 * its own as `CRITERION`, a constant of its file: a test holds that constant, as it was at the commit that a
 * result names, against the one that stands there now.
 */
export interface Criterion {
  text: string;
  because: string;
  /** Given estimates and controls. */
  holds(measures: readonly Measure[]): boolean;
}

/** What an experiment found. */
export interface Outcome {
  /** Computed from the numbers; where the criterion is not met the result puts before it that it is not. */
  headline: string;
  estimates: Measure[];
  controls: Measure[];
  /** The first is drawn in docs/results.md. */
  series: Field[];
  /** What a reader must know besides: what is missing, what a control means. */
  notes?: string[];
}

/** Between two pieces of work: the share done, 0 … 1, and what was. */
export interface StepOfRun {
  done: number;
  says: string;
}

/** Every experiment repeats its sampling over some seeds. */
export interface SeededConfig {
  readonly seeds: readonly number[];
}

/** One claim of the project, as something that is run. Deterministic from its config and its models. */
interface Claim<Config extends SeededConfig> {
  id: `E${number}`;
  claim: string;
  criterion: Criterion;
  /** The models it loads, by name; those that are not there are left out and said to be missing. */
  models: readonly string[];
  full: Config;
  /** A small version, for tests and for the page. */
  quick: Config;
}

/** A claim and how it is measured; `Rows` has the type of the row of each kind of part. */
export interface Experiment<Config extends SeededConfig, Rows> extends Claim<Config> {
  /**
   * Every part, from the config, the models that are there, and the rows of those parts that decide on others (none at
   * first: then those others are left out).
   */
  parts(config: Config, models: Available, found: Findings<Rows>): readonly PartOf<Rows>[];
  /** What all rows say. */
  outcome(found: Findings<Rows>, config: Config, models: Available): Outcome;
}

/** Any of them, as it is run: what its rows are is its own matter. */
export interface AnyExperiment extends Claim<SeededConfig> {
  parts(config: SeededConfig, models: Available, found: Findings<never>): readonly Part[];
  outcome(found: Findings<never>, config: SeededConfig, models: Available): Outcome;
}

export const measured = (name: string, { value, low, high }: Estimate, n: number, unit = ''): Measure => ({
  name,
  value,
  low,
  high,
  n,
  unit,
});

/** The measure of this name. Throws RangeError when it is not there. */
export function named(measures: readonly Measure[], name: string): Measure {
  const found = measures.find((m) => m.name === name);
  if (!found) throw new RangeError(`"${name}" was not measured`);
  return found;
}

/** A number as headlines print it: two decimals and a true minus. */
export const inWords = (x: number, digits = 2): string => x.toFixed(digits).replace('-', '−');
