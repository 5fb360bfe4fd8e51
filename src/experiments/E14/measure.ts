import { valuesOf } from '../../analysis/judge.ts';
import type { Compared, GroupedMoments } from '../../analysis/moments.ts';
import { dotPoints } from '../../math/linear.ts';
import { createRandom, type Random } from '../../math/random.ts';
import { directionOf } from '../../values/directions.ts';
import { trueValues } from '../../values/sampled.ts';
import { questionOf, verdicts } from '../../values/verdicts.ts';
import { MORAL_VALUES, type MoralValue } from '../../world/values.ts';
import type { Reading } from '../framework/evidence.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { PartOf } from '../framework/parts.ts';
import { splitOf, type Split } from '../framework/split.ts';
import { joinOf, PAIRS, valuesIn, type Pair, type Texts } from './texts.ts';

/** Random directions that chance is read off. */
export const RANDOM = 16;

export interface Config extends SeededConfig {
  /** Situations to fit on, and as many to measure on. */
  readonly situations: number;
  readonly each: number;
  readonly texts: Texts;
}

/** A world in which honesty is never joined with freedom, nor care with loyalty. */
export const APART = 'apart';

/**
 * Of a phrase: "direction" and "scores" with its value's plain word, "other" its direction with another moral value's; and a
 * random direction with a plain word's.
 */
export type ParaphraseKey =
  | readonly ['direction' | 'scores', phrase: string]
  | readonly ['other', phrase: string, value: MoralValue]
  | readonly ['random', number];
/**
 * Of "A and B": "sum" its direction with u_A + u_B; "a", "b" with each part's; "b on a", "a on b" the parts' with each
 * other's, from which the weights follow; "order" its scores with those of "B and A"; "wrong sum" its direction with the
 * sum of the plain words of two values it does not name; "value" its scores with a moral value.
 */
export type JoinKey =
  | readonly ['sum' | 'a' | 'b' | 'b on a' | 'a on b' | 'order' | 'wrong sum', join: string]
  | readonly ['value', join: string, value: MoralValue];
/** The direction of "no phrase" with the phrase's own. */
export type NegationKey = readonly [phrase: string];
/** A phrase's verdicts with those by no principle, and with V*. */
export type NonsenseKey = readonly ['nothing' | 'V*', phrase: string];

/** Each by seed. */
export interface Rows {
  paraphrases: GroupedMoments<ParaphraseKey>;
  joins: GroupedMoments<JoinKey>;
  heldOut: GroupedMoments<JoinKey>;
  negations: GroupedMoments<NegationKey>;
  mixed: GroupedMoments<JoinKey>;
  nonsense: GroupedMoments<NonsenseKey>;
  /** Of the model that never read two pairs of values joined. */
  apart: GroupedMoments<JoinKey>;
}

/** What a text does, on the test half: its linear judge ⟨u, φ⟩ and its verdicts. */
interface Worded {
  linear: Float64Array;
  scores: Float32Array;
}

/** Directions of texts, each asked for as "by TEXT , that is" and fitted once. */
class Wordings {
  readonly split: Split;
  readonly #known = new Map<string, Promise<Worded>>();

  constructor(split: Split) {
    this.split = split;
  }

  of(text: string): Promise<Worded> {
    const known = this.#known.get(text) ?? this.#ask(text);
    this.#known.set(text, known);
    return known;
  }

  async #ask(text: string): Promise<Worded> {
    const { model, fitting, test, lens } = this.split;
    const question = text === '' ? questionOf([]) : questionOf([text]);
    const u = directionOf(lens.space, await verdicts(model, fitting.gists, question));
    return {
      linear: dotPoints(test.gists, u, lens.space.mean),
      scores: await verdicts(model, test.gists, question),
    };
  }

  /** x against y within the situation. The correlation of two linear judges is their directions' Σ-cosine. */
  compare(x: ArrayLike<number>, y: ArrayLike<number>): Compared {
    return this.split.compare(x, y);
  }
}

async function paraphrasesOf(
  words: Wordings,
  phrases: Texts['paraphrases'],
  random: Random,
): Promise<Rows['paraphrases']> {
  const moments: [ParaphraseKey, Compared][] = [];
  for (const [phrase, value] of phrases) {
    const [plain, other] = [await words.of(value), await words.of(phrase)];
    moments.push(
      [['direction', phrase], words.compare(plain.linear, other.linear)],
      [['scores', phrase], words.compare(plain.scores, other.scores)],
    );
    for (const w of MORAL_VALUES.filter((name) => name !== value))
      moments.push([['other', phrase, w], words.compare((await words.of(w)).linear, other.linear)]);
  }
  const { test, lens } = words.split;
  for (let i = 0; i < RANDOM; i++) {
    const { basis } = lens.random(1, random.fork(i));
    const u = lens.space.inverseRoot.mmul(basis).to1DArray();
    const linear = dotPoints(test.gists, u, lens.space.mean);
    moments.push([['random', i], words.compare((await words.of(MORAL_VALUES[i % 5])).linear, linear)]);
  }
  return moments;
}

async function joinsOf(words: Wordings, pairs: readonly Pair[], order = false): Promise<Rows['joins']> {
  const moments: [JoinKey, Compared][] = [];
  for (const pair of pairs) {
    const join = joinOf(pair);
    const [a, b, ab] = [await words.of(pair[0]), await words.of(pair[1]), await words.of(join)];
    const sum = (x: Worded, y: Worded) => x.linear.map((s, i) => s + y.linear[i]);
    moments.push(
      [['sum', join], words.compare(sum(a, b), ab.linear)],
      [['a', join], words.compare(a.linear, ab.linear)],
      [['b', join], words.compare(b.linear, ab.linear)],
      [['b on a', join], words.compare(a.linear, b.linear)],
      [['a on b', join], words.compare(b.linear, a.linear)],
    );
    for (const value of MORAL_VALUES) {
      const truth = valuesOf(words.split.test.responses, value);
      moments.push([['value', join, value], words.compare(truth, ab.scores)]);
    }
    const [c, d] = MORAL_VALUES.filter((value) => !valuesIn(pair).includes(value));
    const wrong = sum(await words.of(c), await words.of(d));
    moments.push([['wrong sum', join], words.compare(wrong, ab.linear)]);
    if (order) {
      const turned = await words.of(joinOf([pair[1], pair[0]]));
      moments.push([['order', join], words.compare(ab.scores, turned.scores)]);
    }
  }
  return moments;
}

/** Weights of the parts in the direction of a join: least squares of u_AB on u_A and u_B, in Σ's metric. */
export function weightsOf(read: Reading<JoinKey>, join: string): [a: number, b: number] {
  const [a, b] = [read.slope(['a', join]), read.slope(['b', join])];
  const [bOnA, aOnB] = [read.slope(['b on a', join]), read.slope(['a on b', join])];
  const rest = 1 - bOnA * aOnB;
  return [(a - b * bOnA) / rest, (b - a * aOnB) / rest];
}

async function negationsOf(words: Wordings, phrases: readonly string[]): Promise<Rows['negations']> {
  const moments: [NegationKey, Compared][] = [];
  for (const phrase of phrases) {
    const [plain, negated] = [await words.of(phrase), await words.of(`no ${phrase}`)];
    moments.push([[phrase], words.compare(plain.linear, negated.linear)]);
  }
  return moments;
}

async function nonsenseOf(words: Wordings, phrases: readonly string[]): Promise<Rows['nonsense']> {
  const moments: [NonsenseKey, Compared][] = [];
  const nothing = await words.of('');
  const truth = trueValues(words.split.test.responses);
  for (const phrase of phrases) {
    const { scores } = await words.of(phrase);
    moments.push(
      [['nothing', phrase], words.compare(nothing.scores, scores)],
      [['V*', phrase], words.compare(truth, scores)],
    );
  }
  return moments;
}

/** Seconds of a text on 200 situations × 16: a direction and two verdicts. */
const SECONDS = 0.15;

export function wordingParts(
  { seeds, situations, each, texts }: Config,
  { here }: Available,
): PartOf<Rows>[] {
  const part = <Kind extends keyof Rows>(
    seed: number,
    kind: Kind,
    asked: readonly unknown[],
    measure: (words: Wordings, random: Random) => Promise<Rows[Kind]>,
  ) => {
    const model = kind === 'apart' ? APART : 'base';
    return {
      kind,
      at: [seed],
      models: [model],
      group: `${model} ${seed}`,
      given: { situations, each, asked },
      seconds: (SECONDS * (10 + 2 * asked.length) * situations * each) / 1600,
      compute: async (resources: Parameters<typeof splitOf>[0]) => {
        const split = await splitOf(resources, model, { name: 'E14', seed, situations, each });
        const words = await resources.once('wordings', () => Promise.resolve(new Wordings(split)));
        return measure(words, createRandom(seed).fork('E14'));
      },
    } as PartOf<Rows>;
  };
  const { paraphrases, joins, heldOut, negated, newlyNegated, mixed, nonsense } = texts;
  const turned = [...negated, ...newlyNegated];
  return seeds.flatMap((seed) => [
    part(seed, 'paraphrases', paraphrases, (words, random) => paraphrasesOf(words, paraphrases, random)),
    part(seed, 'joins', joins, (words) => joinsOf(words, joins, true)),
    part(seed, 'heldOut', heldOut, (words) => joinsOf(words, heldOut)),
    part(seed, 'negations', turned, (words) => negationsOf(words, turned)),
    part(seed, 'mixed', mixed, (words) => joinsOf(words, mixed)),
    part(seed, 'nonsense', nonsense, (words) => nonsenseOf(words, nonsense)),
    ...(here.has(APART) ? [part(seed, 'apart', PAIRS, (words) => joinsOf(words, PAIRS))] : []),
  ]);
}
