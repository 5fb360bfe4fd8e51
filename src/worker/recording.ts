/** A recorded run: the engine's own answers to what the page asks as it opens, written down compactly. */
import type { EngineClient } from './client.ts';
import { fromJson, toJson } from './json.ts';
import { OPENING, questions } from './opening.ts';
import type {
  Cloud,
  Judged,
  ModelId,
  Prediction,
  Progress,
  Projection,
  StopReason,
  TrainReport,
} from './protocol.ts';

export const RECORDING_VERSION = 4;

export interface Recording {
  version: number;
  /** The model that was asked: a recording of another one is none of this page. */
  model: ModelId;
  cloud: Cloud;
  judged: Judged;
  prediction: Prediction;
  projection: Projection;
  reports: TrainReport[];
  reason: StopReason;
}

/** Asks an engine what the page asks as it opens, of the model in a folder, by its URL. */
export async function record(
  client: EngineClient,
  folder: string,
  progress: (stage: string, done: number) => void,
): Promise<Recording> {
  const { steps } = OPENING;
  /** Shares of the whole, by the time that each takes. */
  const told =
    (from: number, to: number) =>
    ({ stage, done }: Progress) =>
      progress(stage, from + (to - from) * done);
  const { model } = await client.call('start', { backend: 'wasm', model: folder });
  const cloud = await client.call(
    'cloud',
    questions({ model: model.id, sample: '' }).cloud, // which does not ask about a sample
    told(0, 0.03),
  );
  const asked = questions(cloud);
  const judged = await client.call('judge', asked.judge, told(0.03, 0.06));
  const projection = await client.call('project', asked.project);
  const prediction = await client.call('predict', asked.predict, told(0.06, 0.36));
  const training = told(0.36, 1);
  const reports: TrainReport[] = [];
  const { reason } = await client.call('train', asked.train, (report) => {
    reports.push({ ...report, left: 0 }); // what is recorded takes no time
    training({ stage: 'training', done: report.row.step / steps });
  });
  return {
    version: RECORDING_VERSION,
    model: model.id,
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
