import type { Random } from '../math/random.ts';
import { dotPoints } from '../math/linear.ts';
import { directionOf } from '../values/directions.ts';
import { questionOf, verdicts } from '../values/verdicts.ts';
import { PRINCIPLES } from '../world/phrases.ts';
import { MORAL_VALUES, VALUE_NAMES, type MoralValue, type ValueName } from '../world/values.ts';
import { compare, type Ledger, type Reading } from './evidence.ts';
import { targetOf } from './probing.ts';
import type { Ground } from './projection.ts';
import { trueValues } from '../values/sampled.ts';

/** Random directions that chance is read off. */
export const RANDOM = 16;

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

/** What a text does, on the test half: its linear judge ⟨u, φ⟩ and its verdicts. */
interface Worded {
  linear: Float64Array;
  scores: Float32Array;
}

/** Directions of texts, each asked for as "by TEXT , that is" and fitted once. */
export class Wordings {
  readonly ground: Ground;
  readonly #known = new Map<string, Promise<Worded>>();

  constructor(ground: Ground) {
    this.ground = ground;
  }

  of(text: string): Promise<Worded> {
    const known = this.#known.get(text) ?? this.#ask(text);
    this.#known.set(text, known);
    return known;
  }

  async #ask(text: string): Promise<Worded> {
    const { model, fitting, test, lens } = this.ground;
    const question = text === '' ? questionOf([]) : questionOf([text]);
    const u = directionOf(lens.space, await verdicts(model, fitting.gists, question));
    return {
      linear: dotPoints(test.gists, u, lens.space.mean),
      scores: await verdicts(model, test.gists, question),
    };
  }

  /** x against y within the situation. The correlation of two linear judges is their directions' Σ-cosine. */
  compare(x: ArrayLike<number>, y: ArrayLike<number>) {
    return compare(x, y, this.ground.test.situations, this.ground.count);
  }
}

/** The phrases of each value but its plain word. */
export const PARAPHRASES: readonly (readonly [phrase: string, value: ValueName])[] = VALUE_NAMES.flatMap(
  (value) =>
    PRINCIPLES.filter((p) => !p.anti && !p.plain && value in p.values).map((p) => [p.phrase, value] as const),
);

/** "phrase direction", "phrase scores" with its value's plain word; "phrase w" its direction with another's. */
export async function paraphraseLedger(
  words: Wordings,
  phrases: readonly (readonly [string, ValueName])[],
  random: Random,
): Promise<Ledger> {
  const ledger: Ledger = {};
  for (const [phrase, value] of phrases) {
    const [plain, other] = [await words.of(value), await words.of(phrase)];
    ledger[`${phrase} direction`] = words.compare(plain.linear, other.linear);
    ledger[`${phrase} scores`] = words.compare(plain.scores, other.scores);
    for (const w of MORAL_VALUES.filter((name) => name !== value))
      ledger[`${phrase} ${w}`] = words.compare((await words.of(w)).linear, other.linear);
  }
  const { test, lens } = words.ground;
  for (let i = 0; i < RANDOM; i++) {
    const { basis } = lens.random(1, random.fork(i));
    const u = lens.space.inverseRoot.mmul(basis).to1DArray();
    const linear = dotPoints(test.gists, u, lens.space.mean);
    ledger[`random ${i}`] = words.compare((await words.of(MORAL_VALUES[i % 5])).linear, linear);
  }
  return ledger;
}

/** All pairs of the moral values' plain words. */
export const PAIRS: readonly Pair[] = MORAL_VALUES.flatMap((a, i) =>
  MORAL_VALUES.slice(i + 1).map((b): Pair => [a, b]),
);

export const joinOf = ([a, b]: Pair): string => `${a} and ${b}`;

/**
 * For "A and B": "sum" its direction with u_A + u_B; "a", "b" with each part's; "b on a", "a on b" the parts' with each
 * other's, from which the weights follow; "order" its scores with those of "B and A"; "value v" its scores with
 * each moral value; "wrong sum" its direction with the sum of the plain words of two values it does not name.
 */
export async function joinLedger(words: Wordings, pairs: readonly Pair[], order = false): Promise<Ledger> {
  const ledger: Ledger = {};
  for (const pair of pairs) {
    const join = joinOf(pair);
    const [a, b, ab] = [await words.of(pair[0]), await words.of(pair[1]), await words.of(join)];
    const sum = (x: Worded, y: Worded) => x.linear.map((s, i) => s + y.linear[i]);
    ledger[`${join} sum`] = words.compare(sum(a, b), ab.linear);
    ledger[`${join} a`] = words.compare(a.linear, ab.linear);
    ledger[`${join} b`] = words.compare(b.linear, ab.linear);
    ledger[`${join} b on a`] = words.compare(a.linear, b.linear);
    ledger[`${join} a on b`] = words.compare(b.linear, a.linear);
    for (const value of MORAL_VALUES)
      ledger[`${join} value ${value}`] = words.compare(
        targetOf(words.ground.test.responses, value),
        ab.scores,
      );
    const [c, d] = MORAL_VALUES.filter((value) => !valuesIn(pair).includes(value));
    ledger[`${join} wrong sum`] = words.compare(sum(await words.of(c), await words.of(d)), ab.linear);
    if (order) {
      const turned = await words.of(joinOf([pair[1], pair[0]]));
      ledger[`${join} order`] = words.compare(ab.scores, turned.scores);
    }
  }
  return ledger;
}

const about = new Map(PRINCIPLES.map(({ phrase, values }) => [phrase, Object.keys(values) as ValueName[]]));

/** The moral values that two known phrases are about, for good or bad. */
export const valuesIn = (pair: Pair): MoralValue[] =>
  MORAL_VALUES.filter((value) => pair.some((phrase) => about.get(phrase)?.includes(value)));

/** Weights of the parts in the direction of a join: least squares of u_AB on u_A and u_B, in Σ's metric. */
export function weightsOf(read: Reading, join: string): [a: number, b: number] {
  const [a, b] = [read.slope(`${join} a`), read.slope(`${join} b`)];
  const [bOnA, aOnB] = [read.slope(`${join} b on a`), read.slope(`${join} a on b`)];
  const rest = 1 - bOnA * aOnB;
  return [(a - b * bOnA) / rest, (b - a * aOnB) / rest];
}

/** "phrase" the direction of "no phrase" with the phrase's own. */
export async function negationLedger(words: Wordings, phrases: readonly string[]): Promise<Ledger> {
  const ledger: Ledger = {};
  for (const phrase of phrases)
    ledger[phrase] = words.compare((await words.of(phrase)).linear, (await words.of(`no ${phrase}`)).linear);
  return ledger;
}

/** "phrase nothing" its verdicts with those by no principle, "phrase V*" with V*. */
export async function nonsenseLedger(words: Wordings, phrases: readonly string[]): Promise<Ledger> {
  const ledger: Ledger = {};
  const nothing = await words.of('');
  for (const phrase of phrases) {
    const { scores } = await words.of(phrase);
    ledger[`${phrase} nothing`] = words.compare(nothing.scores, scores);
    ledger[`${phrase} V*`] = words.compare(trueValues(words.ground.test.responses), scores);
  }
  return ledger;
}
