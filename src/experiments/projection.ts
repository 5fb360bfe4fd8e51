import { bareScores, Judges, unnamedBy } from '../analysis/judge.ts';
import type { Random } from '../math/random.ts';
import type { Numbers } from '../math/statistics.ts';
import { disposeModel, type Model } from '../model/parameters.ts';
import { promptedScores, readConstitution, type Constitution } from '../values/constitution.ts';
import { directionOf, gistSpace, projected, erased, subspaceOf } from '../values/directions.ts';
import { withData, type Gists } from '../values/gists.ts';
import { Lens } from '../values/lens.ts';
import type { Response } from '../values/respond.ts';
import { sampleGists, selectSituations, trueValues, type SampledGists } from '../values/sampled.ts';
import { unmaskedVerdicts } from '../values/unmasked.ts';
import { NO_PRINCIPLE, questionOf, verdicts } from '../values/verdicts.ts';
import { VALUE_NAMES } from '../world/values.ts';
import { compare, type Ledger } from './evidence.ts';
import type { ModelSource } from './experiment.ts';

/** A model's own responses, cut in two: directions are fitted on one half, everything is measured on the other. */
export interface Ground {
  model: Model;
  fitting: SampledGists;
  test: SampledGists;
  lens: Lens;
  /** Situations of the test half. */
  count: number;
  /** Verdicts on the test half as it is, asked for once: by a constitution, or by none. */
  clean(text?: string): Promise<Float32Array>;
}

function groundOf(model: Model, sample: SampledGists, count: number): Ground {
  const fitting = selectSituations(sample, (x) => x < count);
  const test = selectSituations(sample, (x) => x >= count);
  const known = new Map<string, Promise<Float32Array>>();
  const clean = (text = '') => {
    const scores =
      known.get(text) ??
      (text === ''
        ? verdicts(model, test.gists, NO_PRINCIPLE)
        : promptedScores(model, test.gists, readConstitution(text)));
    known.set(text, scores);
    return scores;
  };
  return { model, fitting, test, count, clean, lens: new Lens(model, fitting.gists, fitting.situations) };
}

/** Grounds of one seed by the model's name, each made when it is first asked for. */
export class Grounds {
  readonly #models: ModelSource;
  readonly #sample: { name: string; seed: number; count: number; each: number };
  readonly #grounds = new Map<string, Promise<Ground>>();

  /** `count` situations to fit on and as many to measure on. */
  constructor(models: ModelSource, sample: { name: string; seed: number; count: number; each: number }) {
    this.#models = models;
    this.#sample = sample;
  }

  of(name: string): Promise<Ground> {
    const known = this.#grounds.get(name) ?? this.#make(name);
    this.#grounds.set(name, known);
    return known;
  }

  async #make(name: string): Promise<Ground> {
    const model = await this.#models.load(name);
    const { count } = this.#sample;
    return groundOf(model, await sampleGists(model, { ...this.#sample, count: 2 * count }), count);
  }

  async dispose(): Promise<void> {
    for (const ground of this.#grounds.values()) disposeModel((await ground).model);
  }
}

const comparing =
  ({ test, count }: Ground) =>
  (x: Numbers, y: Numbers) =>
    compare(x, y, test.situations, count);

/** What a constitution asks for, off its table: Σ of its principles' values. */
export function askedFor({ phrases }: Constitution, responses: readonly Response[]): number[] {
  return responses.map((r) =>
    phrases.reduce(
      (sum, { values }) => sum + VALUE_NAMES.reduce((s, name) => s + (values[name] ?? 0) * r.values[name], 0),
      0,
    ),
  );
}

/** Every judge of one constitution against the prompted one, with what erasing it does to others. */
export async function projectionLedger(ground: Ground, text: string, random: Random): Promise<Ledger> {
  const { test, lens } = ground;
  const { gists, responses } = test;
  const at = comparing(ground);
  const constitution = readConstitution(text);
  const judges = await Judges.of(lens, gists, constitution, await ground.clean(text));
  const { prompted: original, without } = judges;
  const erasedScores = await judges.erased();
  const control = lens.random(judges.view.subspace.rank, random);
  const nothing = await ground.clean();
  const nothingLeft = await bareScores(lens, without);
  const length = Array.from(gists.positions);
  const ledger: Ledger = {
    asked: at(askedFor(constitution, responses), original),
    linear: at(original, judges.linear()),
    projected: at(original, await judges.projected()),
    kept: at(original, await judges.kept()),
    erased: at(original, erasedScores),
    'random kept': at(original, await judges.kept(control)),
    'random erased': at(original, await judges.erased(control)),
    'erased with length': at(length, erasedScores),
    'with length': at(length, original),
    'nothing with V*': at(trueValues(responses), nothing),
    'nothing left with V*': at(trueValues(responses), nothingLeft),
    'nothing left': at(nothing, nothingLeft),
  };
  for (const value of unnamedBy(constitution)) {
    const after = await promptedScores(lens.model, without, readConstitution(value));
    ledger[`other ${value}`] = at(await ground.clean(value), after);
  }
  return ledger;
}

/**
 * How many directions a judge looks through: "kept k", "erased k" and "projected k" with the k best ones. The
 * next direction is always fitted on what the judge still says when those before it are erased.
 */
export async function rankLedger(ground: Ground, text: string, most: number): Promise<Ledger> {
  const { model, fitting, test, lens } = ground;
  const at = comparing(ground);
  const constitution = readConstitution(text);
  const asked = (changed: Gists) => promptedScores(model, changed, constitution);
  const original = await ground.clean(text);
  const directions: Float64Array[] = [];
  const ledger: Ledger = {};
  let left = fitting.gists;
  for (let k = 1; k <= most; k++) {
    directions.push(directionOf(lens.space, await asked(left)));
    const subspace = subspaceOf(lens.space, directions);
    left = lens.erase(fitting.gists, subspace);
    const kept = lens.keep(test.gists, subspace);
    ledger[`kept ${k}`] = at(original, await asked(kept));
    ledger[`erased ${k}`] = at(original, await asked(lens.erase(test.gists, subspace)));
    ledger[`projected ${k}`] = at(original, await verdicts(model, kept, NO_PRINCIPLE));
  }
  return ledger;
}

/** What an intervention at one of the gist's sites alone does: "erased l" and "projected l", l the block it enters. */
export async function siteLedger(ground: Ground, text: string): Promise<Ledger> {
  const { model, test, lens } = ground;
  const { gists } = test;
  const at = comparing(ground);
  const constitution = readConstitution(text);
  const { subspace } = await lens.view(constitution);
  const original = await ground.clean(text);
  const [kept, without] = [lens.keep(gists, subspace), lens.erase(gists, subspace)];
  const ledger: Ledger = {};
  for (let l = 1; l < model.config.layers; l++) {
    const one = (changed: Gists) => atSite(gists, changed, l - 1, model.config.width);
    ledger[`erased ${l}`] = at(original, await promptedScores(model, one(without), constitution));
    ledger[`projected ${l}`] = at(original, await verdicts(model, one(kept), NO_PRINCIPLE));
  }
  return ledger;
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
export async function unmaskedLedger(ground: Ground, text: string): Promise<Ledger> {
  const { model, fitting, test } = ground;
  const at = comparing(ground);
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
  return {
    asked: at(askedFor(readConstitution(text), test.responses), original),
    projected: at(original, await ask(NO_PRINCIPLE, kept)),
    kept: at(original, await ask(questions[0], kept)),
    erased: at(original, await ask(questions[0], erased(space, subspace, test.gists))),
  };
}
