import { chooseBackend, type BackendHost } from '../kernels/index.ts';
import { NAMES } from '../world/lexicon.ts';
import { PRINCIPLES } from '../world/principles.ts';
import type { Connection } from './client.ts';
import { effortOf, type Effort } from './effort.ts';
import { Idle } from './idle.ts';
import { addressOf, loadModel, type Get, type Loading } from './loading.ts';
import { Pool } from './pool.ts';
import type { Calls, Started } from './protocol.ts';
import { startFastest } from './race.ts';
import { Registry } from './registry.ts';

/** Where the engine runs: what a browser and Node do differently. */
export interface Host extends BackendHost {
  /** Reads a file of the model; `fetch` unless another is given. */
  get?: Get;
  /** How much is sampled; timed unless it is given. */
  effort?: Effort;
  /** Bytes that are kept between calls; MEMORY unless it is given. */
  memory?: number;
  /** Starts more engines, which help with large samples; as many as `size`. */
  pool?: { size: number; connect: () => Connection };
}

/** An engine that was started: its models and samples, and who helps it. */
export class Session {
  readonly registry: Registry;
  readonly pool: Pool;
  readonly started: Started;
  readonly idle = new Idle();
  #policies = 0;

  private constructor(registry: Registry, pool: Pool, started: Started) {
    this.registry = registry;
    this.pool = pool;
    this.started = started;
  }

  /** Chooses a backend and loads the first model. Throws as `loadModel` does. */
  static async open(
    { model: source, id, backend: wish, race: known }: Calls['start']['args'],
    host: Host = {},
    progress?: Loading['progress'],
  ): Promise<Session> {
    const { get = fetch, memory } = host;
    const proof = async (): Promise<unknown> =>
      typeof source === 'string' ? (await get(new URL('proof.json', addressOf(source)))).json() : null;
    const loading = { get, ...(id ? { id } : {}), ...(progress ? { progress } : {}) };
    const model = loadModel(source, loading); // while the backend starts
    const [{ backend, race }, loaded] = await Promise.all([
      startFastest(model, wish, known, host, proof),
      model,
    ]);
    const registry = new Registry({
      backend: backend.name,
      effort: host.effort ?? (await effortOf(loaded, backend.name)),
      restart: () => chooseBackend(wish ?? (backend.name === 'wasm' ? 'wasm' : undefined), host),
      get,
      ...(memory === undefined ? {} : { memory }),
    });
    const started: Started = {
      backend,
      ...(race ? { race } : {}),
      model: await registry.add(source, loaded),
      principles: PRINCIPLES.map(({ phrase, values, anti }) => ({ phrase, values: { ...values }, anti })),
      names: [...NAMES],
    };
    const help = backend.name === 'wasm' ? host.pool : undefined; // others would say other texts
    const pool = new Pool({ backend: 'wasm', model: source, id: loaded.id }, help);
    return new Session(registry, pool, started);
  }

  /** The name of a policy that is trained here: no other has it. */
  policyName(): string {
    this.#policies += 1;
    return `policy ${this.#policies}`;
  }

  /** Frees the models; no call may use the session any more. */
  dispose(): void {
    this.pool.stop();
    this.registry.dispose();
  }
}
