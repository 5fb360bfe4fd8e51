import { TRUE_WEIGHTS, type Values } from './values.ts';

/** People who add up the same values in the same way when they judge without a principle. */
export interface Group {
  readonly name: string;
  /** What a point of each value counts; below 0: it speaks against a response. */
  readonly weights: Readonly<Values>;
}

/**
 * Two groups of commenters, for the question whose values a model learns. The first counts every moral
 * value alike. The second puts belonging first: loyalty counts most, manners count, and freedom is a fault.
 * Both weights have the same sum of sizes, so neither speaks louder. The knob `secondGroup` says how many
 * verdicts without a principle are the second group's.
 */
export const GROUPS: readonly [Group, Group] = [
  { name: 'even-handed', weights: TRUE_WEIGHTS },
  {
    name: 'belonging',
    weights: { honesty: 0, care: 1, fairness: 0, freedom: -1, loyalty: 2, politeness: 1 },
  },
];
