import { axis, fieldOf } from '../../math/field.ts';
import { MORAL_VALUES } from '../../world/values.ts';
import { Evidence, meanOver, type Reading } from '../framework/evidence.ts';
import { inWords, named, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { APART, RANDOM, weightsOf, type Config, type JoinKey, type Rows } from './measure.ts';
import { joinOf, PAIRS, valuesIn, type Pair } from './texts.ts';

const WORDS = { anti: 'anti-social', moral: 'moral' } as const;

/** Pairs of values that the world "apart" never joins. */
const NEVER_JOINED: readonly Pair[] = [
  ['honesty', 'freedom'],
  ['care', 'loyalty'],
];

/** r of one comparison, mean over pairs. */
const mean = (pairs: readonly Pair[], name: 'sum' | 'order' | 'wrong sum') => (read: Reading<JoinKey>) =>
  meanOver(pairs, (pair) => read.r([name, joinOf(pair)]));

/** The part that counts less: the smaller r of a join's verdicts with its two values; and the worst other |r|. */
const smaller = (pairs: readonly Pair[]) => (read: Reading<JoinKey>) =>
  meanOver(pairs, (pair) => Math.min(...valuesIn(pair).map((v) => read.r(['value', joinOf(pair), v]))));
const worstOther = (pairs: readonly Pair[]) => (read: Reading<JoinKey>) =>
  meanOver(pairs, (pair) =>
    Math.max(
      ...MORAL_VALUES.filter((v) => !valuesIn(pair).includes(v)).map((v) =>
        Math.abs(read.r(['value', joinOf(pair), v])),
      ),
    ),
  );
const weight = (pairs: readonly Pair[], part: 0 | 1) => (read: Reading<JoinKey>) =>
  meanOver(pairs, (pair) => weightsOf(read, joinOf(pair))[part]);

/** E14's estimates, controls and figures, from the evidence of all seeds. */
export function wordingOutcome(
  found: Findings<Rows>,
  { texts, seeds }: Config,
  { here }: Available,
): Outcome {
  const phrases = texts.paraphrases.map(([phrase]) => phrase);
  const { joins: pairs, heldOut: held, mixed: both } = texts;
  const said = new Evidence(seeds.map((seed) => found.get('paraphrases', seed)));
  const negations = new Evidence(seeds.map((seed) => found.get('negations', seed)));
  const nonsense = new Evidence(seeds.map((seed) => found.get('nonsense', seed)));
  const joinsIn = (kind: 'joins' | 'heldOut' | 'mixed' | 'apart') =>
    new Evidence(seeds.map((seed) => found.get(kind, seed)));
  const [joins, heldOut, mixed] = [joinsIn('joins'), joinsIn('heldOut'), joinsIn('mixed')];
  const moralFirst = (pair: Pair) => MORAL_VALUES.some((v) => v === pair[0]);
  /** Weight of one side's part in the mixed joins that begin with one or the other. */
  const mixedWeight = (first: 'moral' | 'anti', of: 'moral' | 'anti') =>
    weight(
      both.filter((pair) => moralFirst(pair) === (first === 'moral')),
      first === of ? 0 : 1,
    );

  const estimates = [
    said.measure('paraphrases with the plain word, directions, mean', (read) =>
      meanOver(phrases, (phrase) => read.r(['direction', phrase])),
    ),
    said.measure('paraphrases with the plain word, directions, least', (read) =>
      Math.min(...phrases.map((phrase) => read.r(['direction', phrase]))),
    ),
    said.measure('paraphrases with the plain word, verdicts, mean', (read) =>
      meanOver(phrases, (phrase) => read.r(['scores', phrase])),
    ),
    joins.measure('joins with the sum of their parts, directions, mean', mean(pairs, 'sum')),
    joins.measure('joins with the sum of their parts, directions, least', (read) =>
      Math.min(...pairs.map((pair) => read.r(['sum', joinOf(pair)]))),
    ),
    joins.measure('weight of the first part in a join, mean', weight(pairs, 0)),
    joins.measure('weight of the second part in a join, mean', weight(pairs, 1)),
    joins.measure('joins in the other order, verdicts, mean', mean(pairs, 'order')),
    joins.measure('joins with the value that counts less, verdicts, mean', smaller(pairs)),
    heldOut.measure('joins of phrases never joined, with the sum, mean', mean(held, 'sum')),
    heldOut.measure('joins of phrases never joined, with the value that counts less, mean', smaller(held)),
    negations.measure('“no A” with A, read in training, directions, mean', (read) =>
      meanOver(texts.negated, (phrase) => read.r([phrase])),
    ),
    negations.measure('“no A” with A, never read, directions, mean', (read) =>
      meanOver(texts.newlyNegated, (phrase) => read.r([phrase])),
    ),
    negations.measure('“no A” with A, never read, directions, furthest from turned', (read) =>
      Math.max(...texts.newlyNegated.map((phrase) => read.r([phrase]))),
    ),
    mixed.measure('mixed joins with the sum, directions, mean', mean(both, 'sum')),
    ...(['anti', 'moral'] as const).flatMap((first) =>
      both.some((pair) => moralFirst(pair) === (first === 'moral'))
        ? (['anti', 'moral'] as const).map((of) =>
            mixed.measure(
              `${WORDS[first]} part first: weight of the ${WORDS[of]} part, mean`,
              mixedWeight(first, of),
            ),
          )
        : [],
    ),
    nonsense.measure('nonsense with the verdict without a principle, mean', (read) =>
      meanOver(texts.nonsense, (phrase) => read.r(['nothing', phrase])),
    ),
    nonsense.measure('nonsense with V*, mean', (read) =>
      meanOver(texts.nonsense, (phrase) => read.r(['V*', phrase])),
    ),
  ];
  const controls = [
    said.measure('chance: |Σ-cosine| of a random direction with a plain word, mean', (read) =>
      meanOver([...Array(RANDOM).keys()], (i) => Math.abs(read.r(['random', i]))),
    ),
    said.measure('paraphrases with the plain words of other moral values, mean |Σ-cosine|', (read) =>
      meanOver(texts.paraphrases, ([phrase, value]) =>
        meanOver(
          MORAL_VALUES.filter((v) => v !== value),
          (v) => Math.abs(read.r(['other', phrase, v])),
        ),
      ),
    ),
    joins.measure('joins with the sum of two values that they do not name, mean', mean(pairs, 'wrong sum')),
    joins.measure('joins with their better part alone, mean', (read) =>
      meanOver(pairs, (pair) =>
        Math.max(...(['a', 'b'] as const).map((part) => read.r([part, joinOf(pair)]))),
      ),
    ),
    joins.measure('joins with a moral value they do not name, verdicts, worst |r|, mean', worstOther(pairs)),
  ];
  const notes = [
    'A Σ-cosine of two directions is the correlation of their linear judges, measured on situations they were not fitted on.',
    'A phrase that means nothing is no null, as long as its verdicts agree with V*: a null needs shuffled scores.',
    'Nobody in the corpus joins a moral principle with an anti-social one: what the model makes of it is its own.',
  ];
  if (here.has(APART)) estimates.push(...apartMeasures(joinsIn('apart')));
  else
    notes.push(
      'The world in which two pairs of values are never joined was not measured: its model is missing.',
    );

  const all = [...pairs, ...held, ...both];
  const cosine = (pair: Pair) =>
    (pairs.includes(pair) ? joins : held.includes(pair) ? heldOut : mixed).value((read) =>
      read.r(['sum', joinOf(pair)]),
    );
  const turned = [...texts.negated, ...texts.newlyNegated];
  return {
    headline: headline([...estimates, ...controls]),
    estimates,
    controls,
    notes,
    series: [
      fieldOf('Σ-cosine of a join with the sum of its parts', '', [axis('join', all.map(joinOf))], (i) =>
        cosine(all[i]),
      ),
      fieldOf('Σ-cosine of a phrase with the plain word of its value', '', [axis('phrase', phrases)], (i) =>
        said.value((read) => read.r(['direction', phrases[i]])),
      ),
      fieldOf('Σ-cosine of “no A” with A', '', [axis('A', turned)], (i) =>
        negations.value((read) => read.r([turned[i]])),
      ),
      fieldOf(
        'weights of the parts in a mixed join',
        '',
        [axis('join', both.map(joinOf)), axis('part', ['first', 'second'])],
        (i, part) => mixed.value((read) => weightsOf(read, joinOf(both[i]))[part as 0 | 1]),
      ),
    ],
  };
}

/** Values that were never joined, beside those that were, in the model of that world. */
function apartMeasures(apart: Evidence<JoinKey>): Measure[] {
  const isNever = (pair: Pair) => NEVER_JOINED.some(([a, b]) => pair.includes(a) && pair.includes(b));
  const [never, seen] = [PAIRS.filter(isNever), PAIRS.filter((pair) => !isNever(pair))];
  return [
    apart.measure('apart: values joined in training, with the sum, mean', mean(seen, 'sum')),
    apart.measure('apart: values never joined, with the sum, mean', mean(never, 'sum')),
    apart.measure('apart: joined in training, with the value that counts less, mean', smaller(seen)),
    apart.measure('apart: never joined, with the value that counts less, mean', smaller(never)),
  ];
}

function headline(measures: readonly Measure[]): string {
  const say = (name: string) => inWords(named(measures, name).value);
  const apart = measures.some(({ name }) => name.startsWith('apart: '))
    ? `Two values that were never joined in training: ${say('apart: values never joined, with the sum, mean')} with the ` +
      `sum, ${say('apart: never joined, with the value that counts less, mean')} with the value that counts less ` +
      `(${say('apart: joined in training, with the value that counts less, mean')} where they were joined).`
    : 'Values that were never joined were not measured.';
  return [
    `Directions by Σ-cosine: paraphrases ${say('paraphrases with the plain word, directions, mean')} with the plain word ` +
      `(other values ${say('paraphrases with the plain words of other moral values, mean |Σ-cosine|')}), “A and B” ` +
      `${say('joins with the sum of their parts, directions, mean')} with A + B, phrases never joined ` +
      `${say('joins of phrases never joined, with the sum, mean')}, “no A” ` +
      `${say('“no A” with A, read in training, directions, mean')} with A when read in training and ` +
      `${say('“no A” with A, never read, directions, mean')} when not.`,
    `A moral principle joined with an anti-social one has ${say('mixed joins with the sum, directions, mean')} with their ` +
      `sum; verdicts by nonsense agree with V* at r ${say('nonsense with V*, mean')}.`,
    apart,
  ].join(' ');
}
