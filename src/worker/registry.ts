import { predictionDraw } from '../analysis/predict.ts';
import { deviceWasLost, type BackendName } from '../kernels/index.ts';
import type { Progress } from '../math/progress.ts';
import { gistSize } from '../model/config.ts';
import type { ModelId } from '../model/id.ts';
import {
  createModel,
  disposeModel,
  parameterCount,
  replaceWeights,
  type Model,
} from '../model/parameters.ts';
import { sampleId, type SampleId } from '../values/id.ts';
import { Lens } from '../values/lens.ts';
import { joined, sampleGists, type Draw, type SampledGists } from '../values/sampled.ts';
import type { Effort } from './effort.ts';
import { Holding, type Recipe } from './holding.ts';
import { loadModel, NoModelError, type Get, type LoadedModel, type Loading } from './loading.ts';
import type { ModelInfo, ModelSource } from './protocol.ts';

/**
 * Bytes that the engine keeps between calls: two models of width 128 with all that is drawn from them, or all forty of the site
 * by themselves. What a call needs while it runs comes on top: a training's policy and the state of its optimizer, a batch.
 */
export const MEMORY = 160 * 2 ** 20;

/** Of a response with its tokens and texts, about: what Node's heap grows by. */
const RESPONSE_BYTES = 1600;

/** A model on the backend, and as numbers, to go onto another one. */
export interface HeldModel extends LoadedModel {
  model: Model;
}

/** A sample with what it was drawn by. */
export interface HeldSample {
  id: SampleId;
  model: ModelId;
  draw: OwnDraw;
  sample: SampledGists;
}

export type OwnDraw = Draw & { each: number };

/** No sample of this id was drawn here, or not of that model. */
export class NoSampleError extends Error {
  override readonly name = 'NoSampleError';
}

/** Models and samples by their ids, within MEMORY: what was dropped is loaded or drawn anew when it is asked for. */
export class Registry {
  readonly backend: BackendName;
  readonly effort: Effort;
  /** How often the graphics device was replaced. */
  revivals = 0;
  readonly #get: Get;
  readonly #restart: () => Promise<unknown>;
  readonly #holding: Holding;
  /** Where models came from that can be fetched again. */
  readonly #sources = new Map<ModelId, ModelSource>();
  readonly #draws = new Map<SampleId, { model: ModelId; draw: OwnDraw }>();
  #reviving: Promise<void> | null = null;

  /** `restart` gets another device, or another backend, after a loss. */
  constructor(options: {
    backend: BackendName;
    effort: Effort;
    get: Get;
    restart: () => Promise<unknown>;
    memory?: number;
  }) {
    this.backend = options.backend;
    this.effort = options.effort;
    this.#get = options.get;
    this.#restart = options.restart;
    this.#holding = new Holding(options.memory ?? MEMORY);
  }

  /** Bytes that are held, as they are counted. */
  get bytes(): number {
    return this.#holding.bytes;
  }

  /** Loads a model, and remembers how. Throws as `loadModel` does. */
  async load(source: ModelSource, options: Loading = {}): Promise<ModelInfo> {
    return this.add(source, await loadModel(source, { get: this.#get, ...options }));
  }

  /** Holds a model that was loaded. */
  async add(source: ModelSource, loaded: LoadedModel): Promise<ModelInfo> {
    if (typeof source === 'string' || 'shipped' in source) this.#sources.set(loaded.id, source);
    await this.#holding.get(
      modelName(loaded.id),
      this.#modelOf(loaded.id, async () => loaded),
    );
    const { id, config } = loaded;
    return {
      id,
      parameters: parameterCount(config),
      layers: config.layers,
      width: config.width,
      gistSize: gistSize(config),
    };
  }

  /** Works with a model, which stays for as long. Throws NoModelError when it was never loaded, or can't be again. */
  withModel<R>(id: ModelId, work: (held: HeldModel) => Promise<R>): Promise<R> {
    const again = async () => {
      const source = this.#sources.get(id);
      if (source === undefined) throw new NoModelError(`The model ${id} is not loaded.`);
      return loadModel(source, { id, get: this.#get });
    };
    return this.#holding.using(modelName(id), this.#modelOf(id, again), work);
  }

  #modelOf(id: ModelId, load: () => Promise<LoadedModel>) {
    return {
      make: async (): Promise<HeldModel> => {
        const loaded = await load();
        return { ...loaded, model: createModel(loaded.config, loaded.weights) };
      },
      bytes: ({ config }: HeldModel) => 2 * 4 * parameterCount(config),
      drop: ({ model }: HeldModel) => {
        disposeModel(model);
        for (const name of this.#holding.names) if (name.startsWith(`lens ${id} `)) this.#holding.drop(name);
      },
    };
  }

  /** A sample, drawn at the first call. */
  draw({ id, model }: HeldModel, draw: OwnDraw, progress?: Progress): Promise<HeldSample> {
    return this.#sample(id, draw, () => sampleGists(model, draw, progress));
  }

  #sample(model: ModelId, draw: OwnDraw, make: () => Promise<SampledGists>): Promise<HeldSample> {
    return this.#holding.get(sampleName(model, draw), {
      make: async () => {
        const sample = await make();
        const id = await sampleId(model, sample);
        this.#draws.set(id, { model, draw });
        return { id, model, draw, sample };
      },
      bytes: ({ sample: { gists, responses } }) => gists.data.byteLength + RESPONSE_BYTES * responses.length,
    });
  }

  /** A sample that was drawn before. Throws NoSampleError where there was none of this id, of this model. */
  async sample(held: HeldModel, id: SampleId): Promise<HeldSample> {
    const drawn = this.#draws.get(id);
    if (drawn?.model !== held.id)
      throw new NoSampleError(`No sample ${id} was drawn of the model ${held.id}.`);
    const found = await this.draw(held, drawn.draw);
    if (found.id !== id) throw new NoSampleError(`The sample ${id} was drawn on another backend.`);
    return found;
  }

  /** Responses that directions and readouts are fitted on. */
  fitting(held: HeldModel, seed: number, progress?: Progress): Promise<HeldSample> {
    return this.draw(held, { name: 'fitting', seed, ...this.effort.fitting }, progress);
  }

  /** The model through its verdicts on the fitting sample of a seed. */
  lens(held: HeldModel, seed: number, progress?: Progress): Promise<Lens> {
    return this.#holding.get(`lens ${held.id} ${seed}`, {
      make: async () => {
        const { sample } = await this.fitting(held, seed, progress);
        return new Lens(held.model, sample.gists, sample.situations);
      },
      bytes: ({ space: { size } }) => 3 * 8 * size * size,
    });
  }

  /**
   * Works on the batches, so far as there are any, of the responses that predictions of a seed are made from. They are kept when
   * the work is cancelled, and shared by all who work on them. Null, and no work, where the whole is there.
   */
  async ahead<R>(
    held: HeldModel,
    seed: number,
    work: (draw: OwnDraw, batches: SampledGists[]) => Promise<R>,
  ): Promise<R | null> {
    const draw = predictionDraw(seed, this.effort.prediction);
    if (this.#holding.has(sampleName(held.id, draw))) return null;
    const recipe: Recipe<SampledGists[]> = {
      make: async () => [],
      bytes: () => draw.count * draw.each * (4 * gistSize(held.config) + RESPONSE_BYTES),
    };
    return this.#holding.using(aheadName(held.id, draw), recipe, (batches) => work(draw, batches));
  }

  /** The responses that predictions of a seed are made from; `finish` draws the batches that are missing. */
  prediction(
    held: HeldModel,
    seed: number,
    finish: (draw: OwnDraw, batches: SampledGists[]) => Promise<unknown>,
  ): Promise<HeldSample> {
    const draw = predictionDraw(seed, this.effort.prediction);
    return this.#sample(held.id, draw, async () => {
      const whole = await this.ahead(held, seed, async (_, batches) => {
        await finish(draw, batches);
        return joined(batches);
      });
      this.#holding.drop(aheadName(held.id, draw));
      return whole!;
    });
  }

  /** Something small that follows from what its name says. */
  remember<T>(name: string, make: () => Promise<T>): Promise<T> {
    return this.#holding.get(`small ${name}`, { make, bytes: () => SMALL_BYTES });
  }

  /**
   * After an error: whether the graphics device was lost since there had been so many revivals. If so, all models are on
   * another device, or another backend, when this returns; samples, kept as numbers, stay.
   */
  async isRevivedSince(revivals: number): Promise<boolean> {
    if (await deviceWasLost())
      await (this.#reviving ??= this.#revive().finally(() => {
        this.revivals += 1;
        this.#reviving = null;
      }));
    return this.revivals > revivals;
  }

  async #revive(): Promise<void> {
    await this.#restart();
    for (const { model, weights } of this.#holding.under<HeldModel>('model ')) replaceWeights(model, weights);
  }

  /** Frees every model; no call may use the registry any more. */
  dispose(): void {
    this.#holding.clear();
  }
}

const SMALL_BYTES = 20_000;

const modelName = (id: ModelId): string => `model ${id}`;
const aheadName = (id: ModelId, draw: OwnDraw): string => `ahead ${id} ${nameOf(draw)}`;
const sampleName = (id: ModelId, draw: OwnDraw): string => `sample ${id} ${nameOf(draw)}`;
const nameOf = ({ name, seed, count, each }: OwnDraw): string => `${name} ${seed} ${count}x${each}`;
