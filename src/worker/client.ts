/** The page's end of the thread: typed calls over any port, each with progress, control and a result. */
import type { CallName, Calls, Control, Failure, FromWorker, ToWorker } from './protocol.ts';

export class EngineError extends Error {
  readonly kind: Failure['kind'];

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'EngineError';
    this.kind = failure.kind;
  }
}

/** What a Worker and a MessagePort have in common. */
export interface Port {
  postMessage(message: ToWorker): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
}

export interface Call<N extends CallName> extends Promise<Calls[N]['result']> {
  control(control: Control): void;
}

interface Waiting {
  progress: (value: never) => void;
  resolve: (value: never) => void;
  reject: (error: EngineError) => void;
}

export class EngineClient {
  readonly #port: Port;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #dead: Failure | null = null;

  constructor(port: Port) {
    this.#port = port;
    port.onmessage = (event) => this.#receive(event.data);
  }

  /** Starts a call. Rejects with EngineError; a cancelled call rejects with kind 'cancelled'. */
  call<N extends CallName>(
    name: N,
    args: Calls[N]['args'],
    progress: (value: Calls[N]['progress']) => void = () => {},
  ): Call<N> {
    const id = this.#nextId++;
    const promise = new Promise<Calls[N]['result']>((resolve, reject) => {
      if (this.#dead) return reject(new EngineError(this.#dead));
      this.#waiting.set(id, { progress, resolve, reject });
      try {
        this.#port.postMessage({ id, call: name, args } as ToWorker);
      } catch (error) {
        this.#waiting.delete(id); // what cannot be cloned was never sent, and nobody will answer
        reject(new EngineError({ kind: 'internal', message: String(error) }));
      }
    });
    const control = (control: Control) => {
      if (this.#waiting.has(id)) this.#port.postMessage({ id, control });
    };
    return Object.assign(promise, { control });
  }

  /** Fails every call that waits, and every later one: the worker is gone. */
  fail(failure: Failure): void {
    this.#dead = failure;
    for (const { reject } of this.#waiting.values()) reject(new EngineError(failure));
    this.#waiting.clear();
  }

  #receive(message: FromWorker): void {
    if (message.id === 0 && 'failed' in message) return this.fail(message.failed);
    const waiting = this.#waiting.get(message.id);
    if (!waiting || 'alive' in message) return; // an answer to a call that was given up, or to none
    if ('progress' in message) return waiting.progress(message.progress as never);
    this.#waiting.delete(message.id);
    if ('result' in message) waiting.resolve(message.result as never);
    else waiting.reject(new EngineError(message.failed));
  }
}

/** A worker that answers calls, and how to end it. */
export interface Connection {
  client: EngineClient;
  stop: () => void;
}

/** Starts a worker under a name of its own. Its death fails every waiting call with one plain sentence. */
export function connect(start: (name: string) => Worker): Connection {
  const name = `engine ${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  const worker = start(name);
  const client = new EngineClient(worker);
  const died = (message: string) => client.fail({ kind: 'worker-died', message });
  worker.onerror = (event) => {
    event.preventDefault();
    // an error without a message is none of the script's: there is no script; or not all of it, where it cannot be parsed
    if (event.message && !/SyntaxError/.test(event.message)) died(event.message);
    else client.fail({ kind: 'no-files', message: 'The engine’s script could not be loaded.' });
  };
  // A worker that is ended from outside says nothing, but lets go of the lock that it held.
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if ('alive' in data) void navigator.locks.request(name, () => died('The engine was ended from outside.'));
  });
  const stop = () => {
    worker.terminate();
    died('The engine was stopped.');
  };
  return { client, stop };
}
