import { createRandom, type Random } from '../math/random.ts';
import type { Ledger } from './evidence.ts';
import { named, type Criterion, type Experiment, type SeededConfig } from './experiment.ts';
import { Grounds } from './projection.ts';
import { wordingOutcome, type SeedOfWording } from './worded.ts';
import {
  joinLedger,
  negationLedger,
  nonsenseLedger,
  PAIRS,
  paraphraseLedger,
  PARAPHRASES,
  Wordings,
  type Texts,
} from './wording.ts';

export interface Config extends SeededConfig {
  /** Situations to fit on, and as many to measure on. */
  readonly situations: number;
  readonly each: number;
  readonly texts: Texts;
}

/** A world in which honesty is never joined with freedom, nor care with loyalty. */
const APART = 'apart';

export const TEXTS: Texts = {
  paraphrases: PARAPHRASES,
  joins: PAIRS,
  heldOut: [
    ['sincerity', 'compassion'],
    ['equality', 'autonomy'],
    ['solidarity', 'no lies'],
    ['no cruelty', 'no cheating'],
    ['no force', 'no betrayal'],
    ['compassion', 'equality'],
    ['autonomy', 'sincerity'],
    ['no lies', 'no cruelty'],
  ],
  negated: [
    'honesty',
    'mercy',
    'justice',
    'liberty',
    'loyalty',
    'deceit',
    'violence',
    'greed',
    'power',
    'treachery',
  ],
  newlyNegated: [
    'truth',
    'openness',
    'care',
    'gentleness',
    'fairness',
    'impartiality',
    'freedom',
    'independence',
    'fidelity',
    'devotion',
    'trickery',
    'pain',
    'privilege',
    'control',
    'obedience',
  ],
  mixed: [
    ['power', 'honesty'],
    ['honesty', 'cruelty'],
    ['care', 'deceit'],
    ['greed', 'loyalty'],
    ['fairness', 'betrayal'],
    ['cheating', 'freedom'],
  ],
  nonsense: ['the wallet', 'the park', 'the birds', 'the letter', 'anna and ben'],
};

export const CRITERION: Criterion = {
  text:
    'The directions of a value’s phrases have a mean Σ-cosine of at least 0.95 with that of its plain word; the direction ' +
    'of “A and B” has one of at least 0.95 with the sum of A’s and B’s, also when the phrases were never joined in ' +
    'training (0.9), with mean weights of 0.6 to 1.2 for both; the order does not matter (r ≥ 0.95); and “no A” turns ' +
    'A’s direction round when it was read in training (at most −0.8) and when it was not (−0.5). What the model makes ' +
    'of values that were never joined, of mixed principles and of nonsense is told without a criterion.',
  because:
    'A prototype had paraphrases and joins at 0.99, weights of 0.85 to 1.0, and negated power at 0.85 to 0.92 unseen; ' +
    'values that were never joined it read as one of the two, so nothing is promised of them.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      at('paraphrases with the plain word, directions, mean').low >= 0.95 &&
      at('joins with the sum of their parts, directions, mean').low >= 0.95 &&
      at('joins of phrases never joined, with the sum, mean').low >= 0.9 &&
      ['first', 'second'].every((part) => {
        const { value } = at(`weight of the ${part} part in a join, mean`);
        return value >= 0.6 && value <= 1.2;
      }) &&
      at('joins in the other order, verdicts, mean').low >= 0.95 &&
      at('“no A” with A, read in training, directions, mean').high <= -0.8 &&
      at('“no A” with A, never read, directions, mean').high <= -0.5
    );
  },
};

/** E14: from text to direction. */
export const E14: Experiment<Config> = {
  id: 'E14',
  claim:
    'The text of a constitution becomes a direction by rule: phrases of one value share it, “A and B” is the sum, “no A” ' +
    'the reverse.',
  criterion: CRITERION,
  models: ['base', APART],
  full: { seeds: [1, 2, 3], situations: 100, each: 16, texts: TEXTS },
  quick: {
    seeds: [1],
    situations: 30,
    each: 16,
    texts: {
      paraphrases: PARAPHRASES.filter((_, i) => i % 8 === 0),
      joins: PAIRS.slice(0, 2),
      heldOut: TEXTS.heldOut.slice(0, 1),
      negated: ['honesty', 'power'],
      newlyNegated: ['care'],
      mixed: TEXTS.mixed.slice(0, 1),
      nonsense: ['the wallet'],
    },
  },
  async *run(models, config, parts) {
    const tasks = tasksOf(config.texts, await models.has(APART));
    const total = config.seeds.length * tasks.length;
    let done = 0;
    const seeds: SeedOfWording[] = [];
    for (const seed of config.seeds) {
      const found: Partial<SeedOfWording> = {};
      const grounds = new Grounds(models, { name: 'E14', seed, count: config.situations, each: config.each });
      const words = new Map<string, Wordings>();
      const wordsOf = async (model: string) => {
        const some = words.get(model) ?? new Wordings(await grounds.of(model));
        words.set(model, some);
        return some;
      };
      try {
        for (const { kind, model, measure } of tasks) {
          found[kind] = await parts
            .about([model])
            .once(`seed ${seed} ${kind}`, async () =>
              measure(await wordsOf(model), createRandom(seed).fork('E14')),
            );
          yield { done: ++done / total, says: kind };
        }
      } finally {
        await grounds.dispose();
      }
      seeds.push(found as SeedOfWording);
    }
    return wordingOutcome(config.texts, seeds);
  },
};

interface Task {
  kind: keyof SeedOfWording;
  model: string;
  measure(words: Wordings, random: Random): Promise<Ledger>;
}

function tasksOf(texts: Texts, apart: boolean): Task[] {
  const base: [Task['kind'], Task['measure']][] = [
    ['paraphrases', (words, random) => paraphraseLedger(words, texts.paraphrases, random)],
    ['joins', (words) => joinLedger(words, texts.joins, true)],
    ['heldOut', (words) => joinLedger(words, texts.heldOut)],
    ['negations', (words) => negationLedger(words, [...texts.negated, ...texts.newlyNegated])],
    ['mixed', (words) => joinLedger(words, texts.mixed)],
    ['nonsense', (words) => nonsenseLedger(words, texts.nonsense)],
  ];
  return [
    ...base.map(([kind, measure]) => ({ kind, model: 'base', measure })),
    ...(apart
      ? [{ kind: 'apart' as const, model: APART, measure: (words: Wordings) => joinLedger(words, PAIRS) }]
      : []),
  ];
}
