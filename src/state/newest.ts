/**
 * Asks one thing at a time. While an answer is awaited only the newest question is kept, so a slider that
 * moves faster than the engine answers never builds a queue.
 */
export interface Task<R> extends Promise<R> {
  /** Asks for an early end; the promise may still settle either way. */
  cancel?: () => void;
}

export interface Handlers<A, R> {
  begin: (args: A) => Task<R>;
  done: (result: R, args: A) => void;
  failed: (error: unknown, args: A) => void;
  /** Called with true when work starts and with false when nothing is left to do. */
  busy?: (busy: boolean) => void;
  /** Cancel the running question when a newer one comes, for work that takes long. */
  interrupts?: boolean;
}

export class Newest<A, R> {
  readonly #handlers: Handlers<A, R>;
  #running: { task: Task<R>; stale: boolean } | null = null;
  #waiting: { args: A } | null = null;

  constructor(handlers: Handlers<A, R>) {
    this.#handlers = handlers;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  ask(args: A): void {
    if (!this.#running) return this.#begin(args);
    this.#waiting = { args };
    if (this.#handlers.interrupts) this.#interrupt();
  }

  /** Forgets what waits and gives up what runs; its answer, if one still comes, is not reported. */
  cancel(): void {
    this.#waiting = null;
    this.#interrupt();
  }

  #interrupt(): void {
    if (!this.#running || this.#running.stale) return;
    this.#running.stale = true;
    this.#running.task.cancel?.();
  }

  #begin(args: A): void {
    const running = { task: this.#handlers.begin(args), stale: false };
    this.#running = running;
    this.#handlers.busy?.(true);
    running.task.then(
      (result) => this.#settle(() => running.stale || this.#handlers.done(result, args)),
      (error: unknown) => this.#settle(() => running.stale || this.#handlers.failed(error, args)),
    );
  }

  #settle(report: () => void): void {
    this.#running = null;
    const next = this.#waiting;
    this.#waiting = null;
    report();
    if (this.#running) return; // the report itself asked again
    if (next) this.#begin(next.args);
    else this.#handlers.busy?.(false);
  }
}
