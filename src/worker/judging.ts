import { judgeSample } from '../analysis/judge.ts';
import type { Progress } from '../math/progress.ts';
import { createRandom } from '../math/random.ts';
import { NO_CONSTITUTION, readConstitution, type Constitution } from '../values/constitution.ts';
import type { SampledGists } from '../values/sampled.ts';
import { parseConstitution } from '../world/principles.ts';
import type { Constitution as Written, Judged } from './protocol.ts';
import type { Session } from './session.ts';

/**
 * The constitution as the page wrote it; with no principle written, none at all. A principle of several phrases gives each its weight; principles of
 * weight 0 are left out. Throws EmptyConstitutionError.
 */
export function constitutionOf({ principles }: Written): Constitution {
  if (principles.length === 0) return NO_CONSTITUTION;
  const parts = principles.flatMap(({ phrase, weight }) => {
    const { phrases, unknown } = parseConstitution(phrase);
    return weight === 0 ? [] : [{ texts: phrases.map((p) => p.text), unknown, weight }];
  });
  const weights = new Map<string, number>();
  for (const { texts, weight } of parts)
    for (const text of texts) weights.set(text, (weights.get(text) ?? 0) + weight);
  const each = [...weights.values()];
  const plain = each.every((w) => w === 1);
  const constitution = readConstitution([...weights.keys()].join(', '), plain ? undefined : each);
  return { ...constitution, unknown: [...new Set(parts.flatMap(({ unknown }) => unknown))] };
}

/**
 * Judges the cloud by a constitution: prompted verdicts, what they awaken, and how the other judges agree. The first
 * judgement of a session takes longer, since directions are fitted for it; `progress` tells how far that is.
 */
export async function judgeCloud(
  session: Session,
  cloud: SampledGists,
  written: Written,
  progress: Progress,
): Promise<Judged> {
  const began = performance.now();
  const constitution = constitutionOf(written);
  const lens = await session.lens(progress);
  const random = createRandom(session.seed).fork('bootstrap');
  return {
    asked: [...constitution.questions],
    weighted: constitution.questions.length > 1,
    unknown: [...constitution.unknown],
    ...(await judgeSample(lens, cloud, constitution, random)),
    milliseconds: performance.now() - began,
  };
}
