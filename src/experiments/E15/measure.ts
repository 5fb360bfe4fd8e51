import { principalCosines, randomAxes } from '../../analysis/angles.ts';
import { meetingOf, PatternSpace, type Meeting } from '../../analysis/meeting.ts';
import { judgeOf, trainPolicy } from '../../analysis/policies.ts';
import { axesOf, steering } from '../../analysis/refusal/steering.ts';
import { RefusalStudy } from '../../analysis/refusal/study.ts';
import { Matrix } from '../../math/linear.ts';
import { createRandom, type Random } from '../../math/random.ts';
import { correlationWithin, mean } from '../../math/statistics.ts';
import { createModel, disposeModel, type Model } from '../../model/parameters.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import type { Subspace } from '../../values/directions.ts';
import { readGists, type Gists } from '../../values/gists.ts';
import { Lens } from '../../values/lens.ts';
import { sampleGists, selectSituations, type SampledGists } from '../../values/sampled.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { PartOf, Resources } from '../framework/parts.ts';

export interface Config extends SeededConfig {
  /** The models, by name. */
  readonly names: readonly string[];
  /** Situations × responses: directions are fitted on half of them, and what they do is measured on the other. */
  readonly situations: number;
  readonly each: number;
  /** Constitutions of one principle, compared with each other. */
  readonly values: readonly string[];
  /** All of them together. */
  readonly all: string;
  /** Axes that stand for what a training changed. */
  readonly rank: number;
  readonly kl: number;
  readonly steps: number;
  /** Random subspaces that each meeting is compared with. */
  readonly draws: number;
}

/** How angles are measured. */
export const METRICS = ['whitened', 'as it is'] as const;
export type Metric = (typeof METRICS)[number];

/** Refusal and constitutions, before any training. */
export interface Standing {
  /** The direction of refusal in a constitution's subspace, by constitution. */
  refusal: Record<Metric, Record<string, Meeting>>;
  /** What erasing does: the same controls are drawn at random, as many dimensions. */
  erased: {
    /** Harmful and harmless requests refused: as they are, without all values' subspace, without random ones. */
    requests: Record<'before' | 'values' | 'random', { harmful: number; harmless: number }>;
    /** r of the verdict by all values with itself before: without refusal's direction, and without a random one. */
    verdicts: Record<'refusal' | 'random', number>;
  };
}

/** What one training changed, beside constitutions and refusal. */
export interface Changed {
  kl: number;
  by: Record<Metric, ChangedBy>;
}

export interface ChangedBy {
  /** Share of the change in its leading axes. */
  share: number;
  /** Constitutions' subspaces in what changed, by constitution; of the change within situations too. */
  constitutions: Record<string, Meeting>;
  within: Record<string, Meeting>;
  /** Refusal's direction in what changed. */
  refusal: Meeting;
  /** Cosines of the principal angles between what changed and all values' subspace. */
  cosines: number[];
}

/** By model and seed; `changed` by constitution, too. */
export interface Rows {
  standing: Standing;
  changed: Changed;
}

interface Ground {
  model: Model;
  test: SampledGists;
  lens: Lens;
  study: RefusalStudy;
  /** Refusal's direction at the layers that a judge reads, side by side. (H) */
  refusal: number[];
}

async function groundOf(model: Model, seed: number, random: Random, config: Config): Promise<Ground> {
  const { situations: count, each } = config;
  const sample = await sampleGists(model, { name: 'E15', seed, count, each });
  const fitting = selectSituations(sample, (x) => x % 2 === 0);
  const test = selectSituations(sample, (x) => x % 2 === 1);
  const lens = new Lens(model, fitting.gists, fitting.situations);
  const study = await RefusalStudy.of(model, random.fork('names'), []);
  const refusal = study.axes.slice(1, -1).flatMap(({ direction }) => [...direction]);
  return { model, test, lens, study, refusal };
}

/** Something of both metrics. */
const byMetric = <T>(lens: Lens, of: (space: PatternSpace, metric: Metric) => T): Record<Metric, T> =>
  Object.fromEntries(
    METRICS.map((metric) => [metric, of(new PatternSpace(lens.space, metric === 'whitened'), metric)]),
  ) as Record<Metric, T>;

/** Random subspaces of a rank, one after the other from a stream of their own. */
const drawn = (space: PatternSpace, rank: number, draws: number, random: Random) =>
  Array.from({ length: draws }, () => space.random(rank, random));

async function viewsOf(lens: Lens, { values, all }: Config): Promise<Record<string, Subspace>> {
  const views: Record<string, Subspace> = {};
  for (const text of [...values, all]) views[text] = (await lens.view(readConstitution(text))).subspace;
  return views;
}

async function standing({ model, lens, study, refusal, test }: Ground, random: Random, config: Config) {
  const { all, draws } = config;
  const views = await viewsOf(lens, config);
  const meetings = byMetric(lens, (space, metric) => {
    const lines = drawn(space, 1, draws, random.fork(metric));
    return Object.fromEntries(
      Object.entries(views).map(([text, subspace]) => [
        text,
        meetingOf(space.axesOf([refusal]), space.axesOfSubspace(subspace), lines),
      ]),
    );
  });
  const subspace = views[all];
  const requests = async (erased?: Matrix) => {
    const { harmful, harmless } = await study.answers(erased && erasing(lens, study, erased));
    return { harmful: mean(harmful), harmless: mean(harmless) };
  };
  const constitution = readConstitution(all);
  const clean = await promptedScores(model, test.gists, constitution);
  const without = async (erased: Matrix) =>
    correlationWithin(
      clean,
      await promptedScores(model, lens.erase(test.gists, subspaceOf(erased)), constitution),
      test.situations,
    );
  return {
    refusal: meetings,
    erased: {
      requests: {
        before: await requests(),
        values: await requests(subspace.basis),
        random: await requests(randomAxes(lens.space.size, subspace.rank, random.fork('requests'))),
      },
      verdicts: {
        refusal: await without(new PatternSpace(lens.space, true).axesOf([refusal])),
        random: await without(randomAxes(lens.space.size, 1, random.fork('verdicts'))),
      },
    },
  } satisfies Standing;
}

const subspaceOf = (basis: Matrix): Subspace => ({ basis, rank: basis.columns });

/** Moves what the stream of requests says along patterns of the gist to harmless requests' mean, at the layers a judge reads. */
function erasing(lens: Lens, study: RefusalStudy, basis: Matrix) {
  const patterns = lens.space.root.mmul(basis).transpose().to2DArray();
  const D = study.model.config.width;
  return steering((layer) => {
    const site = layer - 1;
    if (site < 0 || site >= study.layers.length - 1) return undefined;
    const here = patterns.map((pattern) => Float64Array.from(pattern.slice(site * D, (site + 1) * D)));
    return { axes: axesOf(here), at: study.axes[layer].harmless };
  });
}

async function changedBy(ground: Ground, text: string, seed: number, random: Random, config: Config) {
  const { model, lens, test, refusal } = ground;
  const { rank, kl, steps, draws } = config;
  const trained = await trainPolicy(model, judgeOf(model, { constitution: text }, seed), { seed, kl, steps });
  const policy = createModel(model.config, trained.weights);
  let after: Gists;
  try {
    ({ gists: after } = await readGists(policy, test.responses));
  } finally {
    disposeModel(policy);
  }
  const views = await viewsOf(lens, config);
  const by = byMetric(lens, (space, metric): ChangedBy => {
    const whole = space.changeOf(test.gists, after, rank);
    const within = space.changeOf(test.gists, after, rank, test.situations);
    const ranks = new Map<number, Matrix[]>();
    const meets = (axes: Matrix, change: Matrix) => {
      const nulls =
        ranks.get(axes.columns) ?? drawn(space, axes.columns, draws, random.fork(metric).fork(axes.columns));
      ranks.set(axes.columns, nulls);
      return meetingOf(axes, change, nulls);
    };
    const meetings = (change: Matrix) =>
      Object.fromEntries(
        Object.entries(views).map(([name, subspace]) => [
          name,
          meets(space.axesOfSubspace(subspace), change),
        ]),
      );
    return {
      share: whole.share,
      constitutions: meetings(whole.axes),
      within: meetings(within.axes),
      refusal: meets(space.axesOf([refusal]), whole.axes),
      cosines: principalCosines(space.axesOfSubspace(views[config.all]), whole.axes),
    };
  });
  return { kl: trained.kl, by } satisfies Changed;
}

/** Seconds of one core, roughly. */
const SECONDS = { response: 0.002, training: 15, draw: 0.002 };

export function meetingParts(config: Config, { here }: Available): PartOf<Rows>[] {
  const { names, seeds, situations, each, values, all, rank, kl, steps, draws } = config;
  return names
    .filter((name) => here.has(name))
    .flatMap((name) =>
      seeds.flatMap((seed): PartOf<Rows>[] => {
        const random = createRandom('E15').fork(name).fork(seed);
        const common = { models: [name], group: `${name} ${seed}` };
        const given = { situations, each, values, all, draws };
        const ground = (resources: Resources) =>
          resources.once(`ground ${name} ${seed}`, async () =>
            groundOf(await resources.model(name), seed, random, config),
          );
        return [
          {
            ...common,
            kind: 'standing',
            at: [name, seed],
            given,
            seconds: SECONDS.response * situations * each + SECONDS.draw * draws * (values.length + 1),
            compute: async (resources) => standing(await ground(resources), random.fork('standing'), config),
          },
          ...[...values, all].map((text): PartOf<Rows> => ({
            ...common,
            kind: 'changed',
            at: [name, seed, text],
            given: { ...given, rank, kl, steps },
            seconds: SECONDS.training + 2 * SECONDS.draw * draws * (values.length + 1),
            compute: async (resources) =>
              changedBy(await ground(resources), text, seed, random.fork(text), config),
          })),
        ];
      }),
    );
}
