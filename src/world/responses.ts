import type { Random } from '../math/random.ts';
import type { Frame } from './frames.ts';
import { KINDS } from './kinds.ts';
import type { WorldKnobs } from './knobs.ts';
import { ADVERBS, GENERAL_FRAMES } from './lexicon.ts';
import { AND, NEVER } from './sentences.ts';
import type { Situation } from './situations.ts';
import { MORAL_VALUES, NO_VALUES, type MoralValue, type Values } from './values.ts';

/** One deed of a response. */
export interface Clause {
  readonly frame: Frame;
  readonly never: boolean;
  readonly adverb: string | null;
  /** The frame's X; null when it has none. */
  readonly person: string | null;
}

export interface Response {
  readonly clauses: readonly [Clause, Clause];
  /** "omar quietly returns it to ben and cooks for ben ." */
  readonly text: string;
  readonly values: Values;
}

/** What a response needs to know of its situation; `parsePrompt` reads it off a prompt. */
export type Scene = Pick<Situation, 'kind' | 'actor' | 'others'>;

/** An adverb is neither polite nor rude this often; the rest lean by the knob `courtesy`. */
const PLAIN_ADVERBS = 0.3;
/** A deed of no value is the situation's own this often. */
const OWN_NEUTRAL = 0.5;
/** A deed that answers the situation comes before one that always fits this often. */
const ANSWER_FIRST = 0.75;

const ADVERB_NAMES = Object.keys(ADVERBS);
const adverbsOf = new Map(
  [1, 0, -1].map((style) => [style, ADVERB_NAMES.filter((a) => ADVERBS[a] === style)]),
);

/** Frames of a list by value ("none" without one) and polarity: 'care-1' → the list's bad deeds of care. */
function byMeaning(frames: readonly Frame[]): Map<string, Frame[]> {
  const groups = new Map<string, Frame[]>();
  for (const frame of frames) {
    const key = `${frame.value ?? 'none'}${Math.sign(frame.strength)}`;
    groups.set(key, [...(groups.get(key) ?? []), frame]);
  }
  return groups;
}
const general = byMeaning(GENERAL_FRAMES);
const own = new Map(KINDS.map((kind) => [kind, byMeaning(kind.frames)]));

/**
 * A response of two deeds. Value, sign and strength are drawn before the frame and without a look at the
 * situation, so nothing about the values can be told from the prompt.
 */
export function drawResponse(random: Random, situation: Scene, knobs: WorldKnobs): Response {
  const first = drawClause(random, situation, knobs, null);
  const second = drawClause(random, situation, knobs, first);
  const answers = (clause: Clause) => situation.kind.frames.includes(clause.frame);
  const swap = answers(second) && !answers(first) && random.chance(ANSWER_FIRST);
  const clauses = swap ? ([second, first] as const) : ([first, second] as const);
  return {
    clauses,
    text: `${situation.actor} ${clauseText(clauses[0])} ${AND} ${clauseText(clauses[1])} .`,
    values: valuesOf(clauses),
  };
}

function drawClause(random: Random, situation: Scene, knobs: WorldKnobs, first: Clause | null): Clause {
  const plain = random.chance(knobs.neutral);
  const sign = random.chance(knobs.prosocial) ? 1 : -1;
  const never = !plain && random.chance(knobs.never);
  for (;;) {
    const value = plain ? null : random.pick(MORAL_VALUES);
    const frame = drawFrame(random, situation, knobs, value, never ? -sign : sign);
    const person = frame.hasPerson ? random.pick(situation.others) : null;
    if (first && !goTogether(first, { frame, person })) continue;
    return { frame, never, person, adverb: never ? null : drawAdverb(random, frame, knobs, first) };
  }
}

function drawFrame(
  random: Random,
  situation: Scene,
  knobs: WorldKnobs,
  value: MoralValue | null,
  polarity: number,
): Frame {
  const key = value === null ? 'none0' : `${value}${polarity}`;
  const fitting = own.get(situation.kind)?.get(key);
  const useOwn = fitting !== undefined && random.chance(value === null ? OWN_NEUTRAL : knobs.own);
  return random.pick(useOwn ? fitting : (general.get(key) as Frame[]));
}

/**
 * Two deeds can't contradict or repeat each other when they are about different values, or do the same
 * value's work towards two different people in two different ways.
 */
function goTogether(first: Clause, second: Pick<Clause, 'frame' | 'person'>): boolean {
  if (first.frame === second.frame) return false;
  if (first.frame.value === null || first.frame.value !== second.frame.value) return true;
  return first.person !== null && second.person !== null && first.person !== second.person;
}

function drawAdverb(random: Random, frame: Frame, knobs: WorldKnobs, first: Clause | null): string | null {
  if (!random.chance(knobs.adverbs)) return null;
  const styled = !random.chance(PLAIN_ADVERBS);
  const lean = frame.strength > 0 ? knobs.courtesy : frame.strength < 0 ? 1 - knobs.courtesy : 0.5;
  const style = random.chance(lean) ? 1 : -1;
  // nobody is polite to the birds
  const toSomeone = frame.value !== null || frame.hasPerson;
  const adverbs = adverbsOf.get(styled && toSomeone ? style : 0) as string[];
  return random.pick(adverbs.filter((adverb) => adverb !== first?.adverb));
}

function clauseText({ frame, never, adverb, person }: Clause): string {
  const words = frame.words.map((word) => (word === 'X' ? (person as string) : word));
  const before = never ? NEVER : adverb;
  return (before === null ? words : [before, ...words]).join(' ');
}

function valuesOf(clauses: readonly Clause[]): Values {
  const values: Values = { ...NO_VALUES };
  for (const { frame, never, adverb } of clauses) {
    if (frame.value !== null) values[frame.value] += never ? -frame.strength : frame.strength;
    if (adverb !== null) values.politeness += ADVERBS[adverb];
  }
  return values;
}
