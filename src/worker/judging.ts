import { judgeSample } from '../analysis/judge.ts';
import type { Progress } from '../math/progress.ts';
import { createRandom } from '../math/random.ts';
import {
  constitutionOf as joined,
  EmptyConstitutionError,
  NO_CONSTITUTION,
  type Constitution,
} from '../values/constitution.ts';
import { valuedSample } from '../values/sampled.ts';
import type { Calls, Constitution as Written, Judged } from './protocol.ts';
import type { HeldModel, HeldSample, Registry } from './registry.ts';

/**
 * The constitution that the page asks by; with no principle, none at all. Of a phrase that is there twice the weights are added;
 * of weight 0 it is left out. Throws EmptyConstitutionError where none has a weight, UnknownWordError where one is not
 * in the model's words: what people write is read before it is asked.
 */
export function constitutionOf({ principles }: Written): Constitution {
  if (principles.length === 0) return NO_CONSTITUTION;
  const weights = new Map<string, number>();
  for (const { phrase, weight } of principles)
    if (weight !== 0) weights.set(phrase, (weights.get(phrase) ?? 0) + weight);
  if (weights.size === 0) throw new EmptyConstitutionError('every principle has weight 0');
  const each = [...weights.values()];
  return joined([...weights.keys()], each.every((w) => w === 1) ? undefined : each);
}

/**
 * Judges the cloud by a constitution: prompted verdicts, what they awaken, and how the other judges agree. The first
 * judgement of a model and seed takes longer, since directions are fitted for it; `progress` tells how far that is.
 */
export async function judgeCloud(
  registry: Registry,
  held: HeldModel,
  { id, draw, sample }: HeldSample,
  { constitution: written, trueWeights }: Calls['judge']['args'],
  progress: Progress,
): Promise<Judged> {
  const began = performance.now();
  const constitution = constitutionOf(written);
  const lens = await registry.lens(held, draw.seed, progress);
  const random = createRandom(draw.seed).fork('bootstrap');
  return {
    model: held.id,
    sample: id,
    asked: [...constitution.questions],
    weighted: constitution.questions.length > 1,
    ...(await judgeSample(lens, valuedSample(sample, trueWeights), constitution, random)),
    milliseconds: performance.now() - began,
  };
}
