import { createRandom } from '../math/random.ts';
import { bootstrap, mean, type Estimate } from '../math/statistics.ts';
import type { Judge } from '../rlaif/judge.ts';
import type { LossName } from '../rlaif/losses.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';
import { trueValues } from '../values/sampled.ts';
import { compare, Evidence, type Ledger } from './evidence.ts';
import type { SeededConfig } from './experiment.ts';
import {
  meanLength,
  type GainSizes,
  type Testbed,
  type PredictedGain,
  type RealisedGain,
} from '../analysis/testbed.ts';

export interface Config extends SeededConfig, GainSizes {
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
  /** KL at which a run stops, nats, and updates at the most. */
  readonly kl: number;
  readonly steps: number;
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

/** A run beside its prediction and beside self-sharpening at the same KL. */
export interface Compared extends Trial, PredictedGain {
  model: string;
  x: Record<Habit, Estimate>;
  /** Gain less that of self-sharpening at equal KL. */
  y: Record<Habit, number>;
  /** Gain with its interval, and y by the summed habits with its own: both over situations. */
  gain: Estimate;
  paired: Estimate;
  kl: number;
  step: number;
  wellFormed: number;
  length: number;
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
  const ledgers: Ledger[] = [];
  let length = 0;
  for (const seed of seeds) {
    const sample = await testbed.before(seed);
    const truth = trueValues(sample.responses);
    const with_ = (scores: ArrayLike<number>) => compare(scores, truth, sample.situations, situations);
    const ledger: Ledger = {};
    for (const habit of HABITS) ledger[habit] = with_(habitScores[habit](sample));
    for (const text of texts)
      ledger[text] = with_(await promptedScores(testbed.model, sample.gists, readConstitution(text)));
    ledgers.push(ledger);
    length += meanLength(sample.responses) / seeds.length;
  }
  const evidence = new Evidence(ledgers);
  const r = (name: string) => evidence.estimate((read) => read.r(name));
  const byHabit = <T>(of: (habit: Habit) => T) =>
    Object.fromEntries(HABITS.map((habit) => [habit, of(habit)])) as Record<Habit, T>;
  const ofText = (text: string) => ({
    judgement: r(text),
    x: byHabit((habit) => evidence.estimate((read) => read.r(text) - read.r(habit))),
  });
  return {
    generation: byHabit(r),
    of: Object.fromEntries(texts.map((text) => [text, ofText(text)])),
    length,
  };
}

/** The model trained on its own likelihood as the judge, measured below and above the KL of the other runs. */
export async function selfSharpen(
  testbed: Testbed,
  habit: Habit,
  seed: number,
  { kl, steps }: Config,
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

/** What is tried on a model: see Config. Seeds take turns, so that none is chosen for a constitution. */
export function trialsOf(model: string, known: Agreements, config: Config): Trial[] {
  const { constitutions, seeds, everywhere, close, near, most } = config;
  const all = textsFor(model, config);
  const of = (texts: readonly string[], judge: Trial['judge'], loss: LossName): Trial[] =>
    texts.map((constitution) => {
      return { constitution, judge, loss, seed: seeds[all.indexOf(constitution) % seeds.length] };
    });
  const distance = (text: string) => Math.abs(known.of[text].x.summed.value);
  const nearest = all
    .filter((text) => distance(text) < near)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, most);
  return [
    ...(everywhere.includes(model) ? of(constitutions, 'prompted', 'dpo') : []),
    ...(close.includes(model) ? of(nearest, 'prompted', 'dpo') : []),
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
  { kl, steps }: Config,
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

/** A run beside self-sharpening: under the same seed, situation by situation, where there is such a run. */
export function compareRun(
  model: string,
  trial: Trial,
  known: Agreements,
  { gains, klError: _, ...realised }: RealisedGain & PredictedGain,
  selves: Record<Habit, readonly Sharpened[]>,
): Compared {
  const selfGains = (habit: Habit) => {
    const { course } = selves[habit].find(({ seed }) => seed === trial.seed) ?? selves[habit][0];
    return gainsAt(course, realised.kl);
  };
  const random = createRandom(trial.seed).fork(`${model} ${trial.loss} ${trial.constitution}`);
  const over = (list: readonly number[]) =>
    bootstrap(list.length, random, (drawn) => drawn.reduce((sum, i) => sum + list[i], 0) / drawn.length);
  const own = selfGains('summed');
  return {
    model,
    ...trial,
    ...realised,
    x: known.of[trial.constitution].x,
    y: { summed: mean(gains) - mean(own), 'per token': mean(gains) - mean(selfGains('per token')) },
    gain: over(gains),
    paired: over(gains.map((gain, i) => gain - own[i])),
  };
}

/** Gains of every situation at κ nats: between two measured points linear in √κ, as gains are to first order. */
export function gainsAt(course: readonly RealisedGain[], kl: number): number[] {
  const root = (x: number) => Math.sqrt(Math.max(x, 0));
  const start = { kl: 0, gains: course[0].gains.map(() => 0) };
  const points = [start, ...course].sort((a, b) => a.kl - b.kl);
  const after = points.findIndex((point) => point.kl >= kl);
  const end = after === -1 ? points.length - 1 : Math.max(after, 1);
  const [a, b] = [points[end - 1], points[end]];
  const width = root(b.kl) - root(a.kl);
  const share = width > 0 ? (root(kl) - root(a.kl)) / width : 1;
  return b.gains.map((gain, i) => a.gains[i] + share * (gain - a.gains[i]));
}
