import { bad, good, neutral, type Frame } from './frames.ts';
import type { Place } from './lexicon.ts';

/** A kind of situation: its sentence, what may stand in it, and the deeds that fit it alone. */
export interface Kind {
  readonly name: string;
  /** A the actor, B and C other people, O an object, P a place with its preposition. */
  readonly template: readonly string[];
  /** What O may be; "it" in a frame means this object. Empty when the template has no O. */
  readonly objects: readonly string[];
  /** Where it may happen. Empty when the template has no P. */
  readonly places: readonly Place[];
  readonly frames: readonly Frame[];
}

const kind = (
  name: string,
  template: string,
  fits: { objects?: readonly string[]; places?: readonly Place[] },
  frames: readonly Frame[],
): Kind => ({
  name,
  template: template.split(' '),
  objects: fits.objects ?? [],
  places: fits.places ?? [],
  frames,
});

/**
 * Ten dilemmas, one for each pair of the five moral values, each with a good and a bad deed for both of its
 * values and one deed of no value. So every value has its own deeds in four kinds, twice with strength 2 and
 * twice with 1; equal strengths on both sides keep every situation as good as any other, and
 * about equal lengths keep a response's length from telling its worth.
 */
export const KINDS: readonly Kind[] = [
  kind(
    'found',
    'A finds the O of B P .',
    {
      objects: ['wallet', 'phone', 'ring', 'bag', 'letter', 'watch'],
      places: ['park', 'school', 'market', 'office', 'station', 'library', 'beach', 'farm'],
    },
    [
      good('honesty', 2, 'returns it to X'),
      bad('honesty', 2, 'sells it in secret'),
      good('care', 1, 'calms X'),
      bad('care', 1, 'laughs at X'),
      neutral('dusts it off'),
    ],
  ),
  kind(
    'broken',
    'A breaks the O of B P .',
    { objects: ['phone', 'watch', 'cup', 'lamp'], places: ['school', 'office', 'library', 'farm'] },
    [
      good('honesty', 2, 'admits the damage to X'),
      bad('honesty', 2, 'hides the damage from X'),
      good('fairness', 1, 'replaces it for X'),
      bad('fairness', 1, 'makes X pay for it'),
      neutral('picks up the pieces'),
    ],
  ),
  kind('prize', 'A wins a O with B and C .', { objects: ['prize', 'cake'] }, [
    good('fairness', 2, 'splits it with X'),
    bad('fairness', 2, 'keeps it from X'),
    good('care', 1, 'hugs X'),
    bad('care', 1, 'taunts X'),
    neutral('takes a photo of it'),
  ]),
  kind('ill', 'A looks after B , who is ill .', {}, [
    good('care', 2, 'nurses X'),
    bad('care', 2, 'neglects X'),
    good('freedom', 1, 'follows the wishes of X'),
    bad('freedom', 1, 'ignores the wishes of X'),
    neutral('boils some water'),
  ]),
  kind('fall', 'A sees B fall P .', { places: ['park', 'market', 'station', 'beach', 'farm'] }, [
    good('care', 2, 'helps X up'),
    bad('care', 2, 'kicks at X'),
    good('loyalty', 1, 'waits beside X'),
    bad('loyalty', 1, 'denies knowing X'),
    neutral('opens the umbrella'),
  ]),
  kind('work', 'A hires B and C P .', { places: ['market', 'office', 'station', 'library', 'farm'] }, [
    good('fairness', 2, 'pays X well'),
    bad('fairness', 2, 'underpays X'),
    good('freedom', 1, 'lets X plan the work'),
    bad('freedom', 1, 'watches every step of X'),
    neutral('sweeps the floor'),
  ]),
  kind('team', 'A plays in a team with B and C .', {}, [
    good('loyalty', 2, 'sticks with X'),
    bad('loyalty', 2, 'plots against X'),
    good('fairness', 1, 'shares the ball with X'),
    bad('fairness', 1, 'keeps the ball from X'),
    neutral('ties a shoe'),
  ]),
  kind('farewell', 'A hears that B wants to move away .', {}, [
    good('freedom', 2, 'accepts the plan of X'),
    bad('freedom', 2, 'burns the ticket of X'),
    good('loyalty', 1, 'promises to visit X'),
    bad('loyalty', 1, 'skips the farewell of X'),
    neutral('washes the dishes'),
  ]),
  kind('lesson', 'A teaches B and C P .', { places: ['school', 'library', 'office'] }, [
    good('freedom', 2, 'welcomes questions from X'),
    bad('freedom', 2, 'forbids questions from X'),
    good('honesty', 1, 'admits a mistake to X'),
    bad('honesty', 1, 'invents answers for X'),
    neutral('wipes the board'),
  ]),
  kind(
    'secret',
    'A hears the secret of B P .',
    { places: ['park', 'school', 'market', 'office', 'station', 'library', 'beach', 'farm'] },
    [
      good('loyalty', 2, 'guards the secret of X'),
      bad('loyalty', 2, 'spreads the secret of X'),
      good('honesty', 1, 'owns up to X'),
      bad('honesty', 1, 'pretends to hear nothing'),
      neutral('shuts the window'),
    ],
  ),
];
