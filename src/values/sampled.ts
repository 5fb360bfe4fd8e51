import { part, silent, type Progress } from '../math/progress.ts';
import { createRandom } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import { situationAt } from '../world/documents.ts';
import { joinGists, readGists, selectGists, type Gists } from './gists.ts';
import type { TrueWeights } from '../world/values.ts';
import {
  BATCH,
  say,
  situationsOf,
  streamOf,
  valuedBy,
  type Each,
  type Response,
  type Sample,
} from './respond.ts';

/** Responses as a model reads them. */
export interface Reading<One extends Response = Response> {
  responses: One[];
  gists: Gists;
  /** log π of each response under the model that reads it, nats. */
  logProbs: Float32Array;
}

/** A sample of the model's own responses, as it reads them itself. */
export interface SampledGists extends Sample, Reading {
  responses: Response[];
}

/** What is drawn: `count` situations of a seed × `each` responses. `name` keeps uses of a seed apart. */
export interface Draw {
  name: string;
  seed: number;
  count: number;
  each: Each;
}

/** The model's own responses with gists, batch after batch. */
export async function sampleGists(
  model: Model,
  draw: Draw,
  progress: Progress = silent,
): Promise<SampledGists> {
  const batches: SampledGists[] = [];
  const count = batchesOf(draw);
  for (let i = 0; i < count; i++)
    batches.push(await sampleBatch(model, draw, i, part(progress, i / count, (i + 1) / count)));
  return joined(batches);
}

/** Batches of a sample: each can be drawn without the others, here or elsewhere. */
export function batchesOf({ count, each }: Draw): number {
  return Math.max(1, Math.ceil(situationsOf(count, each).length / BATCH));
}

/** One batch of a sample; `piece` texts are decoded at a time, all of the batch unless it is given. */
export async function sampleBatch(
  model: Model,
  { name, seed, count, each }: Draw,
  index: number,
  progress: Progress = silent,
  piece = BATCH,
): Promise<SampledGists> {
  const from = index * BATCH;
  const situations = situationsOf(count, each).slice(from, from + BATCH);
  const prompts = Array.from(situations, (x) => situationAt(`${name}/${seed}`, x));
  const random = createRandom(seed).fork(name);
  const streams = prompts.map((_, i) => streamOf(random, from + i));
  const responses: Response[] = [];
  for (let at = 0; at < prompts.length; at += piece) {
    responses.push(...(await say(model, prompts.slice(at, at + piece), streams.slice(at, at + piece))));
    await progress((0.7 * responses.length) / prompts.length);
  }
  return { responses, situations, ...(await readGists(model, responses, part(progress, 0.7, 1))) };
}

/** What was read in parts as one. */
export function joinReadings<One extends Response>(parts: readonly Reading<One>[]): Reading<One> {
  return {
    responses: parts.flatMap(({ responses }) => responses),
    gists: joinGists(parts.map(({ gists }) => gists)),
    logProbs: Float32Array.from(parts.flatMap(({ logProbs }) => [...logProbs])),
  };
}

/** The batches of a sample as one. */
export function joined(batches: readonly SampledGists[]): SampledGists {
  const situations = Int32Array.from(batches.flatMap((batch) => [...batch.situations]));
  return { ...joinReadings(batches), situations };
}

/** The responses of some situations, renumbered 0, 1, 2 …: halves for fitting and measuring. */
export function selectSituations(sample: SampledGists, keep: (situation: number) => boolean): SampledGists {
  const ids = Int32Array.from([...sample.responses.keys()].filter((i) => keep(sample.situations[i])));
  const names = new Map<number, number>();
  const situations = ids.map((i) => {
    const x = sample.situations[i];
    if (!names.has(x)) names.set(x, names.size);
    return names.get(x)!;
  });
  return {
    responses: Array.from(ids, (i) => sample.responses[i]),
    situations,
    gists: selectGists(sample.gists, ids),
    logProbs: Float32Array.from(ids, (i) => sample.logProbs[i]),
  };
}

/** A sample whose true values are these weights'. What the model said and noted down is the same. */
export const valuedSample = (sample: SampledGists, weights: TrueWeights): SampledGists => ({
  ...sample,
  responses: valuedBy(sample.responses, weights),
});

export const trueValues = (responses: readonly Response[]): number[] => responses.map((r) => r.trueValue);
