/** What somebody may have meant whose words are not understood. */
import { isPrinciple, wordsWithSense, type Sense } from './patterns.ts';
import type { Phrase } from './read.ts';
import { PRINCIPLES } from '../phrases.ts';

/** Words of more than one meaning, or of none that is the model's, and what is near. */
const NEAR: readonly (readonly [words: string, offers: string])[] = [
  ['cherish treasure adore charity heart', 'care, kindness'],
  ['trust trustworthy trusted believe true trustworthiness credible', 'honesty, loyalty'],
  ['steal stealing theft thief rob robbing robbery plunder', 'no cheating, no greed'],
  [
    'selfish selfishness selfless selflessness altruism altruistic generous generosity unselfish sacrifice',
    'care, sharing',
  ],
  ['manipulate manipulation manipulative', 'no deceit, no force'],
  ['respect dignity', 'politeness, free choice'],
  ['responsible responsibility duty accountable accountability', 'keeping promises, honesty'],
  ['careful careless cautious', 'care'],
  ['rights right law lawful', 'freedom, justice'],
  ['good nice best', 'kindness, honesty'],
  ['brave bravery courage courageous', 'loyalty, honesty'],
  ['humble humility modest modesty patient patience', 'politeness, kindness'],
  ['success profit money wealth rich fame efficient efficiency', 'winning, no greed'],
  ['god religion faith', 'mercy, loyalty'],
  ['wise wisdom knowledge science reason', 'truth'],
  ['unity harmony together teamwork cooperation cooperate collaborate', 'solidarity, sharing'],
];
const MOST = 3;
/** Letters' pairs that two words have to share, of all they have, to look alike. */
const ALIKE = 0.55;

/** Up to three phrases, nearest first, each the model's own. */
export function offersFor(typed: string, { unknown, senses }: Phrase): string[] {
  const offers: string[] = [];
  const add = (phrases: readonly string[]) => {
    for (const phrase of phrases) if (isPrinciple(phrase) && !offers.includes(phrase)) offers.push(phrase);
  };
  for (const word of [...unknown, ...typed.split(' ')])
    for (const [words, near] of NEAR) if (words.split(' ').includes(word)) add(near.split(', '));
  if (senses.length > 0 && unknown.length === 0)
    for (const { asked, turned } of senses) add([...asked, ...turned].slice(0, 4));
  if (offers.length === 0)
    for (const word of unknown) for (const sense of lookingLike(word)) add(sense.asked);
  for (const { asked } of senses) add(asked);
  return offers.slice(0, MOST);
}

/** Words with a sense and principles, with the pairs of their letters; made when first needed. */
let candidates: { sense: Sense; pairs: ReadonlySet<string> }[] | undefined;

/** Senses of the words that share most of their letters with one, the most alike first. */
function lookingLike(word: string): Sense[] {
  if (word.length < 3 || word.length > 40) return [];
  candidates ??= [
    ...wordsWithSense(),
    ...PRINCIPLES.map(({ phrase }) => [phrase, { asked: [phrase], turned: [] }] as const),
  ].map(([other, sense]) => ({ sense, pairs: pairsOf(other) }));
  const own = pairsOf(word);
  return candidates
    .map(({ sense, pairs }) => ({ sense, alike: share(own, pairs) }))
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, 8)
    .map(({ sense }) => sense);
}

function pairsOf(word: string): Set<string> {
  const whole = ` ${word} `;
  return new Set(Array.from({ length: whole.length - 1 }, (_, i) => whole.slice(i, i + 2)));
}

/** Dice's coefficient of two sets. */
function share(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const one of a) if (b.has(one)) both++;
  return (2 * both) / (a.size + b.size);
}
