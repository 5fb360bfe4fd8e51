/** Runs an experiment: computes its parts, or reads those that are kept, and makes its outcome of them. */
import { disposeModel, type Model } from '../../model/parameters.ts';
import type { AnyExperiment, Outcome, SeededConfig, StepOfRun } from './experiment.ts';
import type { Available, ModelRecord, ModelSource } from './models.ts';
import { Findings, groupOf, partName, type Part, type Resources } from './parts.ts';

/** Rows that were computed before, found by all that they follow from. */
export interface ResultCache {
  /** The row that is kept, or what `compute` gives, which is kept from then on. */
  getOrCompute(part: Part, compute: () => Promise<unknown>): Promise<unknown>;
  has(part: Part): Promise<boolean>;
}

/** Computes parts, in any order and anywhere, until all of them are kept; yields each when it is done. */
export type Executor = (parts: readonly Part[]) => AsyncGenerator<Part, void>;

/** An experiment with its settings and the models that are there. */
export interface Setting {
  experiment: AnyExperiment;
  config: SeededConfig;
  available: Available;
}

export async function settingOf(
  experiment: AnyExperiment,
  config: SeededConfig,
  models: ModelSource,
): Promise<Setting> {
  const here = new Map<string, ModelRecord>();
  for (const name of experiment.models) if (await models.has(name)) here.set(name, await models.record(name));
  const missing = experiment.models.filter((name) => !here.has(name));
  return { experiment, config, available: { here, missing } };
}

/** Every part that can be told of before any is computed: of those, the ones that decide on more are computed first. */
export const firstParts = ({ experiment, config, available }: Setting): readonly Part[] =>
  experiment.parts(config, available, new Findings<never>());

/** Every part, in order. Those that decide on others are kept already, or computed by `execute`. */
export async function allParts(
  setting: Setting,
  cache: ResultCache,
  execute: Executor,
): Promise<readonly Part[]> {
  const { experiment, config, available } = setting;
  const deciding = firstParts(setting).filter(({ decides }) => decides);
  for await (const _ of execute(deciding));
  return experiment.parts(config, available, await findings(deciding, cache));
}

/** The rows of parts that are kept. Throws Error when one is not. */
async function findings(parts: readonly Part[], cache: ResultCache): Promise<Findings<never>> {
  const found = new Findings<never>();
  for (const part of parts) {
    const missing = () => Promise.reject(new Error(`the part ${partName(part)} was not computed`));
    found.add(part, await cache.getOrCompute(part, missing));
  }
  return found;
}

/** A whole run. */
export async function* runExperiment(
  setting: Setting,
  cache: ResultCache,
  execute: Executor,
): AsyncGenerator<StepOfRun, Outcome> {
  const { experiment, config, available } = setting;
  const parts = await allParts(setting, cache, execute);
  const total = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  let done = 0;
  for await (const part of execute(parts)) {
    done += part.seconds;
    yield { done: done / total, says: partName(part) };
  }
  return experiment.outcome(await findings(parts, cache), config, available);
}

/** Computes parts in this process, those of a group one after the other. */
export const inProcess = (models: ModelSource, cache: ResultCache): Executor =>
  async function* (parts) {
    const computer = new PartComputer(models, cache);
    try {
      for (const part of byGroup(parts)) {
        await computer.compute(part);
        yield part;
      }
    } finally {
      await computer.clear();
    }
  };

/** Computes one part after the other; what a group shares is let go of when a part of another comes. */
export class PartComputer {
  readonly #cache: ResultCache;
  readonly #resources: GroupResources;
  #group: string | null = null;

  constructor(models: ModelSource, cache: ResultCache) {
    this.#cache = cache;
    this.#resources = new GroupResources(models);
  }

  async compute(part: Part): Promise<unknown> {
    if (this.#group !== groupOf(part)) await this.#resources.clear();
    this.#group = groupOf(part);
    return this.#cache.getOrCompute(part, () => part.compute(this.#resources));
  }

  clear(): Promise<void> {
    return this.#resources.clear();
  }
}

/** Parts with those of a group together, groups in the order in which they first come. */
function byGroup(parts: readonly Part[]): Part[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const group = groups.get(groupOf(part));
    if (group) group.push(part);
    else groups.set(groupOf(part), [part]);
  }
  return [...groups.values()].flat();
}

class GroupResources implements Resources {
  readonly #models: ModelSource;
  readonly #loaded = new Map<string, Promise<Model>>();
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(models: ModelSource) {
    this.#models = models;
  }

  readonly model = (name: string): Promise<Model> => kept(this.#loaded, name, () => this.#models.load(name));

  readonly record = (name: string): Promise<ModelRecord> => this.#models.record(name);

  readonly once = <T>(key: string, make: () => Promise<T>): Promise<T> =>
    kept(this.#made as Map<string, Promise<T>>, key, make);

  async clear(): Promise<void> {
    this.#made.clear();
    for (const loading of this.#loaded.values()) disposeModel(await loading);
    this.#loaded.clear();
  }
}

/** What is known under a key, or is made; a failure is told once, and not kept. */
function kept<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}
