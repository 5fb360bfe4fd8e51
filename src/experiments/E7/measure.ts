import { heldOutStories } from '../../analysis/heldOut.ts';
import { judgeOf, teacherName, trainPolicy, type Teacher } from '../../analysis/policies.ts';
import { randomLike } from '../../analysis/refusal/direction.ts';
import { cosine, kindsOfHarm, type KindsOfHarm } from '../../analysis/refusal/kinds.ts';
import { answersTo, RefusalStudy, SPREADS, type Outcome } from '../../analysis/refusal/study.ts';
import { covarianceWith } from '../../math/linear.ts';
import { createRandom, type Random } from '../../math/random.ts';
import { mean } from '../../math/statistics.ts';
import { createModel, disposeModel } from '../../model/parameters.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { gistSpace } from '../../values/directions.ts';
import { sampleGists } from '../../values/sampled.ts';
import { UNASKED_REQUESTS } from '../../world/requests.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { PartOf, Resources } from '../framework/parts.ts';

export interface Config extends SeededConfig {
  /** The models, by name. */
  readonly names: readonly string[];
  /** Held-out stories that an intervention's cost is told on. */
  readonly stories: number;
  /** Random directions a layer. */
  readonly draws: number;
  /** Situations × responses that value directions are fitted on. */
  readonly situations: number;
  readonly each: number;
  /** Constitutions whose directions refusal's is compared with. */
  readonly principles: readonly string[];
  /** Who trains policies whose refusals are looked at, to what KL, nats, and for how many updates at the most. */
  readonly teachers: readonly Teacher[];
  readonly kl: number;
  readonly steps: number;
}

/** What interventions do, by name; those of random directions are means over the draws. */
export interface Steered {
  /** The layer that was chosen on the fitting requests, of those before the last. */
  layer: number;
  under: Record<string, Outcome>;
  /** Deeds that nobody ever asked for, as the model is: refusing the harmful and the harmless ones. */
  unasked: Pick<Outcome, 'harmful' | 'harmless'>;
}

/** By model and seed; `trained` by teacher, too. */
export interface Rows {
  steered: Steered;
  kinds: KindsOfHarm;
  aligned: Aligned;
  trained: AfterTraining;
}

/** Seconds of one core, roughly. */
const SECONDS = { outcome: 0.25, kinds: 6, response: 0.002, training: 15 };

export function refusalParts(config: Config, { here }: Available): PartOf<Rows>[] {
  const { names, seeds, stories, draws, situations, each, principles, teachers, kl, steps } = config;
  return names
    .filter((name) => here.has(name))
    .flatMap((name) =>
      seeds.flatMap((seed): PartOf<Rows>[] => {
        const random = createRandom('E7').fork(name).fork(seed);
        const common = { models: [name], group: `${name} ${seed}` };
        const study = (resources: Resources) =>
          resources.once(`study ${name} ${seed}`, async () =>
            RefusalStudy.of(await resources.model(name), random.fork('names'), heldOutStories(seed, stories)),
          );
        return [
          {
            ...common,
            kind: 'steered',
            at: [name, seed],
            given: { stories, draws },
            seconds: SECONDS.outcome * 18 * (draws + 1),
            compute: async (resources) => steered(await study(resources), random.fork('draws'), draws),
          },
          {
            ...common,
            kind: 'kinds',
            at: [name, seed],
            given: {},
            seconds: SECONDS.kinds,
            compute: async (resources) => kindsOfHarm(await study(resources), random.fork('kinds')),
          },
          {
            ...common,
            kind: 'aligned',
            at: [name, seed],
            given: { situations, each, principles },
            seconds: SECONDS.response * situations * each,
            compute: async (resources) =>
              aligned(await study(resources), seed, random.fork('aligned'), config),
          },
          ...teachers.map((teacher): PartOf<Rows> => ({
            ...common,
            kind: 'trained',
            at: [name, seed, teacherName(teacher)],
            given: { teacher, kl, steps },
            seconds: SECONDS.training,
            compute: async (resources) => afterTraining(await study(resources), teacher, seed, config),
          })),
        ];
      }),
    );
}

export async function steered(study: RefusalStudy, random: Random, draws: number): Promise<Steered> {
  const under: Record<string, Outcome> = { before: await study.outcome() };
  for (const layer of study.layers) {
    const { direction } = study.axes[layer];
    under[`moved ${layer}`] = await study.outcome(study.moving([direction]));
    under[`ablated ${layer}`] = await study.outcome(study.ablating([direction]));
    under[`moved at ${layer} alone`] = await study.outcome(study.movingAt(layer, direction));
    under[`added ${layer}`] = await study.outcome(study.adding(layer, direction));
    for (const spread of SPREADS) {
      const [moved, ablated, added]: Outcome[][] = [[], [], []];
      for (let i = 0; i < draws; i++) {
        const stream = random.fork(`${spread} ${layer} ${i}`);
        const drawn = randomLike(study.roots[spread][layer], direction, stream);
        moved.push(await study.outcome(study.moving([drawn])));
        ablated.push(await study.outcome(study.ablating([drawn])));
        added.push(await study.outcome(study.adding(layer, drawn)));
      }
      under[`random moved ${layer}, ${spread}`] = averageOf(moved);
      under[`random ablated ${layer}, ${spread}`] = averageOf(ablated);
      under[`random added ${layer}, ${spread}`] = averageOf(added);
    }
  }
  under['each layer its own'] = await study.outcome(study.movingEach());
  const { harmful, harmless } = await answersTo(study.model, UNASKED_REQUESTS);
  return { layer: await study.chosenLayer(), under, unasked: { harmful, harmless } };
}

function averageOf(outcomes: readonly Outcome[]): Outcome {
  const over = (key: keyof Outcome) => outcomes[0][key].map((_, i) => mean(outcomes.map((o) => o[key][i])));
  return {
    harmful: over('harmful'),
    harmless: over('harmless'),
    harmfulOdds: over('harmfulOdds'),
    harmlessOdds: over('harmlessOdds'),
    loss: over('loss'),
  };
}

/** Cosines of refusal with what constitutions change at the gist. */
export interface Aligned {
  /** By constitution, where layers are those that a judge reads, side by side. */
  cosines: Record<string, number>;
  /** |cosine| of refusal with random directions of the gist's own covariance, ascending. */
  chance: number[];
}

const CHANCE_DRAWS = 1000;

export async function aligned(
  study: RefusalStudy,
  seed: number,
  random: Random,
  { situations: count, each, principles }: Config,
): Promise<Aligned> {
  const { model } = study;
  const sample = await sampleGists(model, { name: 'E7', seed, count, each });
  const space = gistSpace(sample.gists, sample.situations);
  const refusal = Float64Array.from(study.axes.slice(1, -1).flatMap(({ direction }) => [...direction]));
  const cosines: Record<string, number> = {};
  for (const text of principles) {
    const scores = await promptedScores(model, sample.gists, readConstitution(text));
    cosines[text] = cosine(refusal, covarianceWith(space.centred, space.size, scores));
  }
  const chance = Array.from({ length: CHANCE_DRAWS }, () =>
    Math.abs(cosine(refusal, randomLike(space.root, refusal, random))),
  );
  return { cosines, chance: chance.sort((a, b) => a - b) };
}

/** How requests are answered after RLAIF, all of them. */
export interface AfterTraining {
  kl: number;
  steps: number;
  before: Omit<Outcome, 'loss'>;
  after: Omit<Outcome, 'loss'>;
}

export async function afterTraining(
  study: RefusalStudy,
  teacher: Teacher,
  seed: number,
  { kl, steps }: Config,
): Promise<AfterTraining> {
  const { model, fitting, test } = study;
  const trained = await trainPolicy(model, judgeOf(model, teacher, seed), { seed, kl, steps });
  const policy = createModel(model.config, trained.weights);
  try {
    const all = [...fitting, ...test];
    return {
      kl: trained.kl,
      steps: trained.steps,
      before: await answersTo(model, all),
      after: await answersTo(policy, all),
    };
  } finally {
    disposeModel(policy);
  }
}
