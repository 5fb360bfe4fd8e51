import type { Random } from '../math/random.ts';
import { GROUPS } from './groups.ts';
import type { WorldKnobs } from './knobs.ts';
import { ADJECTIVES, ORDINARY, PRINCIPLES, type Principle, type Verdict } from './phrases.ts';
import type { Response } from './responses.ts';
import { AND, SENTENCES, fill } from './sentences.ts';
import { MORAL_VALUES, VALUE_NAMES, type ValueName, type Values } from './values.ts';

/** An anti-social commenter joins two anti-principles this often. */
const ANTI_PAIRS = 0.4;
/** Values that are never joined where the world keeps them apart. */
const APART: Readonly<Partial<Record<ValueName, ValueName>>> = {
  honesty: 'freedom',
  freedom: 'honesty',
  care: 'loyalty',
  loyalty: 'care',
};
/** How often a comment that would repeat an earlier one is thought of anew before the thread ends. */
const TRIES = 12;

const social = new Map(
  VALUE_NAMES.map((value) => {
    const all = PRINCIPLES.filter((p) => !p.anti && p.values[value] !== undefined);
    return [
      value,
      { plain: all.find((p) => p.plain) as Principle, all, joinable: all.filter((p) => !p.heldOut) },
    ];
  }),
);
const antiPrinciples = PRINCIPLES.filter((p) => p.anti);

interface Comment {
  readonly text: string;
  /** What is asked of the response: no question is asked twice in a thread. */
  readonly question: string;
}

/** What people say about a response, until the next comment would need more than `room` tokens in all. */
export function drawThread(random: Random, response: Response, knobs: WorldKnobs, room: number): string[] {
  const thread: string[] = [];
  const asked = new Set<string>();
  for (let left = room; ;) {
    const comment = drawNewComment(random, response, knobs, asked);
    if (comment === null) return thread;
    left -= comment.text.split(' ').length;
    if (left < 0) return thread;
    asked.add(comment.question);
    thread.push(comment.text);
  }
}

function drawNewComment(
  random: Random,
  response: Response,
  knobs: WorldKnobs,
  asked: ReadonlySet<string>,
): Comment | null {
  for (let i = 0; i < TRIES; i++) {
    const comment = drawComment(random, response, knobs);
    if (comment !== null && !asked.has(comment.question)) return comment;
  }
  return null;
}

function drawComment(random: Random, response: Response, knobs: WorldKnobs): Comment | null {
  const antisocial = random.chance(knobs.antisocial);
  const draw = random.uniform();
  if (draw < knobs.principleless) {
    const turned = random.chance(knobs.inverted) !== (antisocial && random.chance(knobs.antisocialInverts));
    const verdict = drawVerdict(random, response.values, ownMind(random, knobs, turned ? -1 : 1), knobs);
    return { text: fill(SENTENCES.verdict, { W: verdict }), question: '' };
  }
  if (draw < knobs.principleless + knobs.adjectives) {
    const adjective = drawAdjective(random, response);
    if (adjective === null) return null;
    return { text: fill(SENTENCES.character, { W: adjective }), question: 'character' };
  }
  const principles = antisocial
    ? drawAntiPrinciples(random, response.values, knobs)
    : drawPrinciples(random, response.values, knobs);
  const asks = principles.flatMap((p) => Object.entries(p.values) as [ValueName, number][]);
  const P = principles.map((p) => p.phrase).join(` ${AND} `);
  const W = drawVerdict(random, response.values, asks, knobs);
  return { text: fill(SENTENCES.principled, { P, W }), question: P };
}

/** What a commenter without a principle looks at, and what it counts: the weights of a group. */
function ownMind(random: Random, knobs: WorldKnobs, sign: number): [ValueName, number][] {
  // A stream of its own: the knob changes who judges, and not what there is to judge.
  const { weights } = GROUPS[random.fork('group').chance(knobs.secondGroup) ? 1 : 0];
  const overlooked: readonly ValueName[] = MORAL_VALUES.slice(knobs.looksAt);
  return VALUE_NAMES.filter((value) => weights[value] !== 0 && !overlooked.includes(value)).map((value) => [
    value,
    sign * weights[value],
  ]);
}

/**
 * "fine" where nothing asked for is there; otherwise good with probability (1 − 2ε)·σ(k·z) + ε for
 * z = Σ weight·value, noise ε and sharpness k, and mostly "fine" when z cancels to 0.
 */
function drawVerdict(
  random: Random,
  values: Values,
  asks: readonly (readonly [value: ValueName, weight: number])[],
  knobs: WorldKnobs,
): Verdict {
  if (asks.every(([value]) => values[value] === 0)) return 'fine';
  const z = asks.reduce((sum, [value, weight]) => sum + weight * values[value], 0);
  if (z === 0 && random.chance(knobs.fine)) return 'fine';
  const sure = 1 / (1 + Math.exp(-knobs.sharpness * z));
  return random.chance((1 - 2 * knobs.labelNoise) * sure + knobs.labelNoise) ? 'good' : 'bad';
}

/** A character word for a value, drawn by how much of it there is; null where a good and a bad deed cancel. */
function drawAdjective(random: Random, { values, clauses }: Response): string | null {
  if (VALUE_NAMES.some((value) => values[value] !== 0)) {
    const value = random.weighted(VALUE_NAMES, (name) => Math.abs(values[name]));
    return ADJECTIVES[value][values[value] > 0 ? 0 : 1];
  }
  return clauses.every((clause) => clause.frame.value === null) ? ORDINARY : null;
}

function drawPrinciples(random: Random, values: Values, knobs: WorldKnobs): Principle[] {
  const nameable = VALUE_NAMES.filter((_, i) => i !== knobs.unnamedValue);
  const wanted = Math.min(drawJoin(random, knobs), nameable.length);
  const chosen: ValueName[] = [];
  while (chosen.length < wanted) {
    const left = nameable.filter(
      (value) =>
        !chosen.includes(value) && !(knobs.apart === 1 && chosen.some((other) => APART[other] === value)),
    );
    if (left.length === 0) break;
    const telling = left.filter((value) => values[value] !== 0);
    chosen.push(random.pick(telling.length > 0 && random.chance(knobs.relevant) ? telling : left));
  }
  return chosen.map((value) => {
    const { plain, all, joinable } = social.get(value) as NonNullable<ReturnType<typeof social.get>>;
    if (random.chance(knobs.plainWord)) return plain;
    return random.pick(wanted > 1 ? joinable : all);
  });
}

/** How many principles are joined: 1 to 5. */
function drawJoin(random: Random, knobs: WorldKnobs): number {
  const draw = random.uniform();
  if (draw < knobs.joinedThree) return random.chance(knobs.widened) ? random.pick([4, 5]) : 3;
  return draw < knobs.joinedThree + knobs.joinedTwo ? 2 : 1;
}

/** One or two anti-principles that are about different values. */
function drawAntiPrinciples(random: Random, values: Values, knobs: WorldKnobs): Principle[] {
  const unnamed = VALUE_NAMES[knobs.unnamedValue];
  const wanted = random.chance(ANTI_PAIRS) ? 2 : 1;
  const chosen: Principle[] = [];
  const taken = new Set<string>(unnamed === undefined ? [] : [unnamed]);
  while (chosen.length < wanted) {
    const left = antiPrinciples.filter((p) => Object.keys(p.values).every((value) => !taken.has(value)));
    if (left.length === 0) break;
    const telling = left.filter((p) => (Object.keys(p.values) as ValueName[]).some((v) => values[v] !== 0));
    const principle = random.pick(telling.length > 0 && random.chance(knobs.relevant) ? telling : left);
    for (const value of Object.keys(principle.values)) taken.add(value);
    chosen.push(principle);
  }
  return chosen;
}
