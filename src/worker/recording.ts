/** A recorded run: the engine's own answers to what the page asks as it opens, written down compactly. */
import type { EngineClient } from './client.ts';
import { OPENING } from './opening.ts';
import type { Cloud, Judged, Prediction, StopReason, TrainReport } from './protocol.ts';

export const RECORDING_VERSION = 1;

export interface Recording {
  version: number;
  /** Content hash of the model that was asked: a recording of another model is none of this page. */
  model: string;
  cloud: Cloud;
  judged: Judged;
  prediction: Prediction;
  reports: TrainReport[];
  reason: StopReason;
}

/** Asks an engine what the page asks as it opens. `folder` is the model's URL, `model` its content hash. */
export async function record(
  client: EngineClient,
  folder: string,
  model: string,
  progress: (stage: string, done: number) => void,
): Promise<Recording> {
  const { seed, constitution, situations, responses, steps, kl } = OPENING;
  await client.call('start', { backend: 'wasm', model: folder, seed });
  const cloud = await client.call('cloud', { seed, situations, responses }, ({ done }) =>
    progress('sampling', done),
  );
  const judged = await client.call('judge', { constitution });
  const prediction = await client.call('predict', { constitution, seed }, ({ done }) =>
    progress('predicting', done),
  );
  const reports: TrainReport[] = [];
  const { reason } = await client.call('train', { constitution, seed, steps, kl }, (report) => {
    reports.push({ ...report, left: 0 }); // what is recorded takes no time
    progress('training', report.row.step / steps);
  });
  return {
    version: RECORDING_VERSION,
    model,
    cloud,
    judged: { ...judged, milliseconds: 0 },
    prediction,
    reports,
    reason,
  };
}

/** Decimals kept of every number; of log π, which there are many of and which areas are drawn by, fewer. */
const DECIMALS = 4;
const LOG_PROB_DECIMALS = 2;

/** As JSON: typed arrays under a key of their own, log π during training as its change from the cloud's. */
export function pack(recording: Recording): string {
  const { responses } = recording.cloud;
  const reports = recording.reports.map(({ logProbs, ...report }) => ({
    ...report,
    changes:
      logProbs && Array.from(logProbs, (now, i) => rounded(now - responses[i].logProb, LOG_PROB_DECIMALS)),
  }));
  return JSON.stringify({ ...recording, reports }, (_, value: unknown) => {
    if (value instanceof Float32Array) return { float32: Array.from(value) };
    return typeof value === 'number' ? rounded(value, DECIMALS) : value;
  });
}

/** What `pack` wrote. Throws SyntaxError when it is no JSON. */
export function unpack(text: string): Recording {
  const { reports, ...rest } = JSON.parse(text, (_, value: unknown) =>
    isFloats(value) ? Float32Array.from(value.float32) : value,
  ) as Omit<Recording, 'reports'> & {
    reports: (Omit<TrainReport, 'logProbs'> & { changes: number[] | null })[];
  };
  const { responses } = rest.cloud;
  return {
    ...rest,
    reports: reports.map(({ changes, ...report }) => ({
      ...report,
      logProbs: changes && Float32Array.from(changes, (change, i) => responses[i].logProb + change),
    })),
  };
}

const rounded = (x: number, decimals: number): number => Number(x.toFixed(decimals));

const isFloats = (value: unknown): value is { float32: number[] } =>
  typeof value === 'object' && value !== null && 'float32' in value;
