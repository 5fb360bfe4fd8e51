import { axis, fieldOf, type Field } from '../../math/field.ts';
import { mean } from '../../math/statistics.ts';
import { inWords, named, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { averaged } from '../framework/pooled.ts';
import { overSeeds } from '../framework/seeded.ts';
import type { Config, CutTraining, Rows, Shared, Weighing } from './measure.ts';

const SAFETY = 'five values';
/** Teachers whose own gain is held against it, those that were tried. */
const othersIn = ({ teachers }: Config): string[] =>
  ['politeness', 'likelihood', 'power'].filter((name) => name in teachers);

interface Sample {
  /** By teacher. */
  cut: Record<string, CutTraining>;
  /** By owner and teacher. */
  shared(owner: string, teacher: string): Shared;
  chance: Shared;
}

/** What E8 found. Intervals are over seeds, each with its own trainings and sample, and the situations of each. */
export function lowRankOutcome(found: Findings<Rows>, config: Config, { here, missing }: Available): Outcome {
  const samples = config.names
    .filter((name) => here.has(name))
    .flatMap((name) =>
      config.seeds.map((seed): Sample => ({
        cut: Object.fromEntries(
          Object.keys(config.teachers).map((teacher) => [teacher, found.get('cut', name, seed, teacher)]),
        ),
        shared: (owner, teacher) => found.get('shared', name, seed, owner, teacher),
        chance: found.get('chance', name, seed),
      })),
    );
  const estimates = [...rankMeasures(samples, config), ...sharedMeasures(samples, config)];
  const controls = controlMeasures(samples, config);
  return {
    headline: headlineOf(estimates, config),
    estimates,
    controls,
    series: seriesOf(samples, config),
    notes: notesOf(missing, config),
  };
}

type Figure = 'gains' | 'own';
const part = (sample: Sample, teacher: string, name: string): Weighing => sample.cut[teacher].parts[name];
/** Share of the whole training's gain that a part of it has. */
const share = (cut: number, whole: number) => (whole === 0 ? 0 : cut / whole);

/** A part's gain over the whole's, both of a teacher. */
const keptOf = (
  samples: readonly Sample[],
  name: string,
  teacher: string,
  figure: Figure,
  cut: string,
): Measure =>
  overSeeds(
    name,
    samples.map((sample) => [part(sample, teacher, cut)[figure], part(sample, teacher, 'whole')[figure]]),
    share,
  );

function rankMeasures(samples: readonly Sample[], config: Config): Measure[] {
  const ranks = config.kept.filter((k) => k > 0);
  const whole = (sample: Sample) => part(sample, SAFETY, 'whole');
  const four = (sample: Sample) => part(sample, SAFETY, 'weights kept 4');
  const carried = samples.filter((sample) => whole(sample).tiltGains && four(sample).tiltGains);
  const all = [SAFETY, ...othersIn(config)];
  return [
    ...ranks.map((k) =>
      keptOf(samples, `${SAFETY}: gain kept at rank ${k}`, SAFETY, 'gains', `weights kept ${k}`),
    ),
    keptOf(samples, `${SAFETY}: gain kept by vectors alone`, SAFETY, 'gains', 'weights kept 0'),
    ...config.removed.map((k) =>
      keptOf(
        samples,
        `${SAFETY}: gain left without the ${k} strongest`,
        SAFETY,
        'gains',
        `weights removed ${k}`,
      ),
    ),
    ...(carried.length > 0
      ? [
          overSeeds(
            `${SAFETY}: share of its tilt at rank 4, over that of the whole`,
            carried.map((sample) => [
              four(sample).gains,
              four(sample).tiltGains ?? [],
              whole(sample).gains,
              whole(sample).tiltGains ?? [],
            ]),
            (cut, cutTilt, gain, tilt) => share(share(cut, cutTilt), share(gain, tilt)),
          ),
        ]
      : []),
    ...(['final stream', 'logits'] as const).flatMap((space) => [
      ...config.kept.map((k) =>
        keptOf(
          samples,
          `${SAFETY}: gain kept at rank ${k} of the ${space}`,
          SAFETY,
          'gains',
          `${space} kept ${k}`,
        ),
      ),
      ...config.removed.map((k) =>
        keptOf(
          samples,
          `${SAFETY}: gain left without the ${k} strongest of the ${space}`,
          SAFETY,
          'gains',
          `${space} removed ${k}`,
        ),
      ),
    ]),
    ...all.flatMap((teacher) =>
      ranks.map((k) =>
        keptOf(samples, `${teacher}: own gain kept at rank ${k}`, teacher, 'own', `weights kept ${k}`),
      ),
    ),
    overSeeds(
      `own gain kept at rank 1: ${SAFETY} less the mean of others`,
      samples.map((sample) =>
        all.flatMap((teacher) => [
          part(sample, teacher, 'weights kept 1').own,
          part(sample, teacher, 'whole').own,
        ]),
      ),
      (...means) => {
        const shares = all.map((_, i) => share(means[2 * i], means[2 * i + 1]));
        return shares[0] - mean(shares.slice(1));
      },
    ),
    ...all.map((teacher) =>
      overSeeds(
        `${teacher}: loss of stories after training, less before`,
        samples.map((sample) => [[part(sample, teacher, 'whole').loss ?? 0]]),
        undefined,
        'nats a token',
      ),
    ),
    ...['weights kept 4', 'weights removed 4'].map((cut) =>
      overSeeds(
        `${SAFETY}: loss of stories, ${cut}, less before`,
        samples.map((sample) => [[part(sample, SAFETY, cut).loss ?? 0]]),
        undefined,
        'nats a token',
      ),
    ),
    ...['whole', 'weights kept 1', 'weights kept 4', 'weights removed 4'].map((cut) =>
      averaged(
        `${SAFETY}: well-formed, ${cut}`,
        samples.map((sample) => part(sample, SAFETY, cut).wellFormed),
      ),
    ),
  ];
}

function sharedMeasures(samples: readonly Sample[], { shared }: Config): Measure[] {
  const within = (owner: string, teacher: string) =>
    overSeeds(
      `in the subspace of ${owner}: own gain kept by ${teacher}${owner === teacher ? ' of another seed' : ''}`,
      samples.map((sample) => {
        const { within: cut, whole } = sample.shared(owner, teacher);
        return [cut, whole];
      }),
      share,
    );
  const others = ['politeness', 'likelihood'].filter((teacher) =>
    shared.some(([owner, other]) => owner === SAFETY && other === teacher),
  );
  return [
    ...shared.map(([owner, teacher]) => within(owner, teacher)),
    ...others.map((teacher) =>
      overSeeds(
        `in the five values’ subspace: ${teacher} over five values of another seed`,
        samples.map((sample) => {
          const [one, two] = [sample.shared(SAFETY, teacher), sample.shared(SAFETY, SAFETY)];
          return [one.within, one.whole, two.within, two.whole];
        }),
        (a, wholeA, b, wholeB) => share(share(a, wholeA), share(b, wholeB)),
      ),
    ),
    ...shared.map(([owner, teacher]) =>
      averaged(
        `overlap of the subspaces of ${owner} and ${teacher}${owner === teacher ? ' of another seed' : ''}`,
        samples.map((sample) => sample.shared(owner, teacher).overlap),
      ),
    ),
  ];
}

function controlMeasures(samples: readonly Sample[], { teachers }: Config): Measure[] {
  const names = Object.keys(teachers);
  return [
    overSeeds(
      `in a random subspace: own gain kept by ${SAFETY}`,
      samples.map(({ chance }) => [chance.within, chance.whole]),
      share,
    ),
    averaged(
      'overlap of a subspace with a random one',
      samples.map(({ chance }) => chance.overlap),
    ),
    ...names.flatMap((teacher) => [
      averaged(
        `${teacher}: KL`,
        samples.map((sample) => part(sample, teacher, 'whole').kl),
        'nats',
      ),
      averaged(
        `${teacher}: KL at rank 1`,
        samples.map((sample) => part(sample, teacher, 'weights kept 1').kl),
        'nats',
      ),
      overSeeds(
        `${teacher}: gain in true value`,
        samples.map((sample) => [part(sample, teacher, 'whole').gains]),
        undefined,
        'V*',
      ),
      averaged(
        `${teacher}: gain in true value by samples of its own`,
        samples.map((sample) => sample.cut[teacher].sampled.gain),
        'V*',
      ),
      averaged(
        `${teacher}: well-formed by samples of its own`,
        samples.map((sample) => sample.cut[teacher].sampled.wellFormed),
      ),
    ]),
  ];
}

function headlineOf(estimates: readonly Measure[], config: Config): string {
  const say = (name: string) => inWords(named(estimates, name).value);
  return (
    `One direction of every matrix keeps ${say(`${SAFETY}: gain kept at rank 1`)} of the gain, four keep ` +
    `${say(`${SAFETY}: gain kept at rank 4`)}, and without the four ` +
    `${say(`${SAFETY}: gain left without the 4 strongest`)} is left. But any judge’s training is as low in rank: one ` +
    `direction keeps ${othersIn(config)
      .map(
        (teacher) =>
          `${say(`${teacher}: own gain kept at rank 1`)} of what ${teacher} gains in its own score`,
      )
      .join(', ')}. ` +
    `The five values’ subspace holds ${say(`in the subspace of ${SAFETY}: own gain kept by ${SAFETY} of another seed`)} of ` +
    `the same training under another seed and ${say(`in the subspace of ${SAFETY}: own gain kept by politeness`)} of politeness.`
  );
}

function seriesOf(samples: readonly Sample[], config: Config): Field[] {
  const { kept, removed, teachers } = config;
  const over = (of: (sample: Sample) => number) => mean(samples.map(of));
  const judged = [SAFETY, ...othersIn(config)];
  const names = Object.keys(teachers);
  const kept1 = kept.filter((k) => k > 0);
  const spaces = ['weights', 'final stream', 'logits'] as const;
  return [
    fieldOf(
      'gain in the judge’s own score that the k strongest directions of every matrix keep',
      'share of the whole',
      [axis('directions kept', kept), axis('teacher', judged)],
      (i, t) =>
        over((sample) =>
          share(
            mean(part(sample, judged[t], `weights kept ${kept[i]}`).own),
            mean(part(sample, judged[t], 'whole').own),
          ),
        ),
    ),
    fieldOf(
      'gain in true value that the k strongest directions keep, by what is cut',
      'share of the whole',
      [axis('directions kept', kept), axis('cut', spaces)],
      (i, s) =>
        over((sample) =>
          share(
            mean(part(sample, SAFETY, `${spaces[s]} kept ${kept[i]}`).gains),
            mean(part(sample, SAFETY, 'whole').gains),
          ),
        ),
    ),
    fieldOf(
      'gain in true value that is left without the k strongest directions, by what is cut',
      'share of the whole',
      [axis('directions removed', removed), axis('cut', spaces)],
      (i, s) =>
        over((sample) =>
          share(
            mean(part(sample, SAFETY, `${spaces[s]} removed ${removed[i]}`).gains),
            mean(part(sample, SAFETY, 'whole').gains),
          ),
        ),
    ),
    fieldOf(
      'squared change of all weights in the k strongest directions',
      'share of the whole',
      [axis('directions', kept1), axis('teacher', names)],
      (i, t) => over((sample) => sample.cut[names[t]].shares.weights[kept.indexOf(kept1[i])]),
    ),
    fieldOf(
      'gain in true value as a share of the tilt’s at the same KL',
      '',
      [axis('directions kept', kept1)],
      (i) =>
        over((sample) => {
          const { gains, tiltGains } = part(sample, SAFETY, `weights kept ${kept1[i]}`);
          return tiltGains ? share(mean(gains), mean(tiltGains)) : 0;
        }),
    ),
  ];
}

function notesOf(missing: readonly string[], { kl, steps, subspace, kept }: Config): string[] {
  return [
    `Every training is by DPO to ${kl} nats or ${steps} updates. Policies, whole or cut, are weighed on the same responses of ` +
      'the reference by π/π₀; gain and KL of a cut policy are its own, and so is the tilt that it is held against.',
    'A direction is a singular one, of every weight matrix by itself (embeddings too); biases and gains of layer norms ' +
      'are kept with the strongest and taken away with them. Final stream and logits are cut along the axes of the largest ' +
      'mean square of their change; the unembedding is the policy’s own, so that “rank 0 of the final stream” is what the ' +
      'embedding’s own change does.',
    `A subspace is the span of the ${subspace} strongest directions of every matrix on both of its sides.`,
    `“Five values” is the constitution of honesty, care, fairness, freedom and loyalty; shuffled scores are its own in random ` +
      `order: they gain nothing, and say how low in rank noise is (ranks ${kept.join(', ')} in the figures).`,
    'Published for larger models: safety in 3% of the parameters and 2.5% of the ranks (Wei et al., 2402.05162); and against ' +
      'it, subspaces that amplify safe behaviour amplify useful behaviour too (2505.14185).',
    ...(missing.length > 0 ? [`Models that were not there: ${missing.join(', ')}.`] : []),
  ];
}
