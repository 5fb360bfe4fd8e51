import { compare, type GroupedMoments } from '../../analysis/moments.ts';
import {
  meanLength,
  Testbed,
  type GainSizes,
  type PredictedGain,
  type RealisedGain,
} from '../../analysis/testbed.ts';
import { createRandom } from '../../math/random.ts';
import type { Estimate } from '../../math/statistics.ts';
import type { Judge } from '../../rlaif/judge.ts';
import type { LossName } from '../../rlaif/losses.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { trueValues } from '../../values/sampled.ts';
import { Evidence } from '../framework/evidence.ts';
import { costOf, secondsOfRun } from '../framework/cells.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings, PartOf, Resources } from '../framework/parts.ts';

/** What every run has in common. */
interface Settings extends GainSizes {
  /** KL at which a run stops, nats, and updates at the most. */
  readonly kl: number;
  readonly steps: number;
}

export interface Config extends SeededConfig, Settings {
  /** Models on which every constitution is tried. */
  readonly everywhere: readonly string[];
  /** Well-behaved corpora: of all that has |x| < `near` on one of them, the `most` nearest to 0 are tried on it. */
  readonly close: readonly string[];
  readonly near: number;
  readonly most: number;
  readonly constitutions: readonly string[];
  /** More of them, for well-behaved corpora alone. */
  readonly candidates: readonly string[];
  /** Constitutions that the other losses are tried with, on the model of the controls. */
  readonly compared: readonly string[];
  /** Constitutions whose scores are shuffled, for the null. */
  readonly shuffled: readonly string[];
  /** The model of the other losses and of the null. */
  readonly control: string;
}

/** One run of RLAIF: who judges by what, and how it is learnt from. */
export interface Trial {
  constitution: string;
  judge: 'prompted' | 'shuffled';
  loss: LossName;
  seed: number;
}

/** Two readings of the habits that a model would sharpen by itself: log π₀ of a response, whole or a token. */
export const HABITS = ['summed', 'per token'] as const;
export type Habit = (typeof HABITS)[number];

/** What is held against V*: a reading of the habits, or the verdicts by a constitution. */
type Held = readonly ['habit', Habit] | readonly ['judge', text: string];

/** Correlations with V* before any training, over the situations of all seeds. */
export interface Agreements {
  generation: Record<Habit, Estimate>;
  /** By constitution: a_c, and x = a_c − a_gen by each reading of the habits. */
  of: Record<string, { judgement: Estimate; x: Record<Habit, Estimate> }>;
  /** Mean tokens a response. */
  length: number;
}

/** Self-sharpening under one seed, measured at rising KL. */
export interface Sharpened {
  seed: number;
  course: RealisedGain[];
}

const perToken = (logProbs: Float32Array, responses: readonly { response: readonly number[] }[]) =>
  logProbs.map((x, i) => x / Math.max(1, responses[i].response.length));

const habitScores: Record<Habit, (judged: Parameters<Judge>[0]) => Float32Array> = {
  summed: ({ logProbs }) => logProbs,
  'per token': ({ logProbs, responses }) => perToken(logProbs, responses),
};

/** Measures constitutions on the reference's own responses, `situations` of every seed. */
export async function agreements(
  testbed: Testbed,
  texts: readonly string[],
  { seeds, situations }: Pick<Config, 'seeds' | 'situations'>,
): Promise<Agreements> {
  const moments: GroupedMoments<Held>[] = [];
  let length = 0;
  for (const seed of seeds) {
    const sample = await testbed.before(seed);
    const truth = trueValues(sample.responses);
    const with_ = (scores: ArrayLike<number>) => compare(scores, truth, sample.situations, situations);
    const own = HABITS.map(
      (habit) => [['habit', habit] as const, with_(habitScores[habit](sample))] as const,
    );
    const judged: [Held, ReturnType<typeof with_>][] = [];
    for (const text of texts) {
      const scores = await promptedScores(testbed.model, sample.gists, readConstitution(text));
      judged.push([['judge', text], with_(scores)]);
    }
    moments.push([...own, ...judged]);
    length += meanLength(sample.responses) / seeds.length;
  }
  const evidence = new Evidence(moments);
  const r = (key: Held) => evidence.estimate((read) => read.r(key));
  const byHabit = <T>(of: (habit: Habit) => T) =>
    Object.fromEntries(HABITS.map((habit) => [habit, of(habit)])) as Record<Habit, T>;
  const ofText = (text: string) => ({
    judgement: r(['judge', text]),
    x: byHabit((habit) => evidence.estimate((read) => read.r(['judge', text]) - read.r(['habit', habit]))),
  });
  return {
    generation: byHabit((habit) => r(['habit', habit])),
    of: Object.fromEntries(texts.map((text) => [text, ofText(text)])),
    length,
  };
}

/** The model trained on its own likelihood as the judge, measured below and above the KL of the other runs. */
export async function selfSharpen(
  testbed: Testbed,
  habit: Habit,
  seed: number,
  { kl, steps }: Settings,
): Promise<Sharpened> {
  const judge: Judge = async (judged) => habitScores[habit](judged);
  const budgets = [0.6 * kl, 1.2 * kl];
  return { seed, course: await testbed.train(judge, { seed, loss: 'dpo', budgets, steps }) };
}

/** Constitutions that are measured on a model before any of them is tried. */
export const textsFor = (model: string, { constitutions, candidates, close }: Config): string[] => [
  ...constitutions,
  ...(close.includes(model) ? candidates : []),
];

/** What is tried on a model: see Config; of a well-behaved corpus once its agreements are known. Seeds take turns, so that none is chosen for a constitution. */
export function trialsOf(model: string, known: Agreements | null, config: Config): Trial[] {
  const { constitutions, seeds, everywhere, close, near, most } = config;
  const all = textsFor(model, config);
  const of = (texts: readonly string[], judge: Trial['judge'], loss: LossName): Trial[] =>
    texts.map((constitution) => {
      return { constitution, judge, loss, seed: seeds[all.indexOf(constitution) % seeds.length] };
    });
  const nearest = () => {
    if (!known) return [];
    const distance = (text: string) => Math.abs(known.of[text].x.summed.value);
    return all
      .filter((text) => distance(text) < near)
      .sort((a, b) => distance(a) - distance(b))
      .slice(0, most);
  };
  return [
    ...(everywhere.includes(model) ? of(constitutions, 'prompted', 'dpo') : []),
    ...(close.includes(model) ? of(nearest(), 'prompted', 'dpo') : []),
    ...(model === config.control
      ? [
          ...of(config.shuffled, 'shuffled', 'dpo'),
          ...of(config.compared, 'prompted', 'grpo'),
          ...of(config.compared, 'prompted', 'bon'),
        ]
      : []),
  ];
}

/** Trains on a trial's judge; null where training broke down before it could be measured. */
export async function realise(
  testbed: Testbed,
  { constitution: text, judge: kind, loss, seed }: Trial,
  { kl, steps }: Settings,
): Promise<(RealisedGain & PredictedGain) | null> {
  const constitution = readConstitution(text);
  const random = createRandom(seed).fork('shuffled scores');
  const judge: Judge = async ({ gists }) => {
    const scores = await promptedScores(testbed.model, gists, constitution);
    return kind === 'shuffled' ? random.shuffle([...scores]) : scores;
  };
  const realised = (await testbed.train(judge, { seed, loss, budgets: [kl], steps })).at(-1);
  if (!realised) return null;
  const { gists } = await testbed.prediction();
  const scores = await promptedScores(testbed.model, gists, constitution);
  return { ...realised, ...(await testbed.predicted(scores, realised.kl)) };
}

export interface Rows {
  /** By model. */
  agreements: Agreements;
  /** By model, habit and seed. */
  sharpened: Sharpened;
  /** By model, loss, judge, seed and constitution; null where training broke down before it could be measured. */
  trial: (RealisedGain & PredictedGain) | null;
}

/** Models of a config that are there, each once. */
export const modelsOf = ({ everywhere, close }: Config, { here }: Available): string[] =>
  [...new Set([...everywhere, ...close])].filter((name) => here.has(name));

/** Habits and seeds of self-sharpening: by the token is a second reading of the habits, and one seed of it is enough. */
export const sharpenings = ({ seeds }: Config): [Habit, number][] => [
  ...seeds.map((seed): [Habit, number] => ['summed', seed]),
  ['per token', seeds[0]],
];

export const trialAt = (model: string, { loss, judge, seed, constitution }: Trial) =>
  [model, loss, judge, seed, constitution] as const;

/** Of each model its agreements, by which the list of trials is made; self-sharpening; and the trials. */
export function improvementParts(config: Config, models: Available, found: Findings<Rows>): PartOf<Rows>[] {
  const { seeds, situations, each, prediction, kl, steps, close, most } = config;
  const [predicted] = seeds; // the seed of the predictions' sample
  const settings: Settings = { situations, each, prediction, kl, steps };
  return modelsOf(config, models).flatMap((name): PartOf<Rows>[] => {
    const seconds = costOf(name, models) * secondsOfRun(settings, steps * kl);
    const testbed = ({ model, once }: Resources) =>
      once('testbed', async () => new Testbed(await model(name), settings, predicted));
    const texts = textsFor(name, config);
    const own = { models: [name], group: name };
    const run = { ...own, given: { ...settings, predicted }, seconds };
    const known = found.has('agreements', name) ? found.get('agreements', name) : null;
    return [
      {
        ...own,
        kind: 'agreements',
        at: [name],
        given: { seeds, situations, each, texts },
        seconds,
        ...(close.includes(name) ? { decides: { parts: most, seconds: most * seconds } } : {}),
        compute: async (resources) => agreements(await testbed(resources), texts, config),
      },
      ...sharpenings(config).map(([habit, seed]): PartOf<Rows> => ({
        ...run,
        kind: 'sharpened',
        at: [name, habit, seed],
        compute: async (resources) => selfSharpen(await testbed(resources), habit, seed, settings),
      })),
      ...trialsOf(name, known, config).map((trial): PartOf<Rows> => ({
        ...run,
        kind: 'trial',
        at: trialAt(name, trial),
        compute: async (resources) => realise(await testbed(resources), trial, settings),
      })),
    ];
  });
}
