import type { Meeting } from '../../analysis/meeting.ts';
import { axis, fieldOf, type Field } from '../../math/field.ts';
import { mean } from '../../math/statistics.ts';
import { inWords, named, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { averaged } from '../framework/pooled.ts';
import { overSeeds } from '../framework/seeded.ts';
import { METRICS, type Changed, type Config, type Metric, type Rows, type Standing } from './measure.ts';

interface Sample {
  standing: Standing;
  /** By constitution. */
  changed: Record<string, Changed>;
}

/** What E15 found. Intervals are over seeds, of samples, of names and of trainings, and over the values. */
export function meetingOutcome(found: Findings<Rows>, config: Config, { here, missing }: Available): Outcome {
  const texts = [...config.values, config.all];
  const samples = config.names
    .filter((name) => here.has(name))
    .flatMap((name) =>
      config.seeds.map((seed): Sample => ({
        standing: found.get('standing', name, seed),
        changed: Object.fromEntries(texts.map((text) => [text, found.get('changed', name, seed, text)])),
      })),
    );
  const estimates = [
    ...METRICS.flatMap((metric) => meetingMeasures(samples, config, metric)),
    ...effectMeasures(samples),
  ];
  return {
    headline: headlineOf(estimates),
    estimates,
    controls: controlMeasures(samples, config),
    series: seriesOf(samples, config),
    notes: notesOf(missing, config),
  };
}

function meetingMeasures(samples: readonly Sample[], { values, all }: Config, metric: Metric): Measure[] {
  const suffix = metric === 'whitened' ? '' : ', not whitened';
  const pair = (name: string, of: (sample: Sample) => Meeting[]) => [
    overSeeds(
      `${name}, overlap${suffix}`,
      samples.map((sample) => [of(sample).map(({ overlap }) => overlap)]),
    ),
    overSeeds(
      `${name}, beyond share of random ones${suffix}`,
      samples.map((sample) => [of(sample).map(({ beyond }) => beyond)]),
    ),
  ];
  const changed = (sample: Sample, text: string) => sample.changed[text].by[metric];
  const own = (key: 'constitutions' | 'within') => (sample: Sample) =>
    values.map((value) => changed(sample, value)[key][value]);
  const othersOf = (sample: Sample, value: string, key: 'constitutions' | 'within') =>
    mean(
      values.filter((other) => other !== value).map((other) => changed(sample, value)[key][other].overlap),
    );
  const difference = (name: string, key: 'constitutions' | 'within') =>
    overSeeds(
      `${name}${suffix}`,
      samples.map((sample) => [
        own(key)(sample).map(({ overlap }) => overlap),
        values.map((value) => othersOf(sample, value, key)),
      ]),
      (mine, theirs) => mine - theirs,
    );
  return [
    ...pair('refusal in the five values’ subspace', ({ standing }) => [standing.refusal[metric][all]]),
    ...pair('change in its own value’s subspace', own('constitutions')),
    difference('change in its own value’s subspace less in other values’', 'constitutions'),
    ...pair('change within situations in its own value’s subspace', own('within')),
    difference('change within situations in its own value’s subspace less in other values’', 'within'),
    ...pair('five values’ change in the five values’ subspace', (sample) => [
      changed(sample, all).constitutions[all],
    ]),
    ...pair('refusal in the five values’ change', (sample) => [changed(sample, all).refusal]),
    ...pair('refusal in one value’s change', (sample) =>
      values.map((value) => changed(sample, value).refusal),
    ),
  ];
}

function effectMeasures(samples: readonly Sample[]): Measure[] {
  const requests = (name: string, of: 'before' | 'values' | 'random') =>
    (['harmful', 'harmless'] as const).map((key) =>
      averaged(
        `${key} requests refused, ${name}`,
        samples.map(({ standing }) => standing.erased.requests[of][key]),
      ),
    );
  return [
    ...requests('as they are', 'before'),
    ...requests('moved along the five values’ patterns', 'values'),
    averaged(
      'verdict by the five values without refusal’s direction, r with itself',
      samples.map(({ standing }) => standing.erased.verdicts.refusal),
    ),
  ];
}

function controlMeasures(samples: readonly Sample[], { values, all }: Config): Measure[] {
  return [
    ...METRICS.flatMap((metric) => {
      const suffix = metric === 'whitened' ? '' : ', not whitened';
      const changes = samples.flatMap(({ changed }) =>
        values.map((value) => [value, changed[value].by[metric]] as const),
      );
      return [
        averaged(
          `overlap of a random direction with the five values’ subspace${suffix}`,
          samples.map(({ standing }) => standing.refusal[metric][all].chance),
        ),
        averaged(
          `overlap of a random direction with a value’s change${suffix}`,
          changes.map(([value, change]) => change.constitutions[value].chance),
        ),
        averaged(
          `share of a value’s change in its leading axes${suffix}`,
          changes.map(([, change]) => change.share),
        ),
      ];
    }),
    ...(['harmful', 'harmless'] as const).map((key) =>
      averaged(
        `${key} requests refused, moved along random patterns`,
        samples.map(({ standing }) => standing.erased.requests.random[key]),
      ),
    ),
    averaged(
      'verdict by the five values without a random direction, r with itself',
      samples.map(({ standing }) => standing.erased.verdicts.random),
    ),
    ...[...values, all].map((text) =>
      averaged(
        `KL of training under ${text}`,
        samples.map(({ changed }) => changed[text].kl),
        'nats',
      ),
    ),
  ];
}

function headlineOf(measures: readonly Measure[]): string {
  const say = (name: string) => inWords(named(measures, name).value);
  return (
    `Refusal’s direction lies in the five values’ subspace by ${say('refusal in the five values’ subspace, overlap')}, more ` +
    `than ${say('refusal in the five values’ subspace, beyond share of random ones')} of random ones do; what training under ` +
    `a value changed lies in that value’s by ${say('change in its own value’s subspace, overlap')}, more than ` +
    `${say('change in its own value’s subspace, beyond share of random ones')} of random ones and ` +
    `${say('change in its own value’s subspace less in other values’')} more than in other values’; refusal’s in what the five ` +
    `values’ training changed by ${say('refusal in the five values’ change, overlap')}, more than ` +
    `${say('refusal in the five values’ change, beyond share of random ones')} of random ones.`
  );
}

function seriesOf(samples: readonly Sample[], { values, all }: Config): Field[] {
  const over = (of: (sample: Sample) => number) => mean(samples.map(of));
  const texts = [...values, 'all five'];
  const named = (i: number) => (i < values.length ? values[i] : all);
  const cosines = samples[0].changed[all].by.whitened.cosines;
  const others = (sample: Sample, metric: Metric) =>
    values.flatMap((value) =>
      values
        .filter((other) => other !== value)
        .map((other) => sample.changed[value].by[metric].constitutions[other]),
    );
  const pairs: [name: string, of: (sample: Sample, metric: Metric) => Meeting[]][] = [
    ['refusal, the five values', ({ standing }, metric) => [standing.refusal[metric][all]]],
    [
      'training under a value, that value',
      ({ changed }, metric) => values.map((value) => changed[value].by[metric].constitutions[value]),
    ],
    ['training under a value, another value', others],
    ['refusal, training under the five values', ({ changed }, metric) => [changed[all].by[metric].refusal]],
  ];
  const rows = METRICS.flatMap((metric) =>
    pairs.map(([name, of]) => ({
      label: metric === 'whitened' ? name : `${name}, not whitened`,
      of: (sample: Sample) => of(sample, metric),
    })),
  );
  return [
    fieldOf(
      'how far subspaces meet',
      'mean squared cosine',
      [
        axis(
          'pair',
          rows.map(({ label }) => label),
        ),
        axis('with', ['measured', 'random instead']),
      ],
      (i, k) =>
        over((sample) => mean(rows[i].of(sample).map(({ overlap, chance }) => (k === 0 ? overlap : chance)))),
    ),
    fieldOf(
      'overlap of what training changed, and of refusal, with constitutions’ subspaces',
      'mean squared cosine',
      [axis('of', [...texts.map((text) => `change by ${text}`), 'refusal']), axis('subspace of', texts)],
      (i, j) =>
        over(({ standing, changed }) =>
          i < texts.length
            ? changed[named(i)].by.whitened.constitutions[named(j)].overlap
            : standing.refusal.whitened[named(j)].overlap,
        ),
    ),
    fieldOf(
      'principal angles of the five values’ change with the five values’ subspace',
      'cosine',
      [
        axis(
          'angle',
          cosines.map((_, i) => i + 1),
        ),
      ],
      (i) => over(({ changed }) => changed[all].by.whitened.cosines[i]),
    ),
  ];
}

function notesOf(missing: readonly string[], { rank, kl, draws }: Config): string[] {
  return [
    'Everything is of the gist: the residual streams that a judge reads, side by side, whitened by their covariance within ' +
      'the situation unless it says otherwise; random subspaces are drawn whitened in both. Overlap is the mean squared cosine of principal angles; random subspaces have the same rank ' +
      `(${draws} draws). Refusal’s direction is that of requests, whitened in the same way, at the last token of “reply :”.`,
    `What training changed is the span of the ${rank} leading axes of the change of the gists of the same responses, those of ` +
      `situations that no direction was fitted on, from the reference to a policy at ${kl} nats; “within situations” leaves ` +
      'out what changed for all responses to a situation alike.',
    'Moving requests along the five values’ patterns acts at the layers that a judge reads, at every position.',
    ...(missing.length > 0 ? [`Models that were not there: ${missing.join(', ')}.`] : []),
  ];
}
