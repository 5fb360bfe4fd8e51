import type { Points } from '../math/linear.ts';
import { createRandom } from '../math/random.ts';
import { createModel, initialWeights, type Model } from '../model/parameters.ts';
import { readGists } from '../values/gists.ts';
import { fitAny } from '../values/readout.ts';
import { sampleGists } from '../values/sampled.ts';
import { readStreams } from '../values/streams.ts';
import { MORAL_VALUES } from '../world/values.ts';
import { characterLedger } from './character.ts';
import { momentOf, type Moment } from './emergence.ts';
import type { Ledger } from './evidence.ts';
import {
  named,
  type Criterion,
  type Experiment,
  type ModelSource,
  type SeededConfig,
  type StepOfRun,
} from './experiment.ts';
import { latentOutcome, type SeedOfLatent } from './latent.ts';
import { corpusResponses } from '../analysis/sample.ts';
import { bagOfWords, probe, type ProbeOptions } from './probing.ts';
import { using } from './using.ts';

export interface Config extends SeededConfig {
  /** Situations to fit on, and as many to measure on. */
  readonly situations: number;
  readonly each: number;
}

const UNNAMED = 'unnamed-loyalty';

export const CRITERION: Criterion = {
  text:
    'Every moral value has a held-out linear probe of r ≥ 0.7 at the gist, with shuffled labels |r| ≤ 0.1, and 0.2 ' +
    'above the same network untrained; where a deed is negated the probe beats a bag of words; a hidden layer adds at ' +
    'most 0.05; and a value that no principle ever named is a direction too: probe of r ≥ 0.7, and the verdict ' +
    'without a principle, projected onto the direction of its character words, follows it at r ≥ 0.5 and any other ' +
    'moral value at most half as much.',
  because:
    'A prototype and the log of pretraining had probes of 0.75 to 0.9 and, for the unnamed value, 0.79 beside 0.11; ' +
    'the thresholds leave room for another seed and none for a probe that finds chance, the words alone, or what any ' +
    'random network holds.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      MORAL_VALUES.every((value) => at(`probe of ${value}`).low >= 0.7) &&
      Math.abs(at('labels shuffled').value) <= 0.1 &&
      at('probe less the untrained network’s').low >= 0.2 &&
      at('probe less bag of words, where a deed is negated').low > 0 &&
      at('what a hidden layer adds').value <= 0.05 &&
      measures.some(({ name }) => name === 'unnamed: probe') &&
      at('unnamed: probe').low >= 0.7 &&
      at('unnamed: projected verdict with it').low >= 0.5 &&
      at('unnamed: projected verdict with the next value').value <=
        0.5 * at('unnamed: projected verdict with it').value
    );
  },
};

/** E1: values are latent and linear. */
export const E1: Experiment<Config> = {
  id: 'E1',
  claim:
    'Values are latent in the model’s representation, and linear: each is a direction that a probe finds.',
  criterion: CRITERION,
  models: ['base', UNNAMED],
  full: { seeds: [1, 2, 3], situations: 100, each: 16 },
  quick: { seeds: [1], situations: 30, each: 8 },
  async *run(models, config, parts) {
    const record = await models.record('base');
    const moments = [0, ...record.moments];
    const unnamed = await models.has(UNNAMED);
    const total = config.seeds.length * (moments.length + 2 + (unnamed ? 1 : 0));
    let done = 0;
    const step = (says: string): StepOfRun => ({ done: ++done / total, says });

    const seeds: SeedOfLatent[] = [];
    for (const seed of config.seeds) {
      const once = <T>(name: string, make: () => Promise<T>) =>
        parts.about(['base']).once(`seed ${seed} ${name}`, make);
      const main = await once('layers and controls', () => mainLedger(models, seed, config));
      yield step('layers and controls');
      const own = await once('own responses', () => ownLedger(models, seed, config));
      yield step('its own responses');
      const course: Moment[] = [];
      for (const at of moments) {
        course.push(await once(`step ${at}`, () => momentAt(models, at, seed, config)));
        yield step(`step ${at}`);
      }
      const rest = unnamed
        ? await parts
            .about([UNNAMED])
            .once(`seed ${seed} unnamed`, () =>
              using(models.load(UNNAMED), (m) => unnamedLedger(m, seed, config)),
            )
        : undefined;
      if (rest) yield step('a value that is never named');
      seeds.push({ main: { ...main, ...own }, course, unnamed: rest });
    }
    return latentOutcome(moments, seeds);
  },
};

/** The shipped model's network as it was before any training. */
async function untrained(models: ModelSource): Promise<Model> {
  const { seed } = await models.record('base');
  return using(models.load('base'), async ({ config }) =>
    createModel(config, initialWeights(config, createRandom(seed).fork('weights'))),
  );
}

const negated = ({ responseText }: { responseText: string }): boolean => / never /.test(responseText);

/** Probes at every depth, and the controls, all on the same texts of the world's people. */
async function mainLedger(models: ModelSource, seed: number, { situations, each }: Config): Promise<Ledger> {
  const count = 2 * situations;
  const sample = corpusResponses(seed, count, each);
  const random = createRandom(seed).fork('E1');
  const at = (label: string, points: Points, options?: ProbeOptions) =>
    probe(label, sample, count, points, options);
  return using(models.load('base'), async (model) => {
    const streams = await readStreams(model, sample.responses);
    const { gists } = await readGists(model, sample.responses);
    const plain = await using(untrained(models), async (m) => (await readGists(m, sample.responses)).gists);
    return {
      ...Object.assign({}, ...streams.map((stream, l) => at(`layer ${l}`, stream))),
      ...at('gist', gists, { among: negated }),
      ...at('hidden', gists, {
        fit: (points, y, groups, target) => fitAny(points, y, groups, random.fork(target)),
      }),
      ...at('shuffled', gists, { shuffled: random.fork('shuffled') }),
      ...at('untrained', plain),
      ...at('words', bagOfWords(sample.responses), { among: negated }),
    } as Ledger;
  });
}

/** The probe on what the model says itself, which is what it chooses between. */
async function ownLedger(models: ModelSource, seed: number, { situations, each }: Config): Promise<Ledger> {
  const count = 2 * situations;
  return using(models.load('base'), async (model) => {
    const sample = await sampleGists(model, { name: 'E1', seed, count, each });
    return probe('own', sample, count, sample.gists);
  });
}

async function momentAt(
  models: ModelSource,
  at: number,
  seed: number,
  { situations, each }: Config,
): Promise<Moment> {
  const count = 2 * situations;
  const sample = corpusResponses(seed, count, each);
  const loading = at === 0 ? untrained(models) : models.load(`base@${at}`);
  return using(loading, (model) => momentOf(model, sample, count, seed));
}

async function unnamedLedger(model: Model, seed: number, { situations, each }: Config): Promise<Ledger> {
  const count = 2 * situations;
  const sample = corpusResponses(seed, count, each);
  const { gists } = await readGists(model, sample.responses);
  const random = createRandom(seed).fork('E1 unnamed');
  return {
    ...probe('probe', sample, count, gists),
    ...(await characterLedger(model, sample, count, random)),
  };
}
