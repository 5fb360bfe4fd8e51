/** A recorded run: the engine's own answers to what the page asks as it opens, written down compactly. */
import type { EngineClient } from './client.ts';
import { fromJson, toJson } from './json.ts';
import { OPENING, QUESTIONS } from './opening.ts';
import type { Cloud, Judged, Prediction, Progress, Projection, StopReason, TrainReport } from './protocol.ts';

export const RECORDING_VERSION = 3;

export interface Recording {
  version: number;
  /** Content hash of the model that was asked: a recording of another model is none of this page. */
  model: string;
  cloud: Cloud;
  judged: Judged;
  prediction: Prediction;
  projection: Projection;
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
  const { seed, steps } = OPENING;
  /** Shares of the whole, by the time that each takes. */
  const told =
    (from: number, to: number) =>
    ({ stage, done }: Progress) =>
      progress(stage, from + (to - from) * done);
  await client.call('start', { backend: 'wasm', model: folder, seed });
  const cloud = await client.call('cloud', QUESTIONS.cloud, told(0, 0.03));
  const judged = await client.call('judge', QUESTIONS.judge, told(0.03, 0.06));
  const projection = await client.call('project', QUESTIONS.project);
  const prediction = await client.call('predict', QUESTIONS.predict, told(0.06, 0.36));
  const training = told(0.36, 1);
  const reports: TrainReport[] = [];
  const { reason } = await client.call('train', QUESTIONS.train, (report) => {
    reports.push({ ...report, left: 0 }); // what is recorded takes no time
    training({ stage: 'training', done: report.row.step / steps });
  });
  return {
    version: RECORDING_VERSION,
    model,
    cloud,
    judged: { ...judged, milliseconds: 0 },
    prediction,
    projection,
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
  return toJson({ ...recording, reports }, (x) => rounded(x, DECIMALS));
}

/** What `pack` wrote. Throws SyntaxError when it is no JSON. */
export function unpack(text: string): Recording {
  const { reports, ...rest } = fromJson(text) as Omit<Recording, 'reports'> & {
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
