import { bareScores, Judges, unnamedBy } from '../../analysis/judge.ts';
import type { Compared, GroupedMoments } from '../../analysis/moments.ts';
import { createRandom, type Random } from '../../math/random.ts';
import { promptedScores, readConstitution, type Constitution } from '../../values/constitution.ts';
import { directionOf, erased, gistSpace, projected, subspaceOf } from '../../values/directions.ts';
import { withData, type Gists } from '../../values/gists.ts';
import type { Response } from '../../values/respond.ts';
import { trueValues } from '../../values/sampled.ts';
import { unmaskedVerdicts } from '../../values/unmasked.ts';
import { NO_PRINCIPLE, questionOf } from '../../values/verdicts.ts';
import { VALUE_NAMES, type MoralValue } from '../../world/values.ts';
import type { SeededConfig } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { PartOf } from '../framework/parts.ts';
import { splitOf, type Split } from '../framework/split.ts';

export interface Config extends SeededConfig {
  /** Situations to fit on, and as many to measure on. */
  readonly situations: number;
  readonly each: number;
  readonly constitutions: readonly string[];
  /** Those that ranks, sites and the model without the bottleneck are measured with. */
  readonly some: readonly string[];
  readonly ranks: number;
}

/** The model without the gist bottleneck. */
export const OPEN = 'no-bottleneck';

/** What is compared with the prompted judge, or with what else the name says. */
export type JudgeKey =
  | readonly [
      | 'asked'
      | 'linear'
      | 'projected'
      | 'kept'
      | 'erased'
      | 'random kept'
      | 'random erased'
      | 'erased with length'
      | 'with length'
      | 'nothing with V*'
      | 'nothing left with V*'
      | 'nothing left',
    ]
  /** The judge of a value that is not named, once the constitution is erased, with itself before. */
  | readonly ['other', MoralValue];
/** With so many directions kept, erased or projected onto. */
export type RankKey = readonly ['kept' | 'erased' | 'projected', rank: number];
/** At the gist's site entering this block alone, counted from 0. */
export type SiteKey = readonly ['erased' | 'projected', block: number];
export type OpenKey = readonly ['asked' | 'projected' | 'kept' | 'erased'];

/** Each by seed and constitution. */
export interface Rows {
  all: GroupedMoments<JudgeKey>;
  ranks: GroupedMoments<RankKey>;
  sites: GroupedMoments<SiteKey>;
  /** Of the model without the bottleneck. */
  open: GroupedMoments<OpenKey>;
}

/** Seconds of a row of each kind on 200 situations × 16. */
const SECONDS = { all: 1.6, ranks: 2.5, sites: 0.6, open: 7.5 };

export function projectionParts(config: Config, { here }: Available): PartOf<Rows>[] {
  const { seeds, situations, each, constitutions, some, ranks } = config;
  const measures: {
    [Kind in keyof Rows]: (split: Split, text: string, random: Random) => Promise<Rows[Kind]>;
  } = {
    all: judgesOf,
    ranks: (split, text) => ranksOf(split, text, ranks),
    sites: sitesOf,
    open: unmaskedOf,
  };
  const texts = { all: constitutions, ranks: some, sites: some, open: here.has(OPEN) ? some : [] };
  const part = <Kind extends keyof Rows>(kind: Kind, seed: number, text: string) => {
    const model = kind === 'open' ? OPEN : 'base';
    return {
      kind,
      at: [seed, text],
      models: [model],
      group: `${model} ${seed}`,
      given: { situations, each, ...(kind === 'ranks' ? { ranks } : {}) },
      seconds: (SECONDS[kind] * situations * each) / 1600,
      compute: async (resources: Parameters<typeof splitOf>[0]) => {
        const split = await splitOf(resources, model, { name: 'E2', seed, situations, each });
        return measures[kind](split, text, createRandom(0).fork('E2').fork(seed).fork(text));
      },
    };
  };
  return seeds.flatMap((seed) =>
    (['all', 'ranks', 'sites', 'open'] as const).flatMap((kind) =>
      texts[kind].map((text) => part(kind, seed, text) as PartOf<Rows>),
    ),
  );
}

/** What a constitution asks for, off its table: Σ of its principles' values. */
function askedFor({ phrases }: Constitution, responses: readonly Response[]): number[] {
  return responses.map((r) =>
    phrases.reduce(
      (sum, { values }) => sum + VALUE_NAMES.reduce((s, name) => s + (values[name] ?? 0) * r.values[name], 0),
      0,
    ),
  );
}

/** Every judge of one constitution against the prompted one, with what erasing it does to others. */
async function judgesOf(split: Split, text: string, random: Random): Promise<Rows['all']> {
  const { test, lens } = split;
  const { gists, responses } = test;
  const at = split.compare.bind(split);
  const constitution = readConstitution(text);
  const judges = await Judges.of(lens, gists, constitution, await split.clean(text));
  const { prompted: original, without } = judges;
  const erasedScores = await judges.erased();
  const control = lens.random(judges.view.subspace.rank, random);
  const nothing = await split.clean();
  const nothingLeft = await bareScores(lens, without);
  const length = Array.from(gists.positions);
  const others: [JudgeKey, Compared][] = [];
  for (const value of unnamedBy(constitution)) {
    const after = await promptedScores(lens.model, without, readConstitution(value));
    others.push([['other', value], at(await split.clean(value), after)]);
  }
  return [
    [['asked'], at(askedFor(constitution, responses), original)],
    [['linear'], at(original, judges.linear())],
    [['projected'], at(original, await judges.projected())],
    [['kept'], at(original, await judges.kept())],
    [['erased'], at(original, erasedScores)],
    [['random kept'], at(original, await judges.kept(control))],
    [['random erased'], at(original, await judges.erased(control))],
    [['erased with length'], at(length, erasedScores)],
    [['with length'], at(length, original)],
    [['nothing with V*'], at(trueValues(responses), nothing)],
    [['nothing left with V*'], at(trueValues(responses), nothingLeft)],
    [['nothing left'], at(nothing, nothingLeft)],
    ...others,
  ];
}

/**
 * How many directions a judge looks through: kept, erased and projected with the best ones. The next direction is always fitted on what the judge still says when those before it are erased.
 */
async function ranksOf(split: Split, text: string, most: number): Promise<Rows['ranks']> {
  const { model, fitting, test, lens } = split;
  const at = split.compare.bind(split);
  const constitution = readConstitution(text);
  const asked = (changed: Gists) => promptedScores(model, changed, constitution);
  const original = await split.clean(text);
  const directions: Float64Array[] = [];
  const moments: [RankKey, Compared][] = [];
  let left = fitting.gists;
  for (let k = 1; k <= most; k++) {
    directions.push(directionOf(lens.space, await asked(left)));
    const subspace = subspaceOf(lens.space, directions);
    left = lens.erase(fitting.gists, subspace);
    const kept = lens.keep(test.gists, subspace);
    moments.push(
      [['kept', k], at(original, await asked(kept))],
      [['erased', k], at(original, await asked(lens.erase(test.gists, subspace)))],
      [['projected', k], at(original, await bareScores(lens, kept))],
    );
  }
  return moments;
}

/** What an intervention at one of the gist's sites alone does. */
async function sitesOf(split: Split, text: string): Promise<Rows['sites']> {
  const { model, test, lens } = split;
  const { gists } = test;
  const at = split.compare.bind(split);
  const constitution = readConstitution(text);
  const { subspace } = await lens.view(constitution);
  const original = await split.clean(text);
  const [kept, without] = [lens.keep(gists, subspace), lens.erase(gists, subspace)];
  const moments: [SiteKey, Compared][] = [];
  for (let l = 1; l < model.config.layers; l++) {
    const one = (changed: Gists) => atSite(gists, changed, l - 1, model.config.width);
    moments.push(
      [['erased', l], at(original, await promptedScores(model, one(without), constitution))],
      [['projected', l], at(original, await bareScores(lens, one(kept)))],
    );
  }
  return moments;
}

/** The gists with one site's channels from others. */
function atSite(gists: Gists, changed: Gists, site: number, width: number): Gists {
  const data = gists.data.slice();
  for (let i = 0; i < gists.count; i++) {
    const from = i * gists.size + site * width;
    data.set(changed.data.subarray(from, from + width), from);
  }
  return withData(gists, data);
}

/** The same judges of a model that has no bottleneck: a control that should fail. */
async function unmaskedOf(split: Split, text: string): Promise<Rows['open']> {
  const { model, fitting, test } = split;
  const at = split.compare.bind(split);
  const { phrases, questions } = readConstitution(text);
  const space = gistSpace(fitting.gists, fitting.situations);
  const directions: Float64Array[] = [];
  for (const phrase of phrases)
    directions.push(
      directionOf(space, await unmaskedVerdicts(model, fitting.responses, questionOf([phrase.text]))),
    );
  const subspace = subspaceOf(space, directions);
  const ask = (question: string, data?: Float32Array) =>
    unmaskedVerdicts(model, test.responses, question, data && withData(test.gists, data));
  const original = await ask(questions[0]);
  const kept = projected(space, subspace, test.gists);
  return [
    [['asked'], at(askedFor(readConstitution(text), test.responses), original)],
    [['projected'], at(original, await ask(NO_PRINCIPLE, kept))],
    [['kept'], at(original, await ask(questions[0], kept))],
    [['erased'], at(original, await ask(questions[0], erased(space, subspace, test.gists)))],
  ];
}
