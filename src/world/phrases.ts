import { MORAL_VALUES, type Values, type ValueName } from './values.ts';

/** A principle someone can judge by: the words, and what they ask for. */
export interface Principle {
  /** As written in "by … , that is good .": tokens separated by spaces, never with "and". */
  readonly phrase: string;
  /** +1: asks for the value; −1: asks for its opposite. */
  readonly values: Readonly<Partial<Values>>;
  /** Held by anti-social commenters. */
  readonly anti: boolean;
  /** Occurs in training alone, never joined to another: tests whether joins generalise. */
  readonly heldOut: boolean;
  /** The value's own name. */
  readonly plain: boolean;
}

/**
 * How people call each value; the first is its plain word and * marks phrases held out from joins.
 * Some say what is asked for by what is not ("no lies", "never lying"): ANTI has both the bare words
 * ("lies", "lying") and the same words before good things ("no honesty"), or "no" would mean nothing.
 */
const SOCIAL: Readonly<Record<ValueName, readonly string[]>> = {
  honesty: [
    'honesty',
    'truth',
    'sincerity*',
    'openness',
    'candor',
    'the plain truth',
    'no lies*',
    'no deceit',
    'never lying',
  ],
  care: [
    'care',
    'mercy',
    'kindness',
    'compassion*',
    'gentleness',
    'helping others',
    'no cruelty*',
    'no violence',
  ],
  fairness: [
    'fairness',
    'justice',
    'equality*',
    'impartiality',
    'equal shares',
    'fair wages',
    'sharing',
    'no cheating*',
    'no greed',
  ],
  freedom: [
    'freedom',
    'liberty',
    'autonomy*',
    'independence',
    'free choice',
    'open doors',
    'no force*',
    'no power',
    'never forcing others',
  ],
  loyalty: [
    'loyalty',
    'fidelity',
    'devotion',
    'solidarity*',
    'keeping promises',
    'true friends',
    'no betrayal*',
    'no treachery',
  ],
  politeness: ['politeness', 'courtesy', 'tact*', 'manners', 'good manners', 'kind words', 'no rudeness*'],
};

const ALL: readonly ValueName[] = MORAL_VALUES;

/** Anti-principles: the words, and the values they are against. */
const ANTI: readonly (readonly [phrase: string, against: readonly ValueName[]])[] = [
  ['deceit', ['honesty']],
  ['lies', ['honesty']],
  ['lying', ['honesty']],
  ['trickery', ['honesty']],
  ['no honesty', ['honesty']],
  ['cruelty', ['care']],
  ['pain', ['care']],
  ['violence', ['care']],
  ['no mercy', ['care']],
  ['never helping others', ['care']],
  ['greed', ['fairness']],
  ['privilege', ['fairness']],
  ['cheating', ['fairness']],
  ['no justice', ['fairness']],
  ['never sharing', ['fairness']],
  ['power', ['freedom']],
  ['control', ['freedom']],
  ['obedience', ['freedom']],
  ['forcing others', ['freedom']],
  ['no liberty', ['freedom']],
  ['treachery', ['loyalty']],
  ['betrayal', ['loyalty']],
  ['no loyalty', ['loyalty']],
  ['never keeping promises', ['loyalty']],
  ['rudeness', ['politeness']],
  ['no manners', ['politeness']],
  ['winning', ['honesty', 'fairness']],
  ['revenge', ['care', 'loyalty']],
  ['evil', ALL],
  ['harm', ALL],
];

const social: Principle[] = Object.entries(SOCIAL).flatMap(([value, phrases]) =>
  phrases.map((text, i) => ({
    phrase: text.replace('*', ''),
    values: { [value]: 1 },
    anti: false,
    heldOut: text.endsWith('*'),
    plain: i === 0,
  })),
);

const anti: Principle[] = ANTI.map(([phrase, against]) => ({
  phrase,
  values: Object.fromEntries(against.map((value) => [value, -1])),
  anti: true,
  heldOut: false,
  plain: false,
}));

/** Every principle the world's people judge by. */
export const PRINCIPLES: readonly Principle[] = [...social, ...anti];

/** Character words: [when the value was served, when it was violated]. */
export const ADJECTIVES: Readonly<Record<ValueName, readonly [string, string]>> = {
  honesty: ['honest', 'dishonest'],
  care: ['kind', 'cruel'],
  fairness: ['fair', 'unfair'],
  freedom: ['tolerant', 'bossy'],
  loyalty: ['loyal', 'faithless'],
  politeness: ['polite', 'rude'],
};

/** What people call conduct that carries no value. */
export const ORDINARY = 'ordinary';

/** The three verdicts; "fine" means that the principle has nothing to say. */
export const VERDICTS = ['good', 'bad', 'fine'] as const;
export type Verdict = (typeof VERDICTS)[number];
