/** What the tables of several experiments have in common. */
import type { GainSizes } from '../../analysis/testbed.ts';
import type { Available } from './models.ts';

/** Every model of a list that is there, with every seed. */
export const cellsOf = (
  names: readonly string[],
  seeds: readonly number[],
  { here }: Available,
): { name: string; seed: number }[] =>
  names.filter((name) => here.has(name)).flatMap((name) => seeds.map((seed) => ({ name, seed })));

const DEFAULT_WIDTH = 64;

/**
 * What work with a model costs beside that with one of the default width: a fit to steps of 6, 9, 17, 41 and 129 ms at
 * widths 8, 16, 32, 64 and 128.
 */
export function costOf(name: string, { here }: Available): number {
  const width = here.get(name)?.width ?? DEFAULT_WIDTH;
  return 0.1 + 0.9 * (width / DEFAULT_WIDTH) ** 1.75;
}

/** How large the samples are that gains are measured and predicted on. */
export const GAIN_SIZES = {
  full: { situations: 200, each: 16, prediction: { count: 64, each: 256 } },
  quick: { situations: 24, each: 8, prediction: { count: 16, each: 64 } },
} as const satisfies Record<'full' | 'quick', GainSizes>;

/** Seconds of one core that a run of RLAIF takes at the default width. */
const SECONDS = { start: 1, update: 0.15, response: 0.00075 };

/** Seconds of a run of so many updates that is measured and predicted on such samples. */
export function secondsOfRun({ situations, each, prediction }: GainSizes, updates: number): number {
  const responses = 2 * situations * each + prediction.count * prediction.each;
  return SECONDS.start + SECONDS.update * updates + SECONDS.response * responses;
}
