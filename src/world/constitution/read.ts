/** What one phrase asks for. */
import { expand } from './normalise.ts';
import { formsOf } from './forms.ts';
import { aboutOf, isPrinciple, itemsOf, signOf, type Item, type Sense } from './patterns.ts';
import { NEEDS } from './words.ts';

/** A phrase read: what the model is asked, or why it cannot be. */
export interface Phrase {
  /** The model's own phrases; empty where nothing is asked. */
  asked: readonly string[];
  /**
   * unknown: words without a meaning here; unclear: known ones that contradict each other or stand too far from what they turn;
   * nothing: words that ask for nothing; turn: only what turns, and nothing that it could turn.
   */
  trouble: null | 'unknown' | 'unclear' | 'nothing' | 'turn';
  unknown: readonly string[];
  /** What the parts of it that are understood ask for. */
  senses: readonly Sense[];
  /** Whether it begins with what turns it. */
  turned: boolean;
}

type Operator = 'not' | 'against' | 'allowing';

interface Clause {
  operators: Operator[];
  terms: Sense[];
  unclear: boolean;
}

/** These turn what they stand after, too: "lying is not", "cruelty must stop". */
const TRAILING = new Set(
  (
    'not never nobody none nothing less zero stop avoid forbid ban prohibit eliminate abolish prevent reject condemn punish ' +
    'oppose refuse end'
  ).split(' '),
);
const TRAILING_PHRASES = new Set(['no one', 'no longer', 'no more', 'not ever']);
/** Between two things these ask for the first and not for the second. */
const CONTRASTS = new Set(['rather than', 'instead of', 'without', 'against']);
/** Degrees after these narrow what is turned. */
const WEAK = new Set(['not', 'no', 'never', 'nor', 'neither', 'not any']);

/** Reads a normalised phrase, which holds no separator. */
export function readPhrase(text: string): Phrase {
  const none = { asked: [], unknown: [], senses: [], turned: false };
  if (isPrinciple(text)) return { ...none, asked: [text], trouble: null, turned: /^(no|never) /.test(text) };
  const items = itemsOf(wordsOf(text));
  const senses = items.flatMap(({ sense }) => sense ?? []);
  const turned = items.find(({ kinds, sense }) => sense || !kinds.has('light'))?.kinds.has('not') ?? false;
  const unknown = items.filter(({ kinds }) => kinds.has('unknown')).map((item) => item.text);
  const told = { ...none, senses, turned, unknown: [...new Set(unknown)] };
  if (unknown.length > 0) return { ...told, trouble: 'unknown' };
  const clauses = clausesOf(items);
  if (!clauses) {
    const turns = items.some(({ kinds }) => kinds.has('not') || kinds.has('against'));
    return { ...told, trouble: turns ? 'turn' : 'nothing' };
  }
  const asked = clauses.map(askedOf);
  if (asked.includes(null)) return { ...told, trouble: 'unclear' };
  return { ...told, asked: [...new Set(asked.flatMap((phrases) => phrases ?? []))], trouble: null };
}

function wordsOf(text: string): string[] {
  return expand(text)
    .replace(/(\p{Extended_Pictographic}|[^\p{L}\p{M}\p{N}\p{P}\s<>])/gu, ' $1 ')
    .replace(/([\p{L}\p{N}])-+|-+(?=\p{L})/gu, '$1 ')
    .split(/\s+/)
    .filter((word) => word !== '' && !/^(?:[\p{P}😀-😊😇☺🙂🙏❤💖✨🌟⭐👍💕🥰🤗💛💚💙💜]+)$/u.test(word));
}

/** Where the term of a phrase is: words that may also turn, allow or be light are terms where none follows. */
function termsOf(items: readonly Item[]): Set<number> {
  const terms = new Set<number>();
  const pure = (item: Item) => item.sense && item.kinds.size === 0;
  let follows = false;
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i];
    if (!item.sense) continue;
    const judges = item.kinds.has('blame') || item.kinds.has('praise');
    if (!pure(item) && (follows || (judges && items.slice(0, i).some(pure)))) continue;
    terms.add(i);
    follows = true;
  }
  return terms;
}

/** Clauses of a phrase, each with what turns it; null where nothing is asked for. */
function clausesOf(items: readonly Item[]): Clause[] | null {
  const terms = termsOf(items);
  if (terms.size === 0) return null;
  const clauses: Clause[] = [];
  let clause: Clause = { operators: [], terms: [], unclear: false };
  let before: Item | null = null;
  /** A weak negator that has not met its term yet. */
  let reaching = false;
  items.forEach((item, i) => {
    const later = [...terms].some((place) => place > i);
    const turns = operatorOf(item, items, i, later);
    if (terms.has(i)) {
      clause.terms.push(item.sense!);
      reaching = false;
    } else if (turns) {
      if (clause.terms.length > 0 && later) {
        // "liars never win", "lying is not kind": of the first it says something, and does not ask for it
        if (/^(?:is|are)$/.test(before?.text ?? '')) clause.unclear = true;
        if (!CONTRASTS.has(item.text) && signOf(askedOf(clause) ?? []) < 0) clause.unclear = true;
        clauses.push(clause);
        clause = { operators: [], terms: [], unclear: false };
      }
      if (before?.text === item.text) clause.unclear = true;
      if (clause.terms.length === 0) clause.operators.push(turns);
      else if (item.text === 'against' && signOf(clause.terms[0].asked) < 0)
        return; // "violence against animals"
      else {
        clause.operators.unshift(turns);
        if (turns === 'not' && !item.kinds.has('blame') && !trails(item)) clause.unclear = true;
      }
      reaching = turns === 'not' && WEAK.has(item.text);
    } else if (reaching && (item.kinds.has('degree') || NEEDS.has(item.text))) clause.unclear = true;
    before = item;
  });
  return [...clauses, clause];
}

const trails = ({ text }: Item): boolean =>
  TRAILING_PHRASES.has(text) || formsOf(text).some((form) => TRAILING.has(form));

function operatorOf(item: Item, items: readonly Item[], at: number, later: boolean): Operator | null {
  if (item.kinds.has('not')) return 'not';
  if (item.kinds.has('blame')) {
    const said =
      items.slice(0, at).some(({ text }) => text === 'it') ||
      /^(?:to|with|in|for)\b/.test(items[at + 1]?.text ?? '');
    return !later || said ? 'not' : 'against';
  }
  if (item.kinds.has('against')) return 'against';
  return item.kinds.has('allowing') && (later || !item.kinds.has('praise')) ? 'allowing' : null;
}

/** What a clause asks the model; null where it is not clear. */
function askedOf({ operators, terms, unclear }: Clause): readonly string[] | null {
  if (unclear || terms.length === 0) return null;
  const signs = new Set(terms.map(({ asked }) => signOf(asked)));
  const about = new Set(terms.map(({ asked }) => aboutOf(asked)));
  const [own] = signs;
  if (signs.size > 1 || (about.size > 1 && (own < 0 || operators.length > 0))) return null;
  if (operators.filter((one) => one === 'not').length > 2) return null;
  let sign = own;
  let allowed = false;
  for (const operator of operators.toReversed()) {
    if (operator === 'allowing') allowed ||= sign < 0;
    else if (operator === 'not') [sign, allowed] = [-sign, false];
    else if (sign > 0) sign = -sign;
    else return null;
  }
  if (allowed) return null;
  const each = about.size > 1 ? terms : terms.slice(0, 1);
  return each.flatMap(({ asked, turned }) => (sign === own ? asked : turned));
}
