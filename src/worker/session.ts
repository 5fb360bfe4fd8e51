import { predictionDraw } from '../analysis/predict.ts';
import { chooseBackend, deviceWasLost, type BackendHost } from '../kernels/index.ts';
import { gistSize } from '../model/config.ts';
import { CheckpointError } from '../model/error.ts';
import { readCheckpoint } from '../model/folder.ts';
import { modelId, type ModelId } from '../model/id.ts';
import {
  createModel,
  disposeModel,
  parameterCount,
  replaceWeights,
  type Model,
  type Weights,
} from '../model/parameters.ts';
import type { Progress } from '../math/progress.ts';
import type { Crew } from '../rlaif/crew.ts';
import { startOf } from '../rlaif/loop.ts';
import { createRandom } from '../math/random.ts';
import { fitAny, type Readout } from '../values/readout.ts';
import { Lens } from '../values/lens.ts';
import { sampleGists, trueValues, type SampledGists } from '../values/sampled.ts';
import { NAMES } from '../world/lexicon.ts';
import { PRINCIPLES } from '../world/principles.ts';
import { TRUE_WEIGHTS } from '../world/values.ts';
import { effortOf, type Effort } from './effort.ts';
import type { Connection } from './client.ts';
import { crewOf } from './crew.ts';
import { Pool } from './pool.ts';
import type { Calls, Started } from './protocol.ts';
import { startFastest } from './race.ts';

/** The checkpoint could not be fetched or read. */
export class NoModelError extends Error {
  override readonly name = 'NoModelError';
}

/** Where the engine runs: what a browser and Node do differently. */
export interface Host extends BackendHost {
  /** Reads a file of the model; `fetch` unless another is given. */
  get?: (url: URL, init?: RequestInit) => Promise<Response>;
  /** How much is sampled; timed unless it is given. */
  effort?: Effort;
  /** Starts more engines, which help with large samples; as many as `size`. */
  pool?: { size: number; connect: () => Connection };
}

/** What the engine keeps between calls: the reference model and the samples drawn from it so far. */
export class Session {
  readonly model: Model;
  readonly started: Started;
  readonly seed: number;
  readonly effort: Effort;
  /** The responses on the page; set by the cloud call. */
  cloud: SampledGists | null = null;
  /** How often the graphics device was replaced. */
  revivals = 0;
  readonly #revive: () => Promise<void>;
  #reviving: Promise<void> | null = null;
  #lens: Promise<Lens> | null = null;
  #fitting: SampledGists | null = null;
  #prediction: SampledGists | null = null;
  #readout: Readout | null = null;
  #start: number | null = null;
  /** Who trains: this engine, and the pool's. */
  readonly crew: Crew;
  readonly #pool: Pool;
  #followed: Model | null = null;

  private constructor(
    model: Model,
    started: Started,
    seed: number,
    effort: Effort,
    revive: () => Promise<void>,
    pool: Pool,
  ) {
    this.model = model;
    this.started = started;
    this.seed = seed;
    this.effort = effort;
    this.#revive = revive;
    this.#pool = pool;
    this.crew = crewOf(pool, model);
  }

  /** Chooses a backend and loads the model from a folder's URL. Throws NoModelError with the reason. */
  static async open(
    { model: url, id, seed, backend: wish, race: known }: Calls['start']['args'],
    host: Host = {},
  ): Promise<Session> {
    const { get = fetch } = host;
    const files = readFolder(url, id, get); // while the backend starts
    const proof = () =>
      get(new URL('proof.json', url.replace(/\/?$/, '/'))).then((r) => r.json() as Promise<unknown>);
    const [{ backend, race }, { config, weights }] = await Promise.all([
      startFastest(files, wish, known, host, proof),
      files,
    ]);
    const started: Started = {
      backend,
      ...(race ? { race } : {}),
      model: {
        parameters: parameterCount(config),
        layers: config.layers,
        width: config.width,
        gistSize: gistSize(config),
      },
      principles: PRINCIPLES.map(({ phrase, values, anti }) => ({ phrase, values: { ...values }, anti })),
      names: [...NAMES],
    };
    const model = createModel(config, weights);
    const revive = async () => {
      await chooseBackend(wish ?? (backend.name === 'wasm' ? 'wasm' : undefined), host);
      replaceWeights(model, weights);
    };
    const help = backend.name === 'wasm' ? host.pool : undefined; // others would say other texts
    const pool = new Pool({ backend: 'wasm', model: url, ...(id ? { id } : {}), seed }, help);
    const effort = host.effort ?? (await effortOf(model, backend.name));
    return new Session(model, started, seed, effort, revive, pool);
  }

  /**
   * After an error: whether the graphics device was lost since there had been so many revivals. If so, the model is on
   * another device, or another backend, when this returns; the samples, kept as numbers, stay.
   */
  async isRevivedSince(revivals: number): Promise<boolean> {
    if (await deviceWasLost())
      await (this.#reviving ??= this.#revive().finally(() => {
        this.revivals += 1;
        this.#reviving = null;
      }));
    return this.revivals > revivals;
  }

  /** The lens of the fitting sample, drawn at the first call. */
  async lens(progress?: Progress): Promise<Lens> {
    while (this.#lens) {
      const lens = await this.#lens.catch(() => null);
      if (lens) return lens; // else the call that drew it was cancelled, which is no matter of this one
    }
    const drawn = this.#fit(progress).then((sample) => new Lens(this.model, sample.gists, sample.situations));
    this.#lens = drawn;
    drawn.catch(() => (this.#lens = null));
    return drawn;
  }

  async #fit(progress?: Progress): Promise<SampledGists> {
    this.#fitting ??= await sampleGists(
      this.model,
      { name: 'fitting', seed: this.seed, ...this.effort.fitting },
      progress,
    );
    return this.#fitting;
  }

  /** 64 situations × 256 responses that predictions need, any readout of V* for the ceiling, and where a run starts. */
  async prediction(progress?: Progress): Promise<{ sample: SampledGists; readout: Readout; start: number }> {
    const fitting = await this.#fit();
    const draw = predictionDraw(this.seed, this.effort.prediction);
    this.#prediction ??= await this.#pool.sample(this.model, draw, progress);
    this.#readout ??= fitAny(
      fitting.gists,
      trueValues(fitting.responses),
      fitting.situations,
      createRandom(this.seed).fork('readout'),
    );
    const { measure } = this.effort.training;
    this.#start ??= await startOf(this.model, { seed: this.seed, measure, trueWeights: TRUE_WEIGHTS });
    return { sample: this.#prediction, readout: this.#readout, start: this.#start };
  }

  /** Takes over the policy of an engine that this one helps. */
  follow(weights: Weights): void {
    if (this.#followed) replaceWeights(this.#followed, weights);
    else this.#followed = createModel(this.model.config, weights);
  }

  /** The policy of the engine that this one helps. */
  get followed(): Model {
    if (!this.#followed) throw new Error('the engine was asked to help before it had a policy');
    return this.#followed;
  }

  /** Frees the model; no call may use the session any more. */
  dispose(): void {
    this.#pool.stop();
    disposeModel(this.model);
    if (this.#followed) disposeModel(this.#followed);
  }
}

/**
 * Reads the model of a folder. Where it is not the one of `id`, and a browser may have kept the files of an earlier version,
 * they are fetched once more past what it kept.
 */
async function readFolder(folder: string, id: ModelId | undefined, get: NonNullable<Host['get']>) {
  const url = folder.endsWith('/') ? folder : `${folder}/`;
  const read = (init: RequestInit) => async (name: string) => {
    try {
      const response = await get(new URL(name, url), init);
      if (response.status === 404) return null;
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
    } catch {
      // told below
    }
    throw new NoModelError(`The model's file ${name} could not be loaded.`);
  };
  const wanted = async (init: RequestInit) => {
    const model = await readCheckpoint(read(init));
    if (id !== undefined && (await modelId(model.config, model.weights)) !== id)
      throw new CheckpointError('it is not the model that this page was built with');
    return model;
  };
  try {
    return await wanted({}).catch((error: unknown) => {
      if (id === undefined || !(error instanceof CheckpointError)) throw error;
      return wanted({ cache: 'reload' });
    });
  } catch (error) {
    if (error instanceof NoModelError) throw error;
    throw new NoModelError(`The model could not be read: ${(error as Error).message}.`);
  }
}
