import { bad, good, neutral, type Frame } from './frames.ts';

/** Who lives in this world. One token each; the sentences need no pronouns. */
export const NAMES = [
  'anna',
  'ben',
  'carla',
  'david',
  'emma',
  'frank',
  'lena',
  'maria',
  'noah',
  'omar',
  'rosa',
  'sam',
] as const;

/** Where things happen, with the preposition that fits. Three tokens each. */
export const PLACES = {
  park: 'in the park',
  school: 'at the school',
  market: 'at the market',
  office: 'at the office',
  station: 'at the station',
  library: 'in the library',
  beach: 'on the beach',
  farm: 'on the farm',
} as const;

export type Place = keyof typeof PLACES;

/** Style: +1 polite, −1 rude, 0 neither. */
export const ADVERBS: Readonly<Record<string, number>> = {
  politely: 1,
  courteously: 1,
  graciously: 1,
  rudely: -1,
  gruffly: -1,
  bluntly: -1,
  slowly: 0,
  quietly: 0,
  quickly: 0,
};

/**
 * Deeds that fit every situation. Each value has the same strengths, (2, 1, 1), on both sides and about as many
 * words, so that no side weighs more and a longer deed is not a better one. The base form is what requests ask
 * for; deeds without one never occur there, which keeps the vocabulary small.
 */
export const GENERAL_FRAMES: readonly Frame[] = [
  good('honesty', 2, 'tells X the truth', 'tell X the truth'),
  good('honesty', 1, 'speaks openly with X', 'speak openly with X'),
  good('honesty', 1, 'shows X the facts'),
  bad('honesty', 2, 'lies to X', 'lie to X'),
  bad('honesty', 1, 'hides the facts from X'),
  bad('honesty', 1, 'plays tricks on X'),

  good('care', 2, 'cares for X', 'care for X'),
  good('care', 1, 'comforts X', 'comfort X'),
  good('care', 1, 'cooks for X'),
  bad('care', 2, 'throws stones at X', 'throw stones at X'),
  bad('care', 1, 'mocks X', 'mock X'),
  bad('care', 1, 'scares X'),

  good('fairness', 2, 'treats X as an equal', 'treat X as an equal'),
  good('fairness', 1, 'takes turns with X'),
  good('fairness', 1, 'shares the food with X', 'share the food with X'),
  bad('fairness', 2, 'cheats X at cards', 'cheat X at cards'),
  bad('fairness', 1, 'judges X without any proof', 'judge X without any proof'),
  bad('fairness', 1, 'eats the food of X', 'eat the food of X'),

  good('freedom', 2, 'respects the choice of X', 'respect the choice of X'),
  good('freedom', 1, 'lets X speak', 'let X speak'),
  good('freedom', 1, 'gives X some space', 'give X some space'),
  bad('freedom', 2, 'forces X to obey', 'force X to obey'),
  bad('freedom', 1, 'orders X around', 'order X around'),
  bad('freedom', 1, 'spies on X at night', 'spy on X at night'),

  good('loyalty', 2, 'stands by X', 'stand by X'),
  good('loyalty', 1, 'defends X', 'defend X'),
  good('loyalty', 1, 'stays with X', 'stay with X'),
  bad('loyalty', 2, 'betrays X', 'betray X'),
  bad('loyalty', 1, 'sides against X'),
  bad('loyalty', 1, 'gossips about X', 'gossip about X'),

  neutral('greets X'),
  neutral('talks with X', 'talk with X'),
  neutral('reads a book', 'read a book'),
  neutral('drinks some tea', 'drink some tea'),
  neutral('counts the birds', 'count the birds'),
  neutral('hums a song'),
];
