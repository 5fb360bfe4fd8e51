import type { ModelId } from '../../model/id.ts';
import type { Model } from '../../model/parameters.ts';

/** Which of an experiment's models are there. */
export interface Available {
  here: ReadonlyMap<string, ModelRecord>;
  missing: readonly string[];
}

/** What run.json tells of a model that experiments use. */
export interface ModelRecord {
  /** Channels; left out where it is not told. */
  width?: number;
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
  /** Throws when it is not there. */
  id(name: string): Promise<ModelId>;
}
