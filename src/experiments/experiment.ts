import type { Field } from '../math/field.ts';
import type { Estimate } from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';

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
export interface Experiment<Config extends SeededConfig = SeededConfig> {
  id: `E${number}`;
  claim: string;
  criterion: Criterion;
  /** The models it loads, by name; those that are not there are left out and said to be missing. */
  models: readonly string[];
  full: Config;
  /** A small version, for tests and for the page. */
  quick: Config;
  run(models: ModelSource, config: Config, parts: Parts): AsyncGenerator<StepOfRun, Outcome>;
}

/** What run.json tells of a model that experiments use. */
export interface ModelRecord {
  /** Seed of its initial weights. */
  seed: number;
  /** Steps of its pretraining that are kept, first to last. */
  moments: readonly number[];
}

/**
 * Models by name: "base" is the shipped one, "base@480" the same at step 480 of its pretraining, any other one
 * of the sweep. Node reads folders, the page fetches.
 */
export interface ModelSource {
  has(name: string): Promise<boolean>;
  /** Loads a model; dispose it with `disposeModel`. */
  load(name: string): Promise<Model>;
  record(name: string): Promise<ModelRecord>;
}

/**
 * Finished parts of a run: `once` gives what was kept under the key, or makes and keeps it. What is kept is
 * JSON, so that a run that was killed goes on.
 */
export interface Parts {
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Parts that follow from these models alone: they are kept when another model of the experiment changes. */
  about(models: readonly string[]): Parts;
}

/** Keeps nothing: for runs that are short. */
export const noParts: Parts = { once: (_key, make) => make(), about: () => noParts };

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
