/** Other engines that help with large samples and with training. The page sees nothing of them but the time. */
import { silent, type Progress } from '../math/progress.ts';
import type { Model } from '../model/parameters.ts';
import { batchesOf, joined, sampleBatch, type Draw, type SampledGists } from '../values/sampled.ts';
import type { Connection, EngineClient } from './client.ts';
import type { Calls } from './protocol.ts';

interface Help {
  size: number;
  connect: () => Connection;
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
  #helpers: { connection: Connection; ready: Promise<unknown> }[] | null = null;

  constructor(start: Calls['start']['args'], help?: Help) {
    this.#start = start;
    this.#help = help;
  }

  /** How many work at once: this engine, and its helpers that are alive or were not started yet. */
  get size(): number {
    return 1 + (this.#helpers?.length ?? this.#help?.size ?? 0);
  }

  /** The sample of `draw`. Helpers are started by the first that is large enough. */
  async sample(
    model: Model,
    draw: Draw & { each: number },
    progress: Progress = silent,
  ): Promise<SampledGists> {
    const count = batchesOf(draw);
    const batches = await this.share({
      tasks: Array.from({ length: count }, (_, batch) => batch),
      // Between two halves of a batch the engine looks for answers, and whether it was cancelled.
      here: (batch, finished) =>
        sampleBatch(model, draw, batch, (part) => progress((finished + part) / count)),
      there: (client, batch) => client.call('sample', { draw, batch }),
      ahead: count > 2 ? AHEAD : 0,
    });
    return joined(batches);
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
    for (const { connection, ready } of this.#started())
      ready.then(() => what(connection.client)).catch(() => this.#dismiss(connection));
  }

  stop(): void {
    for (const { connection } of this.#helpers ?? []) connection.stop();
    this.#helpers = [];
  }

  #started() {
    this.#helpers ??= Array.from({ length: this.#help?.size ?? 0 }, () => {
      const connection = this.#help!.connect();
      return { connection, ready: connection.client.call('start', this.#start) };
    });
    return this.#helpers;
  }

  #dismiss(connection: Connection): void {
    connection.stop();
    this.#helpers = (this.#helpers ?? []).filter((helper) => helper.connection !== connection);
  }
}
