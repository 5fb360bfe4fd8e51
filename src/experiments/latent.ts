import { axis, fieldOf } from '../math/field.ts';
import { MORAL_VALUES, VALUE_NAMES, type MoralValue } from '../world/values.ts';
import { RANDOM } from './character.ts';
import { atStep, halfway, selects, type Moment } from './emergence.ts';
import { Evidence, meanOver, type Ledger, type Reading } from './evidence.ts';
import { inWords, named, type Measure, type Outcome } from './experiment.ts';
import { TARGETS } from './probing.ts';

/** What E1 found with one seed of sampling. */
export interface SeedOfLatent {
  /** Probes at every depth and controls: "layer l target", "gist target", "hidden …", "words …" and so on. */
  main: Ledger;
  /** One a kept step of pretraining. */
  course: Moment[];
  /** Of the world in which one value is never named, where its model is there. */
  unnamed?: Ledger;
}

/** The value that world never names. */
const WITHOUT: MoralValue = 'loyalty';
const OTHERS = MORAL_VALUES.filter((value) => value !== WITHOUT);

/** E1's estimates, controls and figures, from the evidence of all seeds. */
export function latentOutcome(steps: readonly number[], seeds: readonly SeedOfLatent[]): Outcome {
  const main = new Evidence(seeds.map((seed) => seed.main));
  const course = new Evidence(
    seeds.map((seed) => Object.assign({}, ...seed.course.map((m, i) => atStep(steps[i], m))) as Ledger),
  );
  const mean =
    (label: string, ending = '') =>
    (read: Reading) =>
      meanOver(MORAL_VALUES, (value) => read.r(`${label} ${value}${ending}`));
  const less = (a: (read: Reading) => number, b: (read: Reading) => number) => (read: Reading) =>
    a(read) - b(read);
  const some = ' among some';

  const estimates = [
    ...VALUE_NAMES.map((value) => main.measure(`probe of ${value}`, (read) => read.r(`gist ${value}`))),
    main.measure('probe of V*', (read) => read.r('gist V*')),
    main.measure('probes of the moral values, mean', mean('gist')),
    main.measure('the same, on its own responses', mean('own')),
    main.measure('the same, where a deed is negated', mean('gist', some)),
    main.measure('what a hidden layer adds', less(mean('hidden'), mean('gist'))),
    main.measure('probe less the untrained network’s', less(mean('gist'), mean('untrained'))),
    main.measure(
      'probe less bag of words, where a deed is negated',
      less(mean('gist', some), mean('words', some)),
    ),
  ];
  if (steps.length > 1) estimates.push(...emergence(course, steps));
  const controls = [
    main.measure('labels shuffled', mean('shuffled')),
    main.measure('network untrained', mean('untrained')),
    main.measure('nothing but the token and its position', mean('layer 0')),
    main.measure('bag of words', mean('words')),
    main.measure('bag of words, where a deed is negated', mean('words', some)),
  ];
  const notes = [
    'A bag of words reads most values off the verbs; what it cannot read is which deed a "never" turns round.',
    'Half-way is between the untrained network and the end: of the probe’s r, and of what a principle’s verdict has ' +
      'with its own value more than with any other. The moments are ten, so steps are read between them.',
  ];
  if (seeds[0].unnamed) addUnnamed(new Evidence(seeds.map((seed) => seed.unnamed!)), estimates, controls);
  else notes.push('The world in which one value is never named was not measured: its model is missing.');

  const measures = [...estimates, ...controls];
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
        (s, k) => course.value((read) => read.r(`${steps[s]} probe ${VALUE_NAMES[k]}`)),
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
        (s, k) =>
          course.value((read) => read.r(`${steps[s]} principle ${MORAL_VALUES[k]} ${MORAL_VALUES[k]}`)),
      ),
      fieldOf('verdict without a principle with V*, r', '', [axis('step', steps, 'steps')], (s) =>
        course.value((read) => read.r(`${steps[s]} nothing V*`)),
      ),
      fieldOf('well-formed responses', 'share', [axis('step', steps, 'steps')], (s) =>
        meanOver(seeds, (seed) => seed.course[s].wellFormed),
      ),
      fieldOf(
        'probe by depth, r',
        '',
        [axis('blocks before', layersOf(seeds[0].main)), axis('target', TARGETS)],
        (l, k) => main.value((read) => read.r(`layer ${l} ${TARGETS[k]}`)),
      ),
    ],
  };
}

/** When a probe finds each value, and when its principle can ask for it. */
function emergence(course: Evidence, steps: readonly number[]): Measure[] {
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

const layersOf = (ledger: Ledger): number[] =>
  Object.keys(ledger).flatMap((name) => {
    const found = /^layer (\d+) V\*$/.exec(name);
    return found ? [Number(found[1])] : [];
  });

const probeHalfway = (read: Reading, steps: readonly number[], value: MoralValue): number =>
  halfway(
    steps,
    steps.map((step) => read.r(`${step} probe ${value}`)),
  );

const principleHalfway = (read: Reading, steps: readonly number[], value: MoralValue): number =>
  halfway(
    steps,
    steps.map((step) => selects(read, step, value)),
  );

/** The answer to "but you trained it on the answers". */
function addUnnamed(evidence: Evidence, estimates: Measure[], controls: Measure[]): void {
  const next = (read: Reading, name: string) =>
    Math.max(...OTHERS.map((value) => Math.abs(read.r(`${name} ${value}`))));
  estimates.push(
    evidence.measure('unnamed: probe', (read) => read.r(`probe ${WITHOUT}`)),
    evidence.measure('unnamed: probes of the named values, mean', (read) =>
      meanOver(OTHERS, (value) => read.r(`probe ${value}`)),
    ),
    evidence.measure('unnamed: its character words with it', (read) =>
      read.r(`${WITHOUT} called ${WITHOUT}`),
    ),
    evidence.measure('unnamed: projected verdict with it', (read) =>
      read.r(`${WITHOUT} projected ${WITHOUT}`),
    ),
    evidence.measure('unnamed: projected verdict with the next value', (read) =>
      next(read, `${WITHOUT} projected`),
    ),
    evidence.measure('unnamed: the same projection of the named values, mean', (read) =>
      meanOver(OTHERS, (value) => read.r(`${value} projected ${value}`)),
    ),
  );
  controls.push(
    evidence.measure(`unnamed: asked by ${WITHOUT}, with it`, (read) =>
      read.r(`${WITHOUT} prompted ${WITHOUT}`),
    ),
    evidence.measure(`unnamed: asked by ${WITHOUT}, with the next value`, (read) =>
      next(read, `${WITHOUT} prompted`),
    ),
    evidence.measure('unnamed: verdict without a principle with it', (read) => read.r(`nothing ${WITHOUT}`)),
    evidence.measure('unnamed: projected onto a random direction', (read) =>
      meanOver([...Array(RANDOM).keys()], (i) => Math.abs(read.r(`random ${i} ${WITHOUT}`))),
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
