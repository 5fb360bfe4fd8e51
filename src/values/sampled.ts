import { part, silent, type Progress } from '../math/progress.ts';
import { createRandom } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import { situationAt } from '../world/documents.ts';
import { readGists, selectGists, type Gists } from './gists.ts';
import { sampleResponses, type Each, type Response, type Sample } from './respond.ts';

/** A sample of the model's own responses with all that is measured on it. */
export interface SampledGists extends Sample {
  gists: Gists;
  /** log π of each response under the model that said it. */
  logProbs: Float32Array;
}

/** `count` situations of a seed × `each` responses, with gists. `name` keeps uses of a seed apart. */
export async function sampleGists(
  model: Model,
  { name, seed, count, each }: { name: string; seed: number; count: number; each: Each },
  progress: Progress = silent,
): Promise<SampledGists> {
  const random = createRandom(seed).fork(name);
  const prompts = Array.from({ length: count }, (_, i) => situationAt(`${name}/${seed}`, i));
  const sample = await sampleResponses(model, prompts, each, random, part(progress, 0, 0.7));
  const read = await readGists(model, sample.responses, part(progress, 0.7, 1));
  return { ...sample, ...read };
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

export const trueValues = (responses: readonly Response[]): number[] => responses.map((r) => r.trueValue);
