/** A recorded run behind the engine's own client: whoever asks what was recorded is answered at once. */
import { EngineClient, type Port } from './client.ts';
import { questions, type Recorded } from './opening.ts';
import type { Control, FromWorker, ToWorker, TrainArgs } from './protocol.ts';
import { RECORDING_VERSION, unpack, type Recording } from './recording.ts';

/**
 * Fetches a recording (gzipped JSON). Null when there is none that can be read, or when it is of another version
 * or of another model than `model`: the page then waits for its engine.
 */
export async function loadRecording(url: URL, model: string): Promise<Recording | null> {
  try {
    const response = await fetch(url);
    if (!response.ok || !response.body) return null;
    const unzipped = response.body.pipeThrough(new DecompressionStream('gzip'));
    const recording = unpack(await new Response(unzipped).text());
    return recording.version === RECORDING_VERSION && recording.model === model ? recording : null;
  } catch {
    return null;
  }
}

/** A client that knows the answers to the opening's questions, and fails every other one. */
export function replay(recording: Recording): EngineClient {
  const asked = questions(recording.cloud);
  const port: Port = { postMessage: (message) => receive(message), onmessage: null };
  const send = (message: FromWorker) =>
    queueMicrotask(() => port.onmessage?.({ data: message } as MessageEvent<FromWorker>));
  const runs = new Map<number, (control: Control) => void>();

  function receive(message: ToWorker): void {
    if ('control' in message) return runs.get(message.id)?.(message.control);
    const { id } = message;
    if (!isAmong(asked, message)) {
      send({ id, failed: { kind: 'bad-input', message: 'This was not recorded.' } });
    } else if (message.call === 'train') runs.set(id, training(id, message.args));
    else if (message.call === 'cloud') send({ id, result: recording.cloud });
    else if (message.call === 'judge') send({ id, result: recording.judged });
    else if (message.call === 'project') send({ id, result: recording.projection });
    else send({ id, result: recording.prediction });
  }

  /** A run as the engine's own: a report at its start, and one a step. */
  function training(id: number, { paused = false }: TrainArgs): (control: Control) => void {
    const { reports, reason } = recording;
    const { model, sample } = recording.cloud;
    let next = 0;
    const end = (message: FromWorker) => {
      runs.delete(id);
      send(message);
    };
    const step = () => {
      send({ id, progress: reports[next++] });
      if (next === reports.length) end({ id, result: { model, sample, reason, rows: next } });
    };
    const all = () => {
      while (next < reports.length) step();
    };
    if (paused) step();
    else all();
    return (control) => {
      if (control === 'step') step();
      else if (control === 'resume') all();
      else if (control === 'cancel') end({ id, failed: { kind: 'cancelled', message: 'Cancelled.' } });
    };
  }

  return new EngineClient(port);
}

type Asked = Extract<ToWorker, { call: Recorded }>;

/** True for a question that `record` asked. */
function isAmong(
  asked: ReturnType<typeof questions>,
  message: Exclude<ToWorker, { control: Control }>,
): message is Asked {
  if (!(message.call in asked)) return false;
  const { call, args } = message as Asked;
  return Object.entries(asked[call]).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(args[name as keyof typeof args]),
  );
}
