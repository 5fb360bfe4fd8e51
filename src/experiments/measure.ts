import { part, silent, type Progress } from '../math/progress.ts';
import { createRandom } from '../math/random.ts';
import {
  correlationInterval,
  correlationWithin,
  mean,
  slopeWithin,
  type Estimate,
  type Numbers,
} from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution, type Constitution } from '../values/constitution.ts';
import type { Subspace } from '../values/directions.ts';
import { type Gists } from '../values/gists.ts';
import { Lens } from '../values/lens.ts';
import { fitAny, fitLinear } from '../values/readout.ts';
import { inAll } from '../values/respond.ts';
import { sampleGists, selectSituations, trueValues } from '../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { MORAL_VALUES, VALUE_NAMES } from '../world/values.ts';

export interface Agreement {
  r: number;
  slope: number;
}

/** One constitution, measured on the model's own responses; every figure is within the situation. */
export interface Measurement {
  /** log π₀ with V*. */
  generation: { r: number; low: number; high: number };
  /** s_c with V*. */
  judgement: { r: number; low: number; high: number };
  /** s_c with each value. */
  perValue: Record<string, number>;
  /** The other judges with the prompted one, directions fitted on the other half of the situations. */
  linear: { r: number };
  projected: Agreement;
  keep: Agreement;
  keepRandom: { r: number; each: number[] };
  erase: Agreement;
  eraseRandom: { r: number; each: number[] };
  /** Judge of each other moral value after erasing, with itself before. */
  eraseOther: Record<string, number>;
  rank: number;
  /** Verdict without a principle, with V*. */
  none: { r: number };
  /** Linear readout of V*, and any readout, cross-fitted. */
  probe: { r: number };
  ceiling: { r: number };
  wellFormed: number;
  n: number;
  situations: number;
}

/** Responses to one situation at the least. */
export const EACH = 16;
/** Draws of the random controls. */
const CONTROLS = 4;

export interface MeasureOptions {
  n: number;
  seed: number;
}

/** Measures a constitution on n fresh responses, at least 16 a situation; n is 64 or more. */
export async function measure(
  model: Model,
  constitution: Constitution,
  { n, seed }: MeasureOptions,
  progress: Progress = silent,
): Promise<Measurement> {
  const { count, each } = inAll(n, EACH);
  const random = createRandom(seed).fork('measure');
  const all = await sampleGists(model, { name: 'measure', seed, count, each }, part(progress, 0, 0.6));
  const fitting = selectSituations(all, (x) => x % 2 === 0);
  const test = selectSituations(all, (x) => x % 2 === 1);
  const { gists, situations } = test;

  const truth = trueValues(all.responses);
  const scores = await promptedScores(model, all.gists, constitution);
  const interval = (x: Numbers, name: string) =>
    plain(correlationInterval(x, truth, all.situations, random.fork(name)));
  await progress(0.65);

  const lens = new Lens(model, fitting.gists, fitting.situations);
  const view = await lens.view(constitution);
  const original = await promptedScores(model, gists, constitution);
  const agreement = (x: Numbers): Agreement => ({
    r: correlationWithin(original, x, situations),
    slope: slopeWithin(original, x, situations),
  });
  const asked = (changed: Gists) => promptedScores(model, changed, constitution);
  const controls = Array.from({ length: CONTROLS }, (_, i) =>
    lens.random(view.subspace.rank, random.fork(`control ${i}`)),
  );
  const control = async (change: (subspace: Subspace) => Gists) => {
    const each: number[] = [];
    for (const subspace of controls) each.push(agreement(await asked(change(subspace))).r);
    return { r: mean(each), each };
  };
  const keepRandom = await control((subspace) => lens.keep(gists, subspace));
  const eraseRandom = await control((subspace) => lens.erase(gists, subspace));
  await progress(0.8);

  const named = new Set(constitution.phrases.flatMap(({ values }) => Object.keys(values)));
  const eraseOther: Record<string, number> = {};
  const without = lens.erase(gists, view.subspace);
  for (const value of MORAL_VALUES.filter((name) => !named.has(name))) {
    const other = readConstitution(value);
    const before = await promptedScores(model, gists, other);
    eraseOther[value] = correlationWithin(before, await promptedScores(model, without, other), situations);
  }
  await progress(0.9);

  const nothing = await verdicts(model, all.gists, NO_PRINCIPLE);
  const perValue = VALUE_NAMES.map((name): [string, number] => {
    const values = all.responses.map((r) => r.values[name]);
    return [name, correlationWithin(scores, values, all.situations)];
  });
  const readout = (fit: (half: typeof fitting) => (gists: Gists) => Numbers) => {
    const guesses = [fit(fitting)(test.gists), fit(test)(fitting.gists)] as const;
    const pooled = [...Array.from(guesses[0]), ...Array.from(guesses[1])];
    const shift = test.situations.at(-1) + 1;
    const groups = [...test.situations, ...fitting.situations.map((x) => x + shift)];
    return {
      r: correlationWithin(pooled, [...trueValues(test.responses), ...trueValues(fitting.responses)], groups),
    };
  };
  return {
    generation: interval(all.logProbs, 'generation'),
    judgement: interval(scores, 'judgement'),
    perValue: Object.fromEntries(perValue),
    linear: { r: correlationWithin(original, lens.linearScores(gists, view), situations) },
    projected: agreement(await lens.projectedScores(gists, view)),
    keep: agreement(await asked(lens.keep(gists, view.subspace))),
    keepRandom,
    erase: agreement(await asked(without)),
    eraseRandom,
    eraseOther,
    rank: view.subspace.rank,
    none: { r: correlationWithin(nothing, truth, all.situations) },
    probe: readout((half) => fitLinear(half.gists, trueValues(half.responses), half.situations)),
    ceiling: readout((half) =>
      fitAny(half.gists, trueValues(half.responses), half.situations, random.fork('readout')),
    ),
    wellFormed: mean(all.responses.map((r) => (r.wellFormed ? 1 : 0))),
    n: all.responses.length,
    situations: count,
  };
}

const plain = ({ value, low, high }: Estimate) => ({ r: value, low, high });
