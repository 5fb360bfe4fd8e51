import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRecord, ModelSource } from '../../experiments/framework/models.ts';
import { chooseBackend, type BackendName } from '../../kernels/index.ts';
import type { ModelId } from '../../model/id.ts';
import type { Model } from '../../model/parameters.ts';
import { MODELS, readModel } from '../model.ts';
import { folderId, placeOfName, type Place } from '../shipped.ts';

/** What is read of a run.json. */
interface Run {
  seed: number;
  width: number;
  moments?: { step: number }[];
}

/** Models of experiments from this repository's folders, by their names. */
export class FolderModels implements ModelSource {
  readonly #base: string;
  readonly #backend: BackendName;

  /** `base` is the folder of the model called "base". */
  constructor(base: string, backend: BackendName) {
    this.#base = base;
    this.#backend = backend;
  }

  #place(name: string): Place {
    const place = placeOfName(MODELS, name);
    return name.split('@')[0] === 'base' ? { ...place, folder: this.#base } : place;
  }

  async has(name: string): Promise<boolean> {
    const { folder, weights } = this.#place(name);
    return existsSync(join(folder, weights));
  }

  async load(name: string): Promise<Model> {
    await chooseBackend(this.#backend);
    return readModel(this.#place(name));
  }

  /** A folder without run.json, of another's making, tells nothing: seed 0 and no moments. */
  async record(name: string): Promise<ModelRecord> {
    const file = join(this.#place(name).folder, 'run.json');
    if (!existsSync(file)) return { seed: 0, moments: [] };
    const run = JSON.parse(readFileSync(file, 'utf8')) as Run;
    return { seed: run.seed, width: run.width, moments: (run.moments ?? []).map(({ step }) => step) };
  }

  id(name: string): Promise<ModelId> {
    const { folder, weights } = this.#place(name);
    return folderId(folder, weights);
  }
}
