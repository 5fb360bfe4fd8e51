import type { PretrainConfig } from '../train/pretrain.ts';
import { scaleSteps, totalSteps, type Schedule } from '../train/schedule.ts';
import { RESPONSE_WEIGHT } from '../world/batches.ts';
import { worldWith, type WorldKnobs } from '../world/knobs.ts';

/** One model of the sweep, and what of the default world was turned for it. */
export interface SweepModel {
  /** Its folder's name: "mixed-64-0" is quality, width, seed. */
  name: string;
  world: string;
  width: number;
  /** Seed of the weights; each seed reads other documents, too. */
  seed: number;
  config: PretrainConfig;
}

/** People who act well nine times of ten, and whose style says nothing: likelihood itself agrees with value. */
const KIND = { prosocial: 0.9, adverbs: 0.02 };

/** The three qualities of data, from the default world's. */
export const QUALITIES = {
  /** The default: conduct as often bad as good, few anti-social commenters. */
  mixed: {},
  /** Verdicts that are often wrong, and nearly a third of commenters who judge by anti-social principles. */
  noisy: { labelNoise: 0.2, antisocial: 0.3 },
  /** Well-behaved people (KIND). */
  kind: KIND,
} as const satisfies Record<string, Partial<WorldKnobs>>;

export type Quality = keyof typeof QUALITIES;

/** Worlds that one question was made for, at the default width. */
const SPECIAL: Record<string, Partial<WorldKnobs>> = {
  /** Loyalty (value 4) never stands under a stated principle (E1). */
  'unnamed-loyalty': { unnamedValue: 4 },
  /** The default world, read without the gist mask (E2). */
  'no-bottleneck': {},
  /** Commenters without a principle look at fewer values than good conduct has, or judge against them (E3). */
  'gap-none': { ...KIND, looksAt: 2 },
  'gap-negative': { ...KIND, looksAt: 1 },
  'gap-inverted': { ...KIND, inverted: 0.7 },
  /** Nobody ever judges by an anti-social principle (E6). */
  'no-antisocial': { antisocial: 0 },
};

/** Conduct between the mixed and the kind corpus, for the threshold near which both judges agree (E4). */
const CONDUCT: Record<string, Partial<WorldKnobs>> = {
  'conduct-58': { prosocial: 0.58, adverbs: 0.27 },
  'conduct-69': { prosocial: 0.69, adverbs: 0.19 },
  'conduct-79': { prosocial: 0.79, adverbs: 0.1 },
};

/** The default world with one knob of its data's quality turned (E5). */
const DATA_QUALITY: Record<string, Partial<WorldKnobs>> = {
  'noise-20': { labelNoise: 0.2 },
  'noise-40': { labelNoise: 0.4 },
  'antisocial-30': { antisocial: 0.3 },
  'antisocial-60': { antisocial: 0.6 },
};

/** The default world, of which a model reads only this share of the documents (E5). */
const DOCUMENTS: Record<string, number> = { 'documents-half': 1 / 2, 'documents-quarter': 1 / 4 };

export const SWEEP_WIDTHS = [8, 16, 32, 64, 128] as const;
export const SWEEP_SEEDS = [0, 1] as const;
const LAYERS = 3;
const DEFAULT_WIDTH = 64;

/**
 * Every model reads the same number of documents, 96,000: under half of what the shipped model reads, since
 * there are three dozen of them. Small batches throughout, because the values come apart by steps and not by
 * documents; weaker decay for the last third, as in the shipped model's schedule. On one thread a step takes
 * about 6, 9, 17, 41 and 129 ms of processor time at widths 8 to 128 (least of 30).
 */
const SCHEDULE: Schedule = {
  phases: [
    { batch: 16, steps: 4000, decay: 0.05 },
    { batch: 16, steps: 2000, decay: 0.01 },
  ],
  rate: 3e-3,
  warmup: 200,
  floor: 0.01,
};

/** Highest learning rate by width: narrow models take larger ones. */
const RATES: Record<number, number> = { 8: 6e-3, 16: 6e-3, 32: 4e-3, 64: 3e-3, 128: 2e-3 };

const WORLDS: Record<string, Partial<WorldKnobs>> = { ...QUALITIES, ...SPECIAL, ...CONDUCT, ...DATA_QUALITY };

function sweepModel(name: string, world: string, width: number, seed: number): SweepModel {
  const turned = WORLDS[world] ?? {};
  const whole = { ...SCHEDULE, rate: RATES[width] };
  const schedule = world in DOCUMENTS ? scaleSteps(whole, totalSteps(whole) * DOCUMENTS[world]) : whole;
  const config: PretrainConfig = {
    width,
    layers: LAYERS,
    seed,
    documents: 2 + seed,
    schedule,
    world: worldWith(turned),
    responseWeight: RESPONSE_WEIGHT,
    ...(world === 'no-bottleneck' ? { bottleneck: false } : {}),
  };
  return { name, world, width, seed, config };
}

export const sweepName = (quality: Quality, width: number, seed: number) => `${quality}-${width}-${seed}`;

function family(widths: readonly number[], seed: number): SweepModel[] {
  return widths.flatMap((width) =>
    (Object.keys(QUALITIES) as Quality[]).map((quality) =>
      sweepModel(sweepName(quality, width, seed), quality, width, seed),
    ),
  );
}

/** Models of these worlds at one width and seed. */
const variants = (worlds: object, width: number, seed: number): SweepModel[] =>
  Object.keys(worlds).map((world) => sweepModel(`${world}-${width}-${seed}`, world, width, seed));

/** Width × quality × seed. */
const GRID = [...family([32, 64, 128, 16, 8], 0), ...family([32, 64, 16, 8, 128], 1)];

/** Every model of the grid: each width, each quality, each seed. */
export const GRID_NAMES: readonly string[] = GRID.map(({ name }) => name);

/** Width at which one knob of the data's quality is turned. */
const QUALITY_WIDTH = 32;

/**
 * The models that the experiments need, those that most of them wait for first: special worlds, then the widths
 * that RLAIF is tried on, then the small ones, then the second seed; the threshold's corpora; a third seed of the
 * default width; and the quality of the data, one knob at a time over three seeds.
 */
export const SWEEP: readonly SweepModel[] = [
  ...Object.keys(SPECIAL).map((world) => sweepModel(world, world, DEFAULT_WIDTH, 0)),
  ...GRID,
  ...[32, 64].flatMap((width) => variants(CONDUCT, width, 0)),
  ...variants(QUALITIES, DEFAULT_WIDTH, 2),
  ...[0, 1, 2].flatMap((seed) => variants({ ...DATA_QUALITY, ...DOCUMENTS }, QUALITY_WIDTH, seed)),
  sweepModel(sweepName('mixed', QUALITY_WIDTH, 2), 'mixed', QUALITY_WIDTH, 2),
];
