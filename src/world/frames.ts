import type { MoralValue } from './values.ts';

/** A way to tell one deed: words with X where a person goes, and what it carries. */
export interface Frame {
  /** The value the deed carries; null: none. */
  readonly value: MoralValue | null;
  /** Signed: +2 or +1 for a good deed, −1 or −2 for a bad one, 0 when there is no value. */
  readonly strength: number;
  /** Third person, as in a story: ['tells', 'X', 'the', 'truth']. */
  readonly words: readonly string[];
  /** Base form, as in a request: ['tell', 'X', 'the', 'truth']; null: never asked for. */
  readonly base: readonly string[] | null;
  /** Whether an X is among the words. */
  readonly hasPerson: boolean;
}

const frame = (value: MoralValue | null, strength: number, third: string, base?: string): Frame => ({
  value,
  strength,
  words: third.split(' '),
  base: base === undefined ? null : base.split(' '),
  hasPerson: third.split(' ').includes('X'),
});

/** A deed that serves a value. `strength` 1 or 2. */
export const good = (value: MoralValue, strength: 1 | 2, third: string, base?: string): Frame =>
  frame(value, strength, third, base);

/** A deed that violates a value. `strength` 1 or 2, counted negative. */
export const bad = (value: MoralValue, strength: 1 | 2, third: string, base?: string): Frame =>
  frame(value, -strength, third, base);

/** A deed that carries no value. */
export const neutral = (third: string, base?: string): Frame => frame(null, 0, third, base);
