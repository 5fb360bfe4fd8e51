import { createRandom, type Random } from '../math/random.ts';
import { CONSTITUTIONS, SOME } from './constitutions.ts';
import type { Ledger } from './evidence.ts';
import { named, type Criterion, type Experiment, type SeededConfig } from './experiment.ts';
import { projectionOutcome, type SeedOfProjection } from './projected.ts';
import {
  Grounds,
  projectionLedger,
  rankLedger,
  siteLedger,
  unmaskedLedger,
  type Ground,
} from './projection.ts';

export interface Config extends SeededConfig {
  /** Situations to fit on, and as many to measure on. */
  readonly situations: number;
  readonly each: number;
  readonly constitutions: readonly string[];
  /** Those that ranks, sites and the model without the bottleneck are measured with. */
  readonly some: readonly string[];
  readonly ranks: number;
}

const OPEN = 'no-bottleneck';

export const CRITERION: Criterion = {
  text:
    'The verdict that is asked for with no principle, of a gist projected by P_c, follows the prompted one at a mean r ' +
    'of at least 0.9 over the good constitutions and at most −0.9 over the anti-social ones; what is kept follows at ' +
    '0.9, what is erased leaves a mean |slope| of at most 0.25; a random subspace of the same rank keeps at most 0.2 ' +
    'and erases nothing (r ≥ 0.9); and without the gist bottleneck the projected judge follows at most at 0.75.',
  because:
    'The aim of 0.9 on both sides was set from a prototype (0.90 to 0.98, −0.97) before this model was trained, and ' +
    'so was the control without the bottleneck (0.35 to 0.68); the bounds on what is kept and erased leave room ' +
    'around what single principles gave on the command line.',
  holds(measures) {
    const at = (name: string) => named(measures, name);
    return (
      at('projected with prompted, good ones, mean').low >= 0.9 &&
      at('projected with prompted, anti-social ones, mean').high <= -0.9 &&
      at('kept with prompted, mean').low >= 0.9 &&
      at('what is left after erasing, mean |slope|').value <= 0.25 &&
      Math.abs(at('random subspace kept, mean').value) <= 0.2 &&
      at('random subspace erased, mean').low >= 0.9 &&
      measures.some(({ name }) => name === 'without the bottleneck: projected with prompted, mean') &&
      at('without the bottleneck: projected with prompted, mean').value <= 0.75
    );
  },
};

const { style, ...moral } = CONSTITUTIONS;

/** E2: a constitution is a projection. */
export const E2: Experiment<Config> = {
  id: 'E2',
  claim:
    'A constitution is a projection: asked with no principle, of a gist from which everything but the constitution’s ' +
    'subspace was taken, the model judges as if it had been given the constitution.',
  criterion: CRITERION,
  models: ['base', OPEN],
  full: {
    seeds: [1, 2, 3],
    situations: 100,
    each: 16,
    constitutions: [...Object.values(moral).flat(), ...style],
    some: SOME,
    ranks: 8,
  },
  quick: {
    seeds: [1],
    situations: 30,
    each: 16,
    constitutions: ['honesty', 'care', 'honesty and care', 'power and deceit', 'politeness'],
    some: ['honesty', 'power'],
    ranks: 3,
  },
  async *run(models, config, parts) {
    const random = createRandom(0).fork('E2');
    const tasks = tasksOf(config, await models.has(OPEN));
    const total = config.seeds.length * tasks.length;
    let done = 0;
    const seeds: SeedOfProjection[] = [];
    for (const seed of config.seeds) {
      const found: SeedOfProjection = { all: {}, ranks: {}, sites: {}, open: {} };
      const grounds = new Grounds(models, { name: 'E2', seed, count: config.situations, each: config.each });
      try {
        for (const { kind, model, text, measure } of tasks) {
          found[kind][text] = await parts
            .about([model])
            .once(`seed ${seed} ${kind} ${text}`, async () =>
              measure(await grounds.of(model), random.fork(seed).fork(text)),
            );
          yield { done: ++done / total, says: `${kind}: ${text}` };
        }
      } finally {
        await grounds.dispose();
      }
      seeds.push(found);
    }
    return projectionOutcome(config.constitutions, config.some, seeds);
  },
};

interface Task {
  kind: keyof SeedOfProjection;
  model: string;
  text: string;
  measure(ground: Ground, random: Random): Promise<Ledger>;
}

function tasksOf({ constitutions, some, ranks }: Config, open: boolean): Task[] {
  const task = (kind: Task['kind'], texts: readonly string[], make: (text: string) => Task['measure']) =>
    texts.map((text) => ({ kind, model: kind === 'open' ? OPEN : 'base', text, measure: make(text) }));
  return [
    ...task('all', constitutions, (text) => (ground, random) => projectionLedger(ground, text, random)),
    ...task('ranks', some, (text) => (ground) => rankLedger(ground, text, ranks)),
    ...task('sites', some, (text) => (ground) => siteLedger(ground, text)),
    ...task('open', open ? some : [], (text) => (ground) => unmaskedLedger(ground, text)),
  ];
}
