/** What a run will take, and which part of it a machine computes. */
import type { Part } from '../../experiments/framework/parts.ts';
import { allParts, firstParts } from '../../experiments/framework/run.ts';
import type { Shard } from '../flags.ts';
import type { Study } from './study.ts';

export interface Plan {
  id: string;
  /** Parts that are left to compute, and those that are kept. */
  parts: number;
  kept: number;
  /** Minutes of one core for those that are left. */
  minutes: number;
  /** More of them at the most, where it depends on what the first ones find. */
  atMost?: { parts: number; minutes: number };
  /** Models that are not there. */
  missing: readonly string[];
}

/** Computes nothing. */
export async function planOf({ setting, cache }: Study): Promise<Plan> {
  const deciding = firstParts(setting).filter(({ decides }) => decides);
  const open: Part[] = [];
  for (const part of deciding) if (!(await cache.has(part))) open.push(part);
  const none = async function* (): AsyncGenerator<Part, void> {}; // those that decide are all kept
  const parts = open.length === 0 ? await allParts(setting, cache, none) : firstParts(setting);
  const expected = cache.expectations();
  const left: Part[] = [];
  for (const part of parts) if (!(await cache.has(part))) left.push(part);
  const minutes = (seconds: number) => Number((seconds / 60).toFixed(1));
  const sum = (list: readonly Part[], of: (part: Part) => number) =>
    list.reduce((total, part) => total + of(part), 0);
  return {
    id: setting.experiment.id,
    parts: left.length,
    kept: parts.length - left.length,
    minutes: minutes(sum(left, expected)),
    ...(open.length > 0
      ? {
          atMost: {
            parts: sum(open, ({ decides }) => decides!.parts),
            minutes: minutes(sum(open, ({ decides }) => decides!.seconds)),
          },
        }
      : {}),
    missing: setting.available.missing,
  };
}

/**
 * A machine's share of the parts: those whose middle lies in its stretch of the whole work. Stretches keep groups together,
 * and are the same on every machine, whatever is kept there.
 */
export function shareOf(parts: readonly Part[], { index, of }: Shard): Part[] {
  const total = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  let before = 0;
  return parts.filter(({ seconds }) => {
    const middle = (before + seconds / 2) / total;
    before += seconds;
    return Math.min(of, 1 + Math.floor(middle * of)) === index;
  });
}

/** Parts of which a row's name, such as "kind-64-0/honesty", has all pieces in their order. */
export function partsNamed(parts: readonly Part[], name: string): Part[] {
  const pieces = name.split('/');
  return parts.filter(({ kind, at }) => {
    const key = [kind, ...at].map(String);
    let from = 0;
    return pieces.every((piece) => (from = key.indexOf(piece, from) + 1) > 0);
  });
}
