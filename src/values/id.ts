import { contentHash } from '../math/hash.ts';
import type { ModelId } from '../model/id.ts';
import type { Sample } from './respond.ts';

/**
 * What a sample is: the hash of which model answered, of its situations and of the tokens that it said, 16 hexadecimal
 * digits. Response i of one sample is response i of every sample of the same id; backends whose last bits differ may draw
 * others from the same seed.
 */
export type SampleId = string;

export function sampleId(model: ModelId, { responses, situations }: Sample): Promise<SampleId> {
  const said = responses.map(({ prompt, response }) => [prompt, response]);
  return contentHash(new TextEncoder().encode(JSON.stringify([model, [...situations], said])));
}
