import type { GroupedMoments } from '../../analysis/moments.ts';
import { bagOfWords, probe, type ProbeKey, type ProbeOptions } from '../../analysis/probe.ts';
import { corpusResponses } from '../../analysis/sample.ts';
import type { Points } from '../../math/linear.ts';
import { createRandom } from '../../math/random.ts';
import { createModel, initialWeights, type Model } from '../../model/parameters.ts';
import { readGists } from '../../values/gists.ts';
import { fitAny } from '../../values/readout.ts';
import { sampleGists } from '../../values/sampled.ts';
import { readStreams } from '../../values/streams.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Part, PartOf, Resources } from '../framework/parts.ts';
import { withModel } from '../framework/withModel.ts';
import { characterMoments, type CharacterKey } from './character.ts';
import { momentOf, type Moment } from './emergence.ts';

export interface Config extends SeededConfig {
  /** Situations to fit on, and as many to measure on. */
  readonly situations: number;
  readonly each: number;
}

/** The world in which one value is never named. */
export const UNNAMED = 'unnamed-loyalty';

/** A probe at every depth, at the gist, and of the controls. */
export type MainKey =
  | ProbeKey<readonly ['layer', blocks: number]>
  | ProbeKey<readonly ['gist' | 'hidden' | 'shuffled' | 'untrained' | 'words']>;
export type UnnamedKey = ProbeKey<readonly ['probe']> | CharacterKey;

export interface Rows {
  /** By seed: on texts of the world's people. */
  main: GroupedMoments<MainKey>;
  /** By seed: on what the model says itself, which is what it chooses between. */
  own: GroupedMoments<ProbeKey<readonly ['own']>>;
  /** By seed and step. */
  moment: Moment;
  /** By seed: in the world in which one value is never named. */
  unnamed: GroupedMoments<UnnamedKey>;
}

/** Steps of pretraining that are looked at: none, and those that were kept. */
export const stepsOf = ({ here }: Available): number[] => [0, ...(here.get('base')?.moments ?? [])];

/** Seconds of a row of each kind on 200 situations × 16. */
const SECONDS = { main: 20, own: 6, moment: 4, unnamed: 8 };

export function latentParts({ seeds, situations, each }: Config, available: Available): PartOf<Rows>[] {
  const count = 2 * situations;
  const row = <Kind extends keyof Rows>(
    kind: Kind,
    model: string,
    at: Part['at'],
    compute: (resources: Resources) => Promise<Rows[Kind]>,
  ) => ({
    kind,
    at,
    models: [model],
    given: { situations, each },
    seconds: (SECONDS[kind] * situations * each) / 1600,
    compute,
  });
  return seeds.flatMap((seed): PartOf<Rows>[] => [
    row('main', 'base', [seed], (resources) => mainMoments(resources, seed, count, each)),
    row('own', 'base', [seed], async ({ model }) => {
      const base = await model('base');
      const sample = await sampleGists(base, { name: 'E1', seed, count, each });
      return probe(['own'], sample, count, sample.gists);
    }),
    ...stepsOf(available).map((step) =>
      row('moment', step === 0 ? 'base' : `base@${step}`, [seed, step], async (resources) => {
        const sample = corpusResponses(seed, count, each);
        const measure = (model: Model) => momentOf(model, sample, count, seed);
        return step === 0
          ? withModel(untrained(resources), measure)
          : measure(await resources.model(`base@${step}`));
      }),
    ),
    ...(available.here.has(UNNAMED)
      ? [
          row('unnamed', UNNAMED, [seed], async ({ model }) =>
            unnamedMoments(await model(UNNAMED), seed, count, each),
          ),
        ]
      : []),
  ]);
}

/** The shipped model's network as it was before any training. */
async function untrained({ model, record }: Resources): Promise<Model> {
  const { seed } = await record('base');
  const { config } = await model('base');
  return createModel(config, initialWeights(config, createRandom(seed).fork('weights')));
}

const negated = ({ responseText }: { responseText: string }): boolean => / never /.test(responseText);

/** Probes at every depth, and the controls, all on the same texts of the world's people. */
async function mainMoments(
  resources: Resources,
  seed: number,
  count: number,
  each: number,
): Promise<Rows['main']> {
  const sample = corpusResponses(seed, count, each);
  const random = createRandom(seed).fork('E1');
  const at = <const Label extends ProbeLabel>(label: Label, points: Points, options?: ProbeOptions) =>
    probe(label, sample, count, points, options);
  const model = await resources.model('base');
  const streams = await readStreams(model, sample.responses);
  const { gists } = await readGists(model, sample.responses);
  const plain = await withModel(
    untrained(resources),
    async (m) => (await readGists(m, sample.responses)).gists,
  );
  return [
    ...streams.flatMap((stream, l) => at(['layer', l], stream)),
    ...at(['gist'], gists, { among: negated }),
    ...at(['hidden'], gists, {
      fit: (points, y, groups, target) => fitAny(points, y, groups, random.fork(target)),
    }),
    ...at(['shuffled'], gists, { shuffled: random.fork('shuffled') }),
    ...at(['untrained'], plain),
    ...at(['words'], bagOfWords(sample.responses), { among: negated }),
  ];
}

type ProbeLabel =
  readonly ['layer', number] | readonly ['gist' | 'hidden' | 'shuffled' | 'untrained' | 'words'];

async function unnamedMoments(
  model: Model,
  seed: number,
  count: number,
  each: number,
): Promise<Rows['unnamed']> {
  const sample = corpusResponses(seed, count, each);
  const { gists } = await readGists(model, sample.responses);
  const random = createRandom(seed).fork('E1 unnamed');
  return [
    ...probe(['probe'], sample, count, gists),
    ...(await characterMoments(model, sample, count, random)),
  ];
}
