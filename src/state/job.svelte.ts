/** One kind of engine call as the page sees it: its newest result, its progress, and a way to stop it. */
import type { EngineClient } from '../worker/client.ts';
import type { About, CallName, Calls, Failure, Progress } from '../worker/protocol.ts';
import { EngineError } from '../worker/client.ts';
import { Newest } from './newest.ts';

type ProgressCall = { [N in CallName]: Calls[N]['progress'] extends Progress ? N : never }[CallName];

/** Calls shorter than this show nothing of themselves. */
const PATIENCE_MS = 1000;

export class Job<N extends ProgressCall> {
  result = $state.raw<Calls[N]['result'] | null>(null);
  /** The arguments that `result` answers. */
  answered = $state.raw<Calls[N]['args'] | null>(null);
  /** True while `result` was recorded and is not this engine's own. */
  recorded = $state(false);
  busy = $state(false);
  /** True once the running call has taken longer than a second. */
  late = $state(false);
  progress = $state.raw<Progress | null>(null);
  /** Why the last call gave no result; null after a good one. */
  failure = $state.raw<Failure | null>(null);

  readonly #newest: Newest<Calls[N]['args'], Calls[N]['result']>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    name: N,
    client: () => EngineClient,
    {
      keep = (result) => result,
      done = () => {},
      failed = () => {},
      settled = () => {},
      interrupts = false,
    }: {
      /** What is shown of a result, with what of the one before it stays as it is. */
      keep?: (result: Calls[N]['result'], before: Calls[N]['result'] | null) => Calls[N]['result'];
      done?: (result: Calls[N]['result'], args: Calls[N]['args'], before: Calls[N]['result'] | null) => void;
      failed?: (failure: Failure) => void;
      /** Nothing is asked any more, whatever came of it. */
      settled?: () => void;
      interrupts?: boolean;
    } = {},
  ) {
    this.#newest = new Newest({
      interrupts,
      begin: (args) => {
        this.progress = null;
        this.failure = null;
        const call = client().call(name, args, (progress) => (this.progress = progress));
        return Object.assign(call, { cancel: () => call.control('cancel') });
      },
      done: (result, args) => {
        if (isOther(result, args)) return; // an answer about something else is none
        const before = this.result;
        this.#set(keep(result, before), args, false);
        done(result, args, before);
      },
      failed: (error) => {
        this.failure = failureOf(error);
        failed(this.failure);
      },
      busy: (busy) => {
        this.#setBusy(busy);
        if (!busy) settled();
      },
    });
  }

  ask(args: Calls[N]['args']): void {
    this.#newest.ask(args);
  }

  /** Shows a recorded result until the engine has one. */
  adopt(result: Calls[N]['result'], args: Calls[N]['args']): void {
    this.#set(result, args, true);
  }

  cancel(): void {
    this.#newest.cancel();
    this.#setBusy(false);
  }

  /** Forgets the result too. */
  clear(): void {
    this.cancel();
    this.result = null;
    this.answered = null;
    this.recorded = false;
    this.failure = null;
  }

  #set(result: Calls[N]['result'], args: Calls[N]['args'], recorded: boolean): void {
    this.result = result;
    this.answered = args;
    this.recorded = recorded;
  }

  #setBusy(busy: boolean): void {
    if (busy && this.busy) return;
    this.busy = busy;
    this.late = false;
    clearTimeout(this.#timer);
    if (busy) this.#timer = setTimeout(() => (this.late = true), PATIENCE_MS);
    else this.progress = null;
  }
}

/** True when an answer names another model or another sample than it was asked about. */
function isOther(result: object, args: object): boolean {
  const [told, asked] = [result, args] as Partial<About>[];
  return (['model', 'sample'] as const).some(
    (what) => typeof told[what] === 'string' && asked[what] !== undefined && told[what] !== asked[what],
  );
}

export function failureOf(error: unknown): Failure {
  if (error instanceof EngineError) return { kind: error.kind, message: error.message };
  return { kind: 'internal', message: error instanceof Error ? error.message : String(error) };
}
