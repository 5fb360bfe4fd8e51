/** Other engines that help with large samples. The page sees nothing of them but the time. */
import { silent, type Progress } from '../math/progress.ts';
import type { Model } from '../model/parameters.ts';
import { batchesOf, joined, sampleBatch, type Draw, type SampledGists } from '../values/sampled.ts';
import type { Connection } from './client.ts';
import type { Calls } from './protocol.ts';

interface Help {
  size: number;
  connect: () => Connection;
}

/** Batches that a helper is asked for at a time: it goes on while the answer waits for the engine to look. */
const AHEAD = 2;

/**
 * Draws batches of a sample in several engines at once. Who draws a batch changes nothing of it, so the sample is what one
 * engine would draw. A helper that dies is done without, and what it was asked for is drawn by the others.
 */
export class Pool {
  readonly #start: Calls['start']['args'];
  readonly #help: Help | undefined;
  #helpers: { connection: Connection; ready: Promise<unknown> }[] | null = null;

  constructor(start: Calls['start']['args'], help?: Help) {
    this.#start = start;
    this.#help = help;
  }

  /** The sample of `draw`. Helpers are started by the first that is large enough. */
  async sample(
    model: Model,
    draw: Draw & { each: number },
    progress: Progress = silent,
  ): Promise<SampledGists> {
    const count = batchesOf(draw);
    const todo = Array.from({ length: count }, (_, batch) => batch);
    const done: SampledGists[] = [];
    let finished = 0;
    let complete = () => {};
    const completed = new Promise<void>((resolve) => (complete = resolve));
    const work = async (one: (batch: number) => Promise<SampledGists>) => {
      for (let batch = todo.shift(); batch !== undefined; batch = todo.shift()) {
        try {
          done[batch] = await one(batch);
        } catch (error) {
          todo.unshift(batch);
          throw error;
        }
        finished += 1;
        if (finished === count) complete();
      }
    };
    // Between two halves of a batch the engine looks for answers, and whether it was cancelled.
    const own = () =>
      work((batch) => sampleBatch(model, draw, batch, (part) => progress((finished + part) / count)));
    const helpers = count > 2 ? this.#started() : [];
    const helped = helpers.flatMap(({ connection, ready }) =>
      Array.from({ length: AHEAD }, () =>
        ready
          .then(() => work((batch) => connection.client.call('sample', { draw, batch })))
          .catch(() => this.#dismiss(connection)),
      ),
    );
    try {
      await own();
      await Promise.race([completed, Promise.all(helped)]); // a helper that starts late is not waited for
      await own(); // what those have left that died
    } catch (error) {
      todo.length = 0;
      throw error;
    }
    return joined(done);
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
