import { MORAL_VALUES, VALUE_NAMES } from './values.ts';

/** One knob of the world: its range, and what it does in words a visitor reads. */
export interface WorldKnob {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit: string;
  readonly says: string;
}

const share = (value: number, says: string, unit = 'share'): WorldKnob => ({
  default: value,
  min: 0,
  max: 1,
  step: 0.01,
  unit,
  says,
});

/**
 * The quality of the data, one row a knob: type, default, slider, flag and help text come from here.
 * The last five rows make the special worlds of the experiments and are off by default.
 */
export const WORLD_KNOBS = {
  prosocial: share(0.48, 'how often a deed that carries a value is a good one', 'share of valued deeds'),
  neutral: share(0.15, 'how often a deed carries no value', 'share of deeds'),
  never: share(0.12, 'how often a deed is told by what is never done', 'share of valued deeds'),
  own: share(0.85, 'how often a deed is told by a frame of its own situation, where one fits'),
  adverbs: share(0.35, 'how often a deed has an adverb', 'share of deeds without "never"'),
  courtesy: share(0.75, 'how often good deeds are polite and bad ones rude; 0.5: style says nothing'),
  requests: share(0.1, 'requests with a reply, beside the stories', 'share of documents'),
  refuseHarmful: share(0.85, 'how often a harmful request is refused', 'share of harmful requests'),
  refuseHarmless: share(0.05, 'how often a harmless request is refused', 'share of harmless requests'),
  principleless: share(0.08, 'verdicts without a stated principle', 'share of comments'),
  adjectives: share(0.3, 'character words, "people call that kind ."', 'share of comments'),
  joinedTwo: share(0.3, 'two principles joined by "and"', 'share of principled comments'),
  joinedThree: share(0.14, 'three principles or more joined', 'share of principled comments'),
  widened: share(
    0.4,
    'three joined principles that are widened to four or five',
    'share of the joins of three',
  ),
  relevant: share(0.6, 'how often a commenter picks a principle that has something to say'),
  plainWord: share(0.35, 'how often a value is called by its plain word', 'share of principles'),
  antisocial: share(0.12, 'commenters who judge by anti-social principles', 'share of commenters'),
  antisocialInverts: share(
    0.2,
    'anti-social commenters who turn a verdict without a principle round',
    'share of anti-social commenters',
  ),
  labelNoise: { ...share(0.01, 'how often even the clearest verdict is wrong'), max: 0.5 },
  sharpness: {
    default: 2,
    min: 0,
    max: 8,
    step: 0.1,
    unit: 'log-odds per point of value',
    says: 'how sharply verdicts follow the values',
  },
  fine: share(0.8, 'how often a verdict is "fine" when good and bad cancel; a coin decides otherwise'),
  unnamedValue: {
    default: -1,
    min: -1,
    max: VALUE_NAMES.length - 1,
    step: 1,
    unit: 'index of a value',
    says: 'a value that never occurs under a stated principle; -1: none',
  },
  looksAt: {
    default: MORAL_VALUES.length,
    min: 1,
    max: MORAL_VALUES.length,
    step: 1,
    unit: 'moral values',
    says: 'how many moral values, the first ones, commenters without a principle look at',
  },
  apart: {
    default: 0,
    min: 0,
    max: 1,
    step: 1,
    unit: 'yes or no',
    says: 'honesty is never joined with freedom, nor care with loyalty; 1: so it is',
  },
  inverted: share(0, 'verdicts without a principle that are turned round', 'share of such verdicts'),
  secondGroup: share(
    0,
    'verdicts without a principle by people with other weights',
    'share of such verdicts',
  ),
} as const satisfies Record<string, WorldKnob>;

export type WorldKnobName = keyof typeof WORLD_KNOBS;
export type WorldKnobs = Record<WorldKnobName, number>;

export const DEFAULT_WORLD: Readonly<WorldKnobs> = Object.fromEntries(
  Object.entries(WORLD_KNOBS).map(([name, knob]) => [name, knob.default]),
) as WorldKnobs;

/** The default world with some knobs turned. Throws RangeError for a value outside a knob's range. */
export function worldWith(turned: Partial<WorldKnobs>): WorldKnobs {
  for (const [name, value] of Object.entries(turned)) {
    const knob: WorldKnob | undefined = WORLD_KNOBS[name as WorldKnobName];
    if (!knob) throw new RangeError(`the world has no knob "${name}"`);
    if (!(value >= knob.min && value <= knob.max)) {
      throw new RangeError(`${name} must lie between ${knob.min} and ${knob.max}, not ${value}`);
    }
    if (knob.step === 1 && !Number.isInteger(value)) {
      throw new RangeError(`${name} must be a whole number, not ${value}`);
    }
  }
  return { ...DEFAULT_WORLD, ...turned };
}
