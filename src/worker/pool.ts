/** Other engines that help with large samples and with training. The page sees nothing of them but the time. */
import { silent, type Progress } from '../math/progress.ts';
import type { ModelId } from '../model/id.ts';
import { batchesOf, sampleBatch, type Draw, type SampledGists } from '../values/sampled.ts';
import { EngineError, type Connection, type EngineClient } from './client.ts';
import type { Calls } from './protocol.ts';
import type { HeldModel } from './registry.ts';

interface Help {
  size: number;
  connect: () => Connection;
}

interface Helper {
  connection: Connection;
  ready: Promise<unknown>;
}

/** A list of tasks, each to be done once, here or by a helper. */
interface Work<Task, Done> {
  tasks: readonly Task[];
  here: (task: Task, finished: number) => Promise<Done>;
  there: (client: EngineClient, task: Task) => Promise<Done>;
  /** Tasks that a helper is asked for at a time. */
  ahead: number;
}

/** Batches that a helper is asked for at a time: it goes on while the answer waits for the engine to look. */
const AHEAD = 2;

/**
 * Does work in several engines at once. Who does a task changes nothing of what comes of it. A helper that dies is done
 * without, and what it was asked for is done by the others.
 */
export class Pool {
  readonly #start: Calls['start']['args'];
  readonly #help: Help | undefined;
  /** The models that each helper was given, while they are on their way, too. */
  readonly #given = new WeakMap<EngineClient, Map<ModelId, Promise<unknown>>>();
  #helpers: Helper[] | null = null;

  constructor(start: Calls['start']['args'], help?: Help) {
    this.#start = start;
    this.#help = help;
  }

  /** How many work at once: this engine, and its helpers that are alive or were not started yet. */
  get size(): number {
    return 1 + (this.#helpers?.length ?? this.#help?.size ?? 0);
  }

  /**
   * Draws the batches of a sample that are missing. Each is put into the list as soon as it is there, and so outlives a drawing
   * that is cancelled. Helpers are started by the first sample that is large enough.
   */
  async batches(
    held: HeldModel,
    draw: Draw & { each: number },
    batches: SampledGists[],
    progress: Progress = silent,
  ): Promise<void> {
    const count = batchesOf(draw);
    const missing = Array.from({ length: count }, (_, batch) => batch).filter((batch) => !batches[batch]);
    const keep = (batch: number) => (drawn: SampledGists) => (batches[batch] ??= drawn);
    await this.share({
      tasks: missing,
      // Between two halves of a batch the engine looks for answers, and whether it was cancelled.
      here: (batch, finished) =>
        sampleBatch(held.model, draw, batch, (part) =>
          progress((count - missing.length + finished + part) / count),
        ).then(keep(batch)),
      there: (client, batch) =>
        this.ask(client, held, () => client.call('sample', { model: held.id, draw, batch })).then(
          keep(batch),
        ),
      ahead: missing.length > 2 ? AHEAD : 0,
    });
  }

  /** Asks a helper something about a model, which it is given where it does not have it, or no longer. */
  async ask<T>(
    client: EngineClient,
    { id, config, weights }: HeldModel,
    question: () => Promise<T>,
  ): Promise<T> {
    const given = this.#given.get(client) ?? new Map<ModelId, Promise<unknown>>();
    this.#given.set(client, given);
    const give = () => {
      const giving = client.call('load', { source: { config, weights } });
      given.set(id, giving);
      return giving;
    };
    await (given.get(id) ?? give());
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof EngineError && error.kind === 'no-model')) throw error;
      await give();
      return question();
    }
  }

  /** Does every task once; what comes of them, in their order. */
  async share<Task, Done>({ tasks, here, there, ahead }: Work<Task, Done>): Promise<Done[]> {
    const todo = [...tasks.entries()];
    const done: Done[] = [];
    let finished = 0;
    let complete = () => {};
    const completed = new Promise<void>((resolve) => (complete = resolve));
    const work = async (one: (task: Task) => Promise<Done>) => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        const [index, task] = next;
        try {
          done[index] = await one(task);
        } catch (error) {
          todo.unshift(next);
          throw error;
        }
        finished += 1;
        if (finished === tasks.length) complete();
      }
    };
    const own = () =>
      work(async (task) => {
        await Promise.resolve(); // what helpers are asked for leaves before this engine is busy
        return here(task, finished);
      });
    const helpers = ahead > 0 ? this.#started() : [];
    const helped = helpers.flatMap(({ connection, ready }) =>
      Array.from({ length: ahead }, () =>
        ready
          .then(() => work((task) => there(connection.client, task)))
          .catch(() => this.#dismiss(connection)),
      ),
    );
    try {
      await own();
      if (finished < tasks.length) await Promise.race([completed, Promise.all(helped)]); // who starts late is not waited for
      await own(); // what those have left that died
    } catch (error) {
      todo.length = 0;
      throw error;
    }
    return done;
  }

  /** Tells every helper something before it is asked for more. Who cannot be told is done without. */
  tell(what: (client: EngineClient) => Promise<unknown>): void {
    this.#tell(this.#started(), what);
  }

  /** The same, to those that were started. */
  tellStarted(what: (client: EngineClient) => Promise<unknown>): void {
    this.#tell(this.#helpers ?? [], what);
  }

  #tell(helpers: readonly Helper[], what: (client: EngineClient) => Promise<unknown>): void {
    for (const { connection, ready } of helpers)
      ready.then(() => what(connection.client)).catch(() => this.#dismiss(connection));
  }

  stop(): void {
    for (const { connection } of this.#helpers ?? []) connection.stop();
    this.#helpers = [];
  }

  #started() {
    this.#helpers ??= Array.from({ length: this.#help?.size ?? 0 }, () => {
      const connection = this.#help!.connect();
      const ready = connection.client.call('start', this.#start);
      if (this.#start.id) this.#given.set(connection.client, new Map([[this.#start.id, ready]]));
      return { connection, ready };
    });
    return this.#helpers;
  }

  #dismiss(connection: Connection): void {
    connection.stop();
    this.#helpers = (this.#helpers ?? []).filter((helper) => helper.connection !== connection);
  }
}
