import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRecord, ModelSource } from '../../experiments/experiment.ts';
import type { BackendName } from '../../kernels/index.ts';
import { readSafetensors } from '../../model/checkpoint.ts';
import { createModel, disposeModel, type Model } from '../../model/parameters.ts';
import { loadModel, SHIPPED } from '../model.ts';

/** Where models lie: those of the page, then those of the sweep. */
const PLACES = [join(SHIPPED, '..'), join(SHIPPED, '../sweep')];

/** Models of experiments from this repository's folders. */
export class FolderModels implements ModelSource {
  readonly #base: string;
  readonly #backend: BackendName;

  /** `base` is the folder of the model called "base". */
  constructor(base: string, backend: BackendName) {
    this.#base = base;
    this.#backend = backend;
  }

  #places(name: string): { folder: string; weights: string } {
    const [model, step] = name.split('@');
    const named = PLACES.map((place) => join(place, model));
    const folder = model === 'base' ? this.#base : (named.find((at) => existsSync(at)) ?? named[0]);
    const file = step === undefined ? 'model.safetensors' : `moments/${step}.safetensors`;
    return { folder, weights: join(folder, file) };
  }

  async has(name: string): Promise<boolean> {
    return existsSync(this.#places(name).weights);
  }

  async load(name: string): Promise<Model> {
    const { folder, weights } = this.#places(name);
    const whole = await loadModel({ model: folder, backend: this.#backend });
    if (!name.includes('@')) return whole;
    disposeModel(whole);
    return createModel(whole.config, readSafetensors(whole.config, readFileSync(weights)));
  }

  /** A folder without run.json, of another's making, tells nothing: seed 0 and no moments. */
  async record(name: string): Promise<ModelRecord> {
    const file = join(this.#places(name).folder, 'run.json');
    if (!existsSync(file)) return { seed: 0, moments: [] };
    const run = JSON.parse(readFileSync(file, 'utf8')) as { seed: number; moments?: { step: number }[] };
    return { seed: run.seed, moments: (run.moments ?? []).map(({ step }) => step) };
  }

  /** The first 16 digits of the SHA-256 of a model's weights. */
  hash(name: string): string {
    return createHash('sha256')
      .update(readFileSync(this.#places(name).weights))
      .digest('hex')
      .slice(0, 16);
  }
}
