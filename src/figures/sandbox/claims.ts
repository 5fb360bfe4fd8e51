/** Sentences of the theory: which hold, and what makes them true. Pure. */
import type { LinearOutcome } from '../../rlaif/linearModel.ts';
import { arrowAt, type Settings } from './layout.ts';

export const CLAIMS = ['helps', 'hurts', 'noGap', 'ceiling', 'adversary'] as const;
export type Claim = (typeof CLAIMS)[number];

/** Two gains are told apart from this share of the ceiling on: nobody puts two arrows exactly upon each other by hand. */
const SAME = 0.02;

/** Which sentences hold, by the closed form. Where nothing can be gained none does. */
export function claimsOf({ gain, overHabits }: LinearOutcome): Record<Claim, boolean> {
  const least = SAME * gain.best;
  const some = gain.best > 1e-9;
  return {
    helps: some && gain.constitution > least && overHabits > least,
    hurts: some && gain.constitution < -least,
    noGap: some && Math.abs(overHabits) <= least,
    ceiling: some && gain.constitution >= gain.best - least,
    adversary: some && gain.constitution <= -gain.best + least,
  };
}

/** What makes a sentence true; all else stays as the visitor has it. */
export const ATTEMPTS: Record<Claim, Partial<Settings>> = {
  helps: {
    truth: arrowAt(62, 1),
    habits: arrowAt(128, 0.8),
    constitution: arrowAt(24, 1),
    rank: 2,
    by: 'constitution',
  },
  hurts: {
    truth: arrowAt(62, 1),
    habits: arrowAt(128, 0.8),
    constitution: arrowAt(-70, 1),
    rank: 2,
    by: 'constitution',
  },
  noGap: {
    truth: arrowAt(80, 1),
    habits: arrowAt(25, 0.6),
    constitution: arrowAt(25, 1.2),
    rank: 2,
    by: 'constitution',
  },
  ceiling: {
    truth: arrowAt(55, 1),
    habits: arrowAt(140, 0.9),
    constitution: arrowAt(-20, 0.9),
    rank: 1,
    by: 'constitution',
  },
  adversary: {
    truth: arrowAt(62, 1),
    habits: arrowAt(128, 0.8),
    constitution: arrowAt(-118, 1),
    rank: 2,
    by: 'constitution',
  },
};
