import { overlap, randomAxes } from '../../analysis/angles.ts';
import { heldOutStories, lossOf } from '../../analysis/heldOut.ts';
import { finalStreams, PolicyChange, SPACES, type FinalStreams } from '../../analysis/lowRank/readings.ts';
import { weighed } from '../../analysis/lowRank/weighing.ts';
import {
  allBut,
  axesOfChange,
  changeWithin,
  cutWeights,
  energyWithin,
  strongest,
  weightChange,
  type MatrixAxes,
  type WeightChange,
} from '../../analysis/lowRank/weights.ts';
import { judgeOf, trainPolicy, type Teacher } from '../../analysis/policies.ts';
import { Matrix } from '../../math/linear.ts';
import { createRandom } from '../../math/random.ts';
import { mean } from '../../math/statistics.ts';
import { createModel, disposeModel, readWeights, type Model, type Weights } from '../../model/parameters.ts';
import { logProbs } from '../../model/score.ts';
import { tilt } from '../../rlaif/theory.ts';
import { sampleResponses } from '../../values/respond.ts';
import { sampleGists, trueValues, type SampledGists } from '../../values/sampled.ts';
import { situationAt } from '../../world/documents.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { PartOf, Resources } from '../framework/parts.ts';

export interface Config extends SeededConfig {
  /** The models, by name. */
  readonly names: readonly string[];
  /** The reference's own responses that every policy is weighed on: 40 or more to a situation. */
  readonly situations: number;
  readonly each: number;
  /** Held-out stories that a policy's utility is told on. */
  readonly stories: number;
  /** Who trains, by the name that results give it. */
  readonly teachers: Readonly<Record<string, Teacher>>;
  /** KL at which training stops, nats, and updates at the most. */
  readonly kl: number;
  readonly steps: number;
  /** How many of the strongest directions are kept, and how many are taken away. */
  readonly kept: readonly number[];
  readonly removed: readonly number[];
  /** Directions of every matrix that stand for the subspace of a training. */
  readonly subspace: number;
  /** In whose subspace whose training is looked at; the same twice: another seed's. */
  readonly shared: readonly (readonly [owner: string, teacher: string])[];
  /** Whose training is looked at in random subspaces. */
  readonly chance: string;
}

export interface Rows {
  /** By model, seed, teacher. */
  cut: CutTraining;
  /** By model, seed, owner of the subspace, teacher. */
  shared: Shared;
  /** By model, seed. */
  chance: Shared;
}

/** Seconds of one core, roughly: of a training, and of weighing a policy on one response. */
const SECONDS = { training: 15, response: 0.002 };

export function lowRankParts(config: Config, { here }: Available): PartOf<Rows>[] {
  const { names, seeds, situations, each, stories, teachers, kl, steps, kept, removed } = config;
  const { subspace, shared, chance } = config;
  const weighing = SECONDS.response * situations * each;
  return names
    .filter((name) => here.has(name))
    .flatMap((name) =>
      seeds.flatMap((seed): PartOf<Rows>[] => {
        const common = { models: [name], group: `${name} ${seed}` };
        const trained = { situations, each, stories, kl, steps };
        const trainings = (resources: Resources) =>
          resources.once(
            `trainings ${name} ${seed}`,
            async () => new Trainings(await resources.model(name), seed, config),
          );
        return [
          ...Object.entries(teachers).map(([teacher, asked]): PartOf<Rows> => ({
            ...common,
            kind: 'cut',
            at: [name, seed, teacher],
            given: { ...trained, teacher: asked, kept, removed },
            seconds: SECONDS.training + weighing * 2 * (kept.length + removed.length),
            compute: async (resources) => cutTraining(await trainings(resources), teacher, config),
          })),
          ...shared.map(([owner, teacher]): PartOf<Rows> => ({
            ...common,
            kind: 'shared',
            at: [name, seed, owner, teacher],
            given: { ...trained, owner: teachers[owner], teacher: teachers[teacher], subspace },
            seconds: 2 * weighing + (owner === teacher ? SECONDS.training : 0),
            compute: async (resources) => sharedWith(await trainings(resources), owner, teacher, config),
          })),
          {
            ...common,
            kind: 'chance',
            at: [name, seed],
            given: { ...trained, teacher: teachers[chance], subspace },
            seconds: 2 * weighing,
            compute: async (resources) => sharedByChance(await trainings(resources), chance, seed, config),
          },
        ];
      }),
    );
}

/** A policy, or a part of one, weighed on the reference's responses. */
export interface Weighing {
  kl: number;
  /** By situation: gain in true value and in the judge's own score; those of the judge's tilt at the same KL. */
  gains: number[];
  own: number[];
  tiltGains: number[] | null;
  tiltOwn: number[] | null;
  wellFormed: number;
  /** Loss of held-out stories, nats a token, less the reference's; of parts of weights alone. */
  loss?: number;
}

/** One training, whole and in parts. */
export interface CutTraining {
  /** As the run itself saw it. */
  kl: number;
  steps: number;
  /** "whole", "weights kept 4", "logits removed 1" … */
  parts: Record<string, Weighing>;
  /** Share of the squared change in the k strongest directions, k as in `kept`: of weights, final stream, logits. */
  shares: Record<string, number[]>;
  /** The whole policy by its own samples: gain in true value and well-formedness. */
  sampled: { gain: number; wellFormed: number };
}

/** A model and seed: the sample that all policies are weighed on, and the policies, each trained when first needed. */
export class Trainings {
  readonly model: Model;
  readonly #seed: number;
  readonly #config: Config;
  readonly #policies = new Map<string, Promise<{ weights: Weights; kl: number; steps: number }>>();
  #ground: Promise<Ground> | undefined;

  constructor(model: Model, seed: number, config: Config) {
    this.model = model;
    this.#seed = seed;
    this.#config = config;
  }

  /** The policy of a teacher; `again` is another training of the same. */
  policy(name: string, again = false): Promise<{ weights: Weights; kl: number; steps: number }> {
    const key = `${name} ${again}`;
    const known = this.#policies.get(key);
    if (known) return known;
    const { teachers, kl, steps } = this.#config;
    const seed = this.#seed + (again ? 100 : 0);
    const trained = trainPolicy(this.model, judgeOf(this.model, teachers[name], seed), { seed, kl, steps });
    this.#policies.set(key, trained);
    return trained;
  }

  ground(): Promise<Ground> {
    return (this.#ground ??= groundOf(this.model, this.#seed, this.#config));
  }

  /** The scores of a teacher's judge on the sample. */
  async scores(name: string): Promise<ArrayLike<number>> {
    return judgeOf(this.model, this.#config.teachers[name], this.#seed + 200)((await this.ground()).sample);
  }

  async change(name: string, again = false): Promise<WeightChange> {
    const { weights } = await this.policy(name, again);
    return weightChange(this.model.config, (await this.ground()).weights, weights);
  }

  /** A policy of these weights, weighed by a teacher's judge. */
  async weigh(weights: Weights, name: string): Promise<Weighing> {
    const { sample, stories, loss } = await this.ground();
    const policy = createModel(this.model.config, weights);
    try {
      const found = await this.weighLogProbs(await logProbs(policy, sample.responses), name);
      return { ...found, loss: mean(await lossOf(policy, stories)) - loss };
    } finally {
      disposeModel(policy);
    }
  }

  async weighLogProbs(logs: ArrayLike<number>, name: string): Promise<Weighing> {
    const { sample } = await this.ground();
    const { situations, responses } = sample;
    const ratios = sample.logProbs.map((x, i) => logs[i] - x);
    const worth = trueValues(responses);
    const found = weighed({ situations, worth, scores: await this.scores(name) }, ratios);
    const formed = responses.map((r) => (r.wellFormed ? 1 : 0));
    return {
      kl: found.kl,
      gains: [...found.gains],
      own: [...found.own],
      tiltGains: found.tiltGains && [...found.tiltGains],
      tiltOwn: found.tiltOwn && [...found.tiltOwn],
      wellFormed: mean(formed) + tilt({ situations, scores: ratios, worth: formed }, 1).gain,
    };
  }
}

interface Ground {
  sample: SampledGists;
  weights: Weights;
  streams: FinalStreams;
  stories: number[][];
  /** The reference's own loss of the stories. */
  loss: number;
}

async function groundOf(model: Model, seed: number, config: Config): Promise<Ground> {
  const { situations: count, each } = config;
  const sample = await sampleGists(model, { name: 'E8', seed, count, each });
  const stories = heldOutStories(seed, config.stories);
  return {
    sample,
    weights: await readWeights(model),
    streams: await finalStreams(model, sample.responses),
    stories,
    loss: mean(await lossOf(model, stories)),
  };
}

/** A teacher's training, cut by rank in weights, final stream and logits. */
export async function cutTraining(trainings: Trainings, name: string, config: Config): Promise<CutTraining> {
  const { model } = trainings;
  const { sample, weights: before, streams } = await trainings.ground();
  const { weights, kl, steps } = await trainings.policy(name);
  const change = await trainings.change(name);
  const parts: Record<string, Weighing> = { whole: await trainings.weigh(weights, name) };
  for (const k of config.kept)
    parts[`weights kept ${k}`] = await trainings.weigh(cutWeights(before, change, strongest(k)), name);
  for (const k of config.removed)
    parts[`weights removed ${k}`] = await trainings.weigh(cutWeights(before, change, allBut(k)), name);
  const shares: CutTraining['shares'] = { weights: config.kept.map((k) => energyWithin(change, k)) };

  const policy = createModel(model.config, weights);
  try {
    const { responses } = sample;
    const after = await finalStreams(policy, responses);
    const read = new PolicyChange(model, policy, streams, after, responses.length);
    for (const space of SPACES) {
      const { axes, shares: each } = await read.axes(space);
      const first = (k: number) =>
        k === 0
          ? Matrix.zeros(axes.rows, 0)
          : axes.subMatrix(0, axes.rows - 1, 0, Math.min(k, axes.columns) - 1);
      const part = async (k: number, which: 'kept' | 'removed') => {
        const logs = await read.logProbs(space, first(k), which);
        parts[`${space} ${which} ${k}`] = await trainings.weighLogProbs(logs, name);
      };
      for (const k of config.kept) await part(k, 'kept');
      for (const k of config.removed) await part(k, 'removed');
      shares[space] = config.kept.map((k) => each.slice(0, k).reduce((sum, x) => sum + x, 0));
    }
    return { kl, steps, parts, shares, sampled: await bySampling(model, policy, name, config) };
  } finally {
    disposeModel(policy);
  }
}

const SAMPLED = 16;

/** Reference and policy by samples of their own, of the same situations and random stream. */
async function bySampling(model: Model, policy: Model, name: string, { situations }: Config) {
  const prompts = Array.from({ length: situations }, (_, i) => situationAt('E8 sampled', i));
  const random = createRandom('E8 sampled').fork(name);
  const of = async (which: Model) => (await sampleResponses(which, prompts, SAMPLED, random)).responses;
  const [before, after] = [await of(model), await of(policy)];
  return {
    gain: mean(trueValues(after)) - mean(trueValues(before)),
    wellFormed: mean(after.map((r) => (r.wellFormed ? 1 : 0))),
  };
}

/** What of a training lies in another's subspace, or in a random one. */
export interface Shared {
  /** Gain in the teacher's own score, by situation: of the whole training, and of what of it lies in the subspace. */
  whole: number[];
  within: number[];
  kl: number;
  /** Overlap of the two subspaces, mean over matrices and their two sides. */
  overlap: number;
}

/** A training in the subspace of another's: by `teacher` under another seed, if that is the owner's own teacher. */
export async function sharedWith(
  trainings: Trainings,
  owner: string,
  teacher: string,
  { subspace }: Config,
): Promise<Shared> {
  const axes = axesOfChange(await trainings.change(owner), subspace);
  return sharedIn(trainings, axes, teacher, owner === teacher, subspace);
}

/** A teacher's training of another seed in a random subspace of every matrix. */
export async function sharedByChance(
  trainings: Trainings,
  teacher: string,
  seed: number,
  { subspace }: Config,
): Promise<Shared> {
  const random = createRandom(seed).fork('E8 random subspace');
  const { matrices } = await trainings.change(teacher, true);
  const drawn = Object.fromEntries(
    Object.entries(matrices).map(([name, { u, v }]) => [
      name,
      [u.rows, v.rows].map((size, side) => randomAxes(size, subspace, random.fork(name).fork(side))),
    ]),
  );
  return sharedIn(trainings, (name) => [drawn[name][0], drawn[name][1]], teacher, true, subspace);
}

async function sharedIn(
  trainings: Trainings,
  axes: MatrixAxes,
  teacher: string,
  again: boolean,
  subspace: number,
): Promise<Shared> {
  const { weights: before } = await trainings.ground();
  const change = await trainings.change(teacher, again);
  const whole = await trainings.weigh((await trainings.policy(teacher, again)).weights, teacher);
  const within = await trainings.weigh(changeWithin(before, change, axes), teacher);
  const own = axesOfChange(change, subspace);
  const overlaps = Object.keys(change.matrices).flatMap((name) =>
    [0, 1].map((side) => overlap(own(name)[side], axes(name)[side])),
  );
  return { whole: whole.own, within: within.own, kl: within.kl, overlap: mean(overlaps) };
}
