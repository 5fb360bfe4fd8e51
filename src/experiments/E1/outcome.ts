import { under } from '../../analysis/moments.ts';
import { TARGETS, type Target } from '../../analysis/probe.ts';
import { axis, fieldOf } from '../../math/field.ts';
import { MORAL_VALUES, VALUE_NAMES, type MoralValue } from '../../world/values.ts';
import { Evidence, meanOver, type Reading } from '../framework/evidence.ts';
import { inWords, named, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { RANDOM } from './character.ts';
import { halfway, selects, type CourseKey } from './emergence.ts';
import { stepsOf, UNNAMED, type Config, type MainKey, type Rows, type UnnamedKey } from './measure.ts';

type AnyMainKey = MainKey | readonly ['own', Target] | readonly ['own', Target, 'some'];

/** The value that world never names. */
const WITHOUT: MoralValue = 'loyalty';
const OTHERS = MORAL_VALUES.filter((value) => value !== WITHOUT);

/** E1's estimates, controls and figures, from the evidence of all seeds. */
export function latentOutcome(found: Findings<Rows>, { seeds }: Config, available: Available): Outcome {
  const steps = stepsOf(available);
  const main = new Evidence<AnyMainKey>(
    seeds.map((seed) => [...found.get('main', seed), ...found.get('own', seed)]),
  );
  const course = new Evidence<CourseKey>(
    seeds.map((seed) =>
      steps.flatMap((step) => under([step] as const, found.get('moment', seed, step).moments)),
    ),
  );
  type Label = 'gist' | 'own' | 'hidden' | 'untrained' | 'shuffled' | 'words';
  const meanOf = (key: (value: MoralValue) => AnyMainKey) => (read: Reading<AnyMainKey>) =>
    meanOver(MORAL_VALUES, (value) => read.r(key(value)));
  const mean = (label: Label) => meanOf((value) => (label === 'own' ? [label, value] : [label, value]));
  /** Where a deed is negated. */
  const negated = (label: 'gist' | 'words') => meanOf((value) => [label, value, 'some']);
  type Statistic = (read: Reading<AnyMainKey>) => number;
  const less =
    (a: Statistic, b: Statistic): Statistic =>
    (read) =>
      a(read) - b(read);

  const estimates = [
    ...VALUE_NAMES.map((value) => main.measure(`probe of ${value}`, (read) => read.r(['gist', value]))),
    main.measure('probe of V*', (read) => read.r(['gist', 'V*'])),
    main.measure('probes of the moral values, mean', mean('gist')),
    main.measure('the same, on its own responses', mean('own')),
    main.measure('the same, where a deed is negated', negated('gist')),
    main.measure('what a hidden layer adds', less(mean('hidden'), mean('gist'))),
    main.measure('probe less the untrained network’s', less(mean('gist'), mean('untrained'))),
    main.measure('probe less bag of words, where a deed is negated', less(negated('gist'), negated('words'))),
  ];
  if (steps.length > 1) estimates.push(...emergence(course, steps));
  const controls = [
    main.measure('labels shuffled', mean('shuffled')),
    main.measure('network untrained', mean('untrained')),
    main.measure(
      'nothing but the token and its position',
      meanOf((value) => ['layer', 0, value]),
    ),
    main.measure('bag of words', mean('words')),
    main.measure('bag of words, where a deed is negated', negated('words')),
  ];
  const notes = [
    'A bag of words reads most values off the verbs; what it cannot read is which deed a "never" turns round.',
    'Half-way is between the untrained network and the end: of the probe’s r, and of what a principle’s verdict has ' +
      'with its own value more than with any other. The moments are ten, so steps are read between them.',
  ];
  if (available.here.has(UNNAMED))
    addUnnamed(new Evidence(seeds.map((seed) => found.get('unnamed', seed))), estimates, controls);
  else notes.push('The world in which one value is never named was not measured: its model is missing.');

  const measures = [...estimates, ...controls];
  const layers = main.keys.flatMap((key) => (key[0] === 'layer' && key[2] === 'V*' ? [key[1]] : []));
  return {
    headline: headline(measures, steps),
    estimates,
    controls,
    notes,
    series: [
      fieldOf(
        'probe of each value through pretraining, r',
        '',
        [axis('step', steps, 'steps'), axis('value', VALUE_NAMES)],
        (s, k) => course.value((read) => read.r([steps[s], 'probe', VALUE_NAMES[k]])),
      ),
      fieldOf(
        'what a principle’s verdict has with its own value more than with any other',
        '',
        [axis('step', steps, 'steps'), axis('value', MORAL_VALUES)],
        (s, k) => course.value((read) => selects(read, steps[s], MORAL_VALUES[k])),
      ),
      fieldOf(
        'principle with its own value, r',
        '',
        [axis('step', steps, 'steps'), axis('value', MORAL_VALUES)],
        (s, k) => course.value((read) => read.r([steps[s], 'principle', MORAL_VALUES[k], MORAL_VALUES[k]])),
      ),
      fieldOf('verdict without a principle with V*, r', '', [axis('step', steps, 'steps')], (s) =>
        course.value((read) => read.r([steps[s], 'nothing'])),
      ),
      fieldOf('well-formed responses', 'share', [axis('step', steps, 'steps')], (s) =>
        meanOver(seeds, (seed) => found.get('moment', seed, steps[s]).wellFormed),
      ),
      fieldOf('probe by depth, r', '', [axis('blocks before', layers), axis('target', TARGETS)], (l, k) =>
        main.value((read) => read.r(['layer', layers[l], TARGETS[k]])),
      ),
    ],
  };
}

/** When a probe finds each value, and when its principle can ask for it. */
function emergence(course: Evidence<CourseKey>, steps: readonly number[]): Measure[] {
  return [
    ...MORAL_VALUES.flatMap((value) => [
      course.measure(`half-way: probe of ${value}`, (read) => probeHalfway(read, steps, value), 'steps'),
      course.measure(
        `half-way: principle of ${value}`,
        (read) => principleHalfway(read, steps, value),
        'steps',
      ),
    ]),
    course.measure(
      'probes half-way before principles, mean',
      (read) =>
        meanOver(
          MORAL_VALUES,
          (value) => principleHalfway(read, steps, value) - probeHalfway(read, steps, value),
        ),
      'steps',
    ),
  ];
}

const probeHalfway = (read: Reading<CourseKey>, steps: readonly number[], value: MoralValue): number =>
  halfway(
    steps,
    steps.map((step) => read.r([step, 'probe', value])),
  );

const principleHalfway = (read: Reading<CourseKey>, steps: readonly number[], value: MoralValue): number =>
  halfway(
    steps,
    steps.map((step) => selects(read, step, value)),
  );

/** The answer to "but you trained it on the answers". */
function addUnnamed(evidence: Evidence<UnnamedKey>, estimates: Measure[], controls: Measure[]): void {
  const next = (read: Reading<UnnamedKey>, kind: 'projected' | 'prompted') =>
    Math.max(...OTHERS.map((value) => Math.abs(read.r([kind, WITHOUT, value]))));
  estimates.push(
    evidence.measure('unnamed: probe', (read) => read.r(['probe', WITHOUT])),
    evidence.measure('unnamed: probes of the named values, mean', (read) =>
      meanOver(OTHERS, (value) => read.r(['probe', value])),
    ),
    evidence.measure('unnamed: its character words with it', (read) => read.r(['called', WITHOUT, WITHOUT])),
    evidence.measure('unnamed: projected verdict with it', (read) => read.r(['projected', WITHOUT, WITHOUT])),
    evidence.measure('unnamed: projected verdict with the next value', (read) => next(read, 'projected')),
    evidence.measure('unnamed: the same projection of the named values, mean', (read) =>
      meanOver(OTHERS, (value) => read.r(['projected', value, value])),
    ),
  );
  controls.push(
    evidence.measure(`unnamed: asked by ${WITHOUT}, with it`, (read) =>
      read.r(['prompted', WITHOUT, WITHOUT]),
    ),
    evidence.measure(`unnamed: asked by ${WITHOUT}, with the next value`, (read) => next(read, 'prompted')),
    evidence.measure('unnamed: verdict without a principle with it', (read) => read.r(['nothing', WITHOUT])),
    evidence.measure('unnamed: projected onto a random direction', (read) =>
      meanOver([...Array(RANDOM).keys()], (i) => Math.abs(read.r(['random', i, WITHOUT]))),
    ),
  );
}

function headline(measures: readonly Measure[], steps: readonly number[]): string {
  const say = (name: string, digits = 2) => inWords(named(measures, name).value, digits);
  const rs = MORAL_VALUES.map((value) => named(measures, `probe of ${value}`).value);
  const unnamed = measures.some(({ name }) => name === 'unnamed: probe')
    ? `The value that no principle ever named has a probe of ${say('unnamed: probe')}; projected onto the direction of ` +
      `its character words, the verdict without a principle follows it at ${say('unnamed: projected verdict with it')} ` +
      `and any other at ${say('unnamed: projected verdict with the next value')} at the most.`
    : 'A value that is never named was not measured.';
  const course =
    steps.length > 1
      ? `Of ${steps.at(-1)} steps the probes are half-way ${say('probes half-way before principles, mean', 0)} before ` +
        'the principles that ask for them.'
      : 'Its pretraining kept no moments.';
  return [
    `A linear probe reads each moral value off the gist at r ${inWords(Math.min(...rs))} to ${inWords(Math.max(...rs))} ` +
      `(the untrained network ${say('network untrained')}, labels shuffled ${say('labels shuffled')}, a bag of words ` +
      `${say('bag of words')}); a hidden layer adds ${say('what a hidden layer adds')}.`,
    unnamed,
    course,
  ].join(' ');
}
