import type { Random } from '../math/random.ts';
import { KINDS, type Kind } from './kinds.ts';
import { NAMES, PLACES } from './lexicon.ts';

/** What a story is about: who acts, who else is there, and with what. */
export interface Situation {
  readonly kind: Kind;
  readonly actor: string;
  /** The other people, in the order of the sentence: one or two. */
  readonly others: readonly string[];
  /** What "it" means; null: nothing. */
  readonly object: string | null;
  /** The sentence, "omar finds the wallet of ben in the park ." */
  readonly text: string;
}

/** A situation: kind, names, object and place uniform. */
export function drawSituation(random: Random): Situation {
  const kind = random.pick(KINDS);
  const people: string[] = [];
  const blanks: Record<string, string> = {};
  for (const role of ['A', 'B', 'C']) {
    if (!kind.template.includes(role)) continue;
    let name = random.pick(NAMES);
    while (people.includes(name)) name = random.pick(NAMES);
    people.push(name);
    blanks[role] = name;
  }
  const object = kind.objects.length > 0 ? random.pick(kind.objects) : null;
  if (object !== null) blanks['O'] = object;
  if (kind.places.length > 0) blanks['P'] = PLACES[random.pick(kind.places)];
  return {
    kind,
    actor: people[0],
    others: people.slice(1),
    object,
    text: kind.template.map((word) => blanks[word] ?? word).join(' '),
  };
}
