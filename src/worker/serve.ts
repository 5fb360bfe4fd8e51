import { CancelledError, Gate } from './gate.ts';
import type { CallName, Calls, Failure, FromWorker, ToWorker } from './protocol.ts';

/** What a handler is given besides its arguments. */
export interface Context<N extends CallName> {
  progress(value: Calls[N]['progress']): void;
  gate: Gate;
}

/** One function a call; a missing one does not compile. */
export type Handlers = {
  [N in CallName]: (args: Calls[N]['args'], context: Context<N>) => Promise<Calls[N]['result']>;
};

/** The engine's end of the thread, as a Worker's scope and a MessagePort both have it. */
export interface EnginePort {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/**
 * Answers calls over a port: progress, a result or a failure, each with the call's id.
 * @param early messages that came before, in their order
 */
export function serve(
  port: EnginePort,
  handlers: Handlers,
  failureOf: (error: unknown) => Failure,
  early: readonly MessageEvent<ToWorker>[] = [],
): void {
  const gates = new Map<number, Gate>();
  const receive = ({ data }: MessageEvent<ToWorker>) => {
    if ('control' in data) gates.get(data.id)?.control(data.control);
    else void answer(data);
  };
  port.onmessage = receive;
  early.forEach(receive);

  async function answer<N extends CallName>({
    id,
    call,
    args,
  }: {
    id: number;
    call: N;
    args: Calls[N]['args'];
  }) {
    const { paused } = (args ?? {}) as { paused?: boolean };
    const gate = new Gate(paused);
    gates.set(id, gate);
    const context: Context<N> = { gate, progress: (progress) => port.postMessage({ id, progress }) };
    try {
      const handler = handlers[call] as Handlers[N] | undefined;
      if (!handler) throw new Error(`the engine has no call "${String(call)}"`);
      const result = await handler(args, context);
      port.postMessage({ id, result }, transferables(result));
    } catch (error) {
      const cancelled: Failure = { kind: 'cancelled', message: 'Cancelled.' };
      port.postMessage({ id, failed: error instanceof CancelledError ? cancelled : failureOf(error) });
    } finally {
      gates.delete(id);
    }
  }
}

/** Buffers of the typed arrays directly in a result: moved, not copied. The engine keeps none of them. */
function transferables(result: object): Transferable[] {
  return Object.values(result).flatMap((value: unknown) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
}
