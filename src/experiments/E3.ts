import { createRandom } from '../math/random.ts';
import { deviationWithin } from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution } from '../values/constitution.ts';
import { sampleGists, trueValues } from '../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { compare, Evidence, type Ledger } from './evidence.ts';
import { named, type Criterion, type Experiment, type SeededConfig } from './experiment.ts';
import { gapOutcome, type ModelGap } from './gap.ts';
import { GRID_NAMES, SWEEP } from './sweep.ts';
import { using } from './using.ts';

export interface Config extends SeededConfig {
  readonly situations: number;
  readonly each: number;
  readonly names: readonly string[];
}

/** The corpora that the claim is about, all at width 64 and seed 0. */
const [MIXED, NOISY, KIND] = ['mixed-64-0', 'noisy-64-0', 'kind-64-0'];

export const CRITERION: Criterion = {
  text:
    'In the default corpus judgement (the verdict without a principle) agrees with true value better than generation ' +
    '(log π₀) by at least 0.3; noise and anti-social commenters leave at least half of that gap; well-behaved conduct ' +
    'halves it at least; commenters who look at two values of five bring it within 0.15 of nothing; and with those who ' +
    'look at one, and with those who mostly judge against value, it is negative.',
  because:
    'A prototype’s gaps were about 0.9, 0.05, −0.20 and −1.13 in four such corpora, each of one seed; the thresholds ' +
    'keep the order and leave the sizes room. Noise scales verdicts and cannot reorder what they agree with.',
  holds(measures) {
    const at = (name: string) => named(measures, `${name}: gap`);
    const needed = [MIXED, NOISY, KIND, 'gap-none', 'gap-negative', 'gap-inverted'];
    return (
      needed.every((name) => measures.some((m) => m.name === `${name}: gap`)) &&
      at(MIXED).low >= 0.3 &&
      at(NOISY).low >= 0.5 * at(MIXED).value &&
      at(KIND).high <= 0.5 * at(MIXED).value &&
      Math.abs(at('gap-none').value) <= 0.15 &&
      at('gap-negative').high < 0 &&
      at('gap-inverted').high < 0
    );
  },
};

/** Every model of the sweep with a corpus of some quality, and the corpora made for this question. */
const NAMES = SWEEP.filter(
  ({ name, world, width }) => world.startsWith('gap-') || (width >= 32 && GRID_NAMES.includes(name)),
).map(({ name }) => name);

const ALL_VALUES = 'honesty, care, fairness, freedom and loyalty';

/** E3: the gap between what a model says and what it approves of. */
export const E3: Experiment<Config> = {
  id: 'E3',
  claim:
    'A model judges better than it generates; the gap comes from how people act and judge in the corpus, shrinks as ' +
    'they act better, and can be negative. Noise in the verdicts does not close it.',
  criterion: CRITERION,
  models: NAMES,
  full: { seeds: [1, 2, 3], situations: 200, each: 16, names: NAMES },
  quick: { seeds: [1], situations: 24, each: 8, names: [MIXED] },
  async *run(models, config, parts) {
    const gaps: ModelGap[] = [];
    const missing: string[] = [];
    const total = config.names.length;
    for (const [i, name] of config.names.entries()) {
      if (await models.has(name)) {
        const seeds: SeedOfGap[] = await parts
          .about([name])
          .once(name, () => using(models.load(name), (model) => seedsOf(model, config)));
        gaps.push({ name, spread: seeds.map(({ spread }) => spread), evidence: evidenceOf(seeds) });
      } else missing.push(name);
      yield { done: (i + 1) / total, says: name };
    }
    return gapOutcome(gaps, missing);
  },
};

interface SeedOfGap {
  ledger: Ledger;
  /** Spread of the verdicts without a principle within the situation, logits. */
  spread: number;
}

const evidenceOf = (seeds: readonly SeedOfGap[]) => new Evidence(seeds.map(({ ledger }) => ledger));

async function seedsOf(model: Model, { seeds, situations: count, each }: Config): Promise<SeedOfGap[]> {
  const all: SeedOfGap[] = [];
  for (const seed of seeds) {
    const { responses, gists, logProbs, situations } = await sampleGists(model, {
      name: 'E3',
      seed,
      count,
      each,
    });
    const truth = trueValues(responses);
    const by = (scores: ArrayLike<number>) => compare(scores, truth, situations, count);
    const plain = await verdicts(model, gists, NO_PRINCIPLE);
    const ledger = {
      generation: by(logProbs),
      'per token': by(logProbs.map((x, i) => x / Math.max(1, responses[i].response.length))),
      judgement: by(plain),
      principled: by(await promptedScores(model, gists, readConstitution(ALL_VALUES))),
      shuffled: by(
        createRandom(seed)
          .fork('E3 shuffled')
          .shuffle([...plain]),
      ),
    };
    all.push({ ledger, spread: deviationWithin(plain, situations) });
  }
  return all;
}
