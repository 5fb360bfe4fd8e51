/** What the model is asked in E14. */
import { PRINCIPLES } from '../../world/phrases.ts';
import { MORAL_VALUES, VALUE_NAMES, type MoralValue, type ValueName } from '../../world/values.ts';

/** Two phrases that are joined. */
export type Pair = readonly [a: string, b: string];

/** What the model is asked, by question. */
export interface Texts {
  readonly paraphrases: readonly (readonly [phrase: string, value: ValueName])[];
  /** Joins of values that were joined in training. */
  readonly joins: readonly Pair[];
  /** Joins of phrases that were never joined with anything, though their values were. */
  readonly heldOut: readonly Pair[];
  /** Phrases p of which "no p" was read in training, and those of which it was not. */
  readonly negated: readonly string[];
  readonly newlyNegated: readonly string[];
  /** A moral principle and an anti-social one, which nobody joins. */
  readonly mixed: readonly Pair[];
  readonly nonsense: readonly string[];
}

/** The phrases of each value but its plain word. */
export const PARAPHRASES: readonly (readonly [phrase: string, value: ValueName])[] = VALUE_NAMES.flatMap(
  (value) =>
    PRINCIPLES.filter((p) => !p.anti && !p.plain && value in p.values).map((p) => [p.phrase, value] as const),
);

/** All pairs of the moral values' plain words. */
export const PAIRS: readonly Pair[] = MORAL_VALUES.flatMap((a, i) =>
  MORAL_VALUES.slice(i + 1).map((b): Pair => [a, b]),
);

export const joinOf = ([a, b]: Pair): string => `${a} and ${b}`;

const about = new Map(PRINCIPLES.map(({ phrase, values }) => [phrase, Object.keys(values) as ValueName[]]));

/** The moral values that two known phrases are about, for good or bad. */
export const valuesIn = (pair: Pair): MoralValue[] =>
  MORAL_VALUES.filter((value) => pair.some((phrase) => about.get(phrase)?.includes(value)));
