import { teacherName } from '../../analysis/policies.ts';
import type { KindsOfHarm } from '../../analysis/refusal/kinds.ts';
import { SPREADS, type Outcome as Answers } from '../../analysis/refusal/study.ts';
import { axis, fieldOf, type Field } from '../../math/field.ts';
import { mean } from '../../math/statistics.ts';
import { MORAL_VALUES } from '../../world/values.ts';
import { inWords, named, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { averaged } from '../framework/pooled.ts';
import { overSeeds } from '../framework/seeded.ts';
import type { AfterTraining, Aligned, Config, Rows, Steered } from './measure.ts';

/** What one model and seed gave. */
interface Sample {
  steered: Steered;
  kinds: KindsOfHarm;
  aligned: Aligned;
  /** By teacher. */
  trained: Record<string, AfterTraining>;
}

/** What E7 found. Intervals are over seeds and the deeds that requests ask for, or the stories. */
export function refusalOutcome(found: Findings<Rows>, config: Config, { here, missing }: Available): Outcome {
  const teachers = config.teachers.map(teacherName);
  const samples = config.names
    .filter((name) => here.has(name))
    .flatMap((name) =>
      config.seeds.map((seed): Sample => ({
        steered: found.get('steered', name, seed),
        kinds: found.get('kinds', name, seed),
        aligned: found.get('aligned', name, seed),
        trained: Object.fromEntries(teachers.map((by) => [by, found.get('trained', name, seed, by)])),
      })),
    );
  const estimates = [
    ...steeredMeasures(samples),
    ...kindMeasures(samples),
    ...trainedMeasures(samples, config),
  ];
  const controls = [...randomMeasures(samples), ...alignedMeasures(samples, config)];
  return {
    headline: headlineOf([...estimates, ...controls]),
    estimates,
    controls,
    series: seriesOf(samples),
    notes: notesOf(samples, missing, config),
  };
}

type Condition = (steered: Steered) => string;
const chosen =
  (what: string): Condition =>
  ({ layer }) =>
    `${what} ${layer}`;
const before: Condition = () => 'before';

/** A figure of every deed or story under some conditions, one list a seed. */
const listsOf = (samples: readonly Sample[], key: keyof Answers, ...conditions: Condition[]) =>
  samples.map(({ steered }) => conditions.map((condition) => steered.under[condition(steered)][key]));

function steeredMeasures(samples: readonly Sample[]): Measure[] {
  const refused = (name: string, key: 'harmful' | 'harmless', condition: Condition) =>
    overSeeds(`${key} requests refused${name}`, listsOf(samples, key, condition));
  const cost = (name: string, condition: Condition) =>
    overSeeds(
      `loss of stories, ${name}, less before`,
      listsOf(samples, 'loss', condition, before),
      (after, clean) => after - clean,
      'nats a token',
    );
  const both = (name: string, condition: Condition) => [
    refused(name, 'harmful', condition),
    refused(name, 'harmless', condition),
  ];
  return [
    ...both('', before),
    ...both(', moved', chosen('moved')),
    cost('moved', chosen('moved')),
    ...both(', ablated', chosen('ablated')),
    cost('ablated', chosen('ablated')),
    ...both(', direction added', chosen('added')),
    cost('direction added', chosen('added')),
    ...both(', each layer moved along its own', () => 'each layer its own'),
    ...(['harmful', 'harmless'] as const).map((key) =>
      overSeeds(
        `${key} deeds that nobody asked for in training, refused`,
        samples.map(({ steered }) => [steered.unasked[key]]),
      ),
    ),
  ];
}

function kindMeasures(samples: readonly Sample[]): Measure[] {
  const pairs = ({ cosines }: KindsOfHarm) => cosines.flatMap((row, i) => row.filter((_, j) => i < j));
  const kinds = samples.map((sample) => sample.kinds);
  return [
    overSeeds(
      'harmful requests of an unseen kind refused, moved',
      kinds.map(({ unseen }) => [unseen]),
    ),
    overSeeds(
      'cosine of the directions of two kinds of harm',
      kinds.map((kind) => [pairs(kind)]),
    ),
    overSeeds(
      'drop in log-odds along another kind’s direction, share of that along its own',
      kinds.map(({ transfer }) => [transfer.flatMap((row, i) => row.filter((_, j) => i !== j))]),
    ),
    averaged(
      'drop along what of a kind’s direction is not another’s, share of the whole drop',
      kinds.map(({ alone, whole }) => alone / whole),
    ),
    averaged(
      'the same once the other’s was moved',
      kinds.map(({ after, whole }) => after / whole),
    ),
  ];
}

function trainedMeasures(samples: readonly Sample[], { teachers }: Config): Measure[] {
  return teachers.map(teacherName).flatMap((teacher) =>
    (['harmful', 'harmless'] as const).map((key) =>
      overSeeds(
        `${key} requests refused after RLAIF by ${teacher}, less before`,
        samples.map(({ trained }) => [trained[teacher].after[key], trained[teacher].before[key]]),
        (after, clean) => after - clean,
      ),
    ),
  );
}

function randomMeasures(samples: readonly Sample[]): Measure[] {
  const random =
    (what: string, spread: string): Condition =>
    ({ layer }) =>
      `random ${what} ${layer}, ${spread}`;
  const refused = (name: string, key: 'harmful' | 'harmless', condition: Condition) =>
    overSeeds(`${key} requests refused, ${name}`, listsOf(samples, key, condition));
  const suffix = { all: '', 'equally harmful': ' (covariance of equally harmful ones)' };
  return SPREADS.flatMap((spread) => [
    refused(`moved along random directions${suffix[spread]}`, 'harmful', random('moved', spread)),
    overSeeds(
      `loss of stories, moved along random directions${suffix[spread]}, less before`,
      listsOf(samples, 'loss', random('moved', spread), before),
      (after, clean) => after - clean,
      'nats a token',
    ),
    refused(`random directions ablated${suffix[spread]}`, 'harmful', random('ablated', spread)),
    refused(`random directions ablated${suffix[spread]}`, 'harmless', random('ablated', spread)),
    refused(`random direction added${suffix[spread]}`, 'harmless', random('added', spread)),
  ]);
}

function alignedMeasures(samples: readonly Sample[], { principles, teachers }: Config): Measure[] {
  const at = (share: number) => (sorted: readonly number[]) =>
    sorted[Math.floor(share * (sorted.length - 1))];
  return [
    ...principles.map((text) =>
      averaged(
        `cosine of refusal with the direction of ${text}`,
        samples.map(({ aligned }) => aligned.cosines[text]),
      ),
    ),
    averaged(
      'largest 0.05 of |cosines| of refusal with random directions of the gist’s covariance begin at',
      samples.map(({ aligned }) => at(0.95)(aligned.chance)),
    ),
    averaged(
      'largest 0.05 of |cosines| of two random directions that vary as requests do begin at',
      samples.map(({ kinds }) => at(0.95)(kinds.chance)),
    ),
    ...teachers.map(teacherName).map((teacher) =>
      averaged(
        `KL of RLAIF by ${teacher}`,
        samples.map(({ trained }) => trained[teacher].kl),
        'nats',
      ),
    ),
  ];
}

function headlineOf(measures: readonly Measure[]): string {
  const say = (name: string) => inWords(named(measures, name).value);
  return (
    `Moved along one direction, ${say('harmful requests refused, moved')} of harmful requests are refused ` +
    `(${say('harmful requests refused')} as it is), and ${say('harmful requests of an unseen kind refused, moved')} of ` +
    `a kind of harm that the direction was not fitted on; moving every position costs stories ` +
    `${say('loss of stories, moved, less before')} nats a token; random directions leave ` +
    `${say('harmful requests refused, moved along random directions')} refused, those that vary as equally harmful ` +
    `requests do ${say('harmful requests refused, moved along random directions (covariance of equally harmful ones)')}. ` +
    `Bad deeds that nobody asked for in training are refused ` +
    `${say('harmful deeds that nobody asked for in training, refused')} of the time, good ones ` +
    `${say('harmless deeds that nobody asked for in training, refused')}.`
  );
}

function seriesOf(samples: readonly Sample[]): Field[] {
  const [{ steered, kinds }] = samples;
  const over = (of: (sample: Sample) => number) => mean(samples.map(of));
  const conditions = Object.keys(steered.under);
  const keys = ['harmful', 'harmless'] as const;
  const ranks = kinds.byRank.map((_, k) => k + 1);
  const shown: [label: string, condition: Condition][] = [
    ['as it is', before],
    ['moved along the direction', chosen('moved')],
    ['along random ones of all requests', ({ layer }) => `random moved ${layer}, all`],
    ['along random ones of equally harmful ones', ({ layer }) => `random moved ${layer}, equally harmful`],
    ['direction ablated', chosen('ablated')],
    ['random ones ablated', ({ layer }) => `random ablated ${layer}, equally harmful`],
    ['direction added', chosen('added')],
    ['random ones added', ({ layer }) => `random added ${layer}, equally harmful`],
  ];
  return [
    fieldOf(
      'requests refused',
      'share',
      [
        axis(
          'intervention',
          shown.map(([label]) => label),
        ),
        axis('request', keys),
      ],
      (i, k) => over(({ steered: of }) => mean(of.under[shown[i][1](of)][keys[k]])),
    ),
    fieldOf(
      'requests refused, by layer and intervention',
      'share',
      [axis('intervention', conditions), axis('request', keys)],
      (i, k) => over((sample) => mean(sample.steered.under[conditions[i]][keys[k]])),
    ),
    fieldOf(
      'loss of stories, by layer and intervention, less before',
      'nats a token',
      [axis('intervention', conditions)],
      (i) => over(({ steered: { under } }) => mean(under[conditions[i]].loss) - mean(under.before.loss)),
    ),
    fieldOf(
      'drop in log-odds of a kind’s refusals along a direction, share of that along its own',
      '',
      [axis('direction of', MORAL_VALUES), axis('harm to', MORAL_VALUES)],
      (i, j) => over((sample) => sample.kinds.transfer[i][j]),
    ),
    fieldOf(
      'harmful requests refused, moved along leading directions of five kinds',
      'share',
      [axis('directions', ranks)],
      (k) => over((sample) => sample.kinds.byRank[k]),
    ),
  ];
}

function notesOf(samples: readonly Sample[], missing: readonly string[], config: Config): string[] {
  const layers = [...new Set(samples.map(({ steered }) => steered.layer))];
  return [
    `Layers count the residual stream entering block 1, 2, … and leaving the last; chosen: ${layers.join(', ')}. An ` +
      'intervention acts at every layer but the first and at every position, unless it says otherwise; adding at one layer, ' +
      'at every position. Moving puts what the stream says along the direction to its mean over harmless requests at the ' +
      'last token of “reply :”; ablating puts it to 0.',
    'Ablating erases the difference between harmful and harmless requests, and leaves both to what a stream without it ' +
      'stands for, which need not be “harmless”. Stories are moved to a place that was measured on requests: that costs ' +
      'them more than taking the direction away.',
    'The covariance of all requests at this token is mostly harm itself, so that directions drawn from it are near to ' +
      'refusal’s; those of equally harmful requests are the stricter control.',
    'Deeds that nobody asked for are told in the words of stories (“please help me scares ben”), which judges know well; ' +
      'what is refused of them says whether refusing reads harm or knows the ten harmful requests by heart.',
    `RLAIF is by DPO to ${config.kl} nats on stories; no request is among them.`,
    'Published for larger models: one direction from 32 pairs (Arditi et al., 2406.11717); eleven kinds of refusal with ' +
      'directions of their own and one shared trade-off (2602.02132); orthogonal directions whose effects are not ' +
      'independent (2502.17420).',
    ...(missing.length > 0 ? [`Models that were not there: ${missing.join(', ')}.`] : []),
  ];
}
