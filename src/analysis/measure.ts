import { part, silent, type Progress } from '../math/progress.ts';
import { createRandom } from '../math/random.ts';
import {
  correlationInterval,
  correlationWithin,
  mean,
  type Estimate,
  type Numbers,
} from '../math/statistics.ts';
import type { Model } from '../model/parameters.ts';
import { promptedScores, readConstitution, type Constitution } from '../values/constitution.ts';
import type { Subspace } from '../values/directions.ts';
import { Lens } from '../values/lens.ts';
import type { Readout } from '../values/readout.ts';
import { inAll } from '../values/respond.ts';
import { sampleGists, selectSituations, trueValues, valuedSample } from '../values/sampled.ts';
import { TRUE_WEIGHTS, type TrueWeights } from '../world/values.ts';
import { agreementOf, bareScores, byValue, Judges, unnamedBy, valuesOf, type Agreement } from './judge.ts';
import { fitReadouts } from './predict.ts';
import { EACH } from './sample.ts';

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

/** Draws of the random controls. */
const CONTROLS = 4;

export interface MeasureOptions {
  n: number;
  seed: number;
  trueWeights?: TrueWeights;
}

/** Measures a constitution on n fresh responses, at least 16 a situation; n is 64 or more. */
export async function measure(
  model: Model,
  constitution: Constitution,
  { n, seed, trueWeights = TRUE_WEIGHTS }: MeasureOptions,
  progress: Progress = silent,
): Promise<Measurement> {
  const { count, each } = inAll(n, EACH);
  const random = createRandom(seed).fork('measure');
  const drawn = await sampleGists(model, { name: 'measure', seed, count, each }, part(progress, 0, 0.6));
  const all = valuedSample(drawn, trueWeights);
  const fitting = selectSituations(all, (x) => x % 2 === 0);
  const test = selectSituations(all, (x) => x % 2 === 1);
  const { gists, situations } = test;

  const truth = trueValues(all.responses);
  const scores = await promptedScores(model, all.gists, constitution);
  const interval = (x: Numbers, name: string) =>
    plain(correlationInterval(x, truth, all.situations, random.fork(name)));
  await progress(0.65);

  const lens = new Lens(model, fitting.gists, fitting.situations);
  const judges = await Judges.of(lens, gists, constitution);
  const { rank } = judges.view.subspace;
  const agreement = (x: Numbers) => agreementOf(judges.prompted, x, situations);
  const controls = Array.from({ length: CONTROLS }, (_, i) => lens.random(rank, random.fork(`control ${i}`)));
  const control = async (ask: (subspace: Subspace) => Promise<Numbers>) => {
    const each: number[] = [];
    for (const subspace of controls) each.push(agreement(await ask(subspace)).r);
    return { r: mean(each), each };
  };
  const keepRandom = await control((subspace) => judges.kept(subspace));
  const eraseRandom = await control((subspace) => judges.erased(subspace));
  await progress(0.8);

  const eraseOther: Record<string, number> = {};
  for (const value of unnamedBy(constitution)) {
    const other = readConstitution(value);
    const before = await promptedScores(model, gists, other);
    eraseOther[value] = correlationWithin(
      before,
      await promptedScores(model, judges.without, other),
      situations,
    );
  }
  await progress(0.9);

  const nothing = await bareScores(lens, all.gists);
  const fitted = [fitting, test].map((half) => fitReadouts(half, random.fork('readout')));
  /** Cross-fitted: each half is read by what was fitted on the other. */
  const crossed = (kind: 'linear' | 'any') => {
    const read = (readout: Readout, { gists }: typeof test) => Array.from(readout(gists));
    const pooled = [...read(fitted[0][kind], test), ...read(fitted[1][kind], fitting)];
    const shift = test.situations.at(-1) + 1;
    const groups = [...test.situations, ...fitting.situations.map((x) => x + shift)];
    return {
      r: correlationWithin(pooled, [...trueValues(test.responses), ...trueValues(fitting.responses)], groups),
    };
  };
  return {
    generation: interval(all.logProbs, 'generation'),
    judgement: interval(scores, 'judgement'),
    perValue: byValue((value) => correlationWithin(scores, valuesOf(all.responses, value), all.situations)),
    linear: { r: agreement(judges.linear()).r },
    projected: agreement(await judges.projected()),
    keep: agreement(await judges.kept()),
    keepRandom,
    erase: agreement(await judges.erased()),
    eraseRandom,
    eraseOther,
    rank,
    none: { r: correlationWithin(nothing, truth, all.situations) },
    probe: crossed('linear'),
    ceiling: crossed('any'),
    wellFormed: mean(all.responses.map((r) => (r.wellFormed ? 1 : 0))),
    n: all.responses.length,
    situations: count,
  };
}

const plain = ({ value, low, high }: Estimate) => ({ r: value, low, high });
