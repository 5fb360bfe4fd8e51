import { createRandom } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import { createJudge, type Judge, type JudgeName } from '../rlaif/judge.ts';
import { rlaif, type RlaifOptions, type StopReason } from '../rlaif/loop.ts';
import type { Row } from '../rlaif/rows.ts';
import { ceilings } from '../rlaif/ceilings.ts';
import { predictGains, predictionSample, scoreBound } from '../rlaif/predict.ts';
import { NotFiniteError } from '../train/optimizer.ts';
import type { Constitution } from '../values/constitution.ts';
import { Lens } from '../values/lens.ts';
import { sampleGists, type SampledGists } from '../values/sampled.ts';

/** Responses that directions and readouts are fitted on: 125 situations × 16. */
export const FITTING = { name: 'fitting', count: 125, each: 16 } as const;

/** Gains predicted at one KL; null where the sample does not carry them. */
export interface PredictedGain {
  linear: number | null;
  tilt: number | null;
  low: number | null;
  high: number | null;
  /** By any readout of the gist; by the linear one; by the truth itself, which bounds every judge. */
  ceiling: number | null;
  ceilingLinear: number | null;
  ceilingTruth: number | null;
  /** The most that the judge's own mean score could gain. */
  judge: number | null;
}

export interface TrainingResult {
  history: Row[];
  final: Row;
  predicted: PredictedGain;
  stopped: StopReason;
}

/** One report a row while it trains; the policy can be used while the generator stands there. */
export interface TrainingReport {
  row: Row;
  policy: Model;
}

/**
 * A whole run of RLAIF with its prediction: trains on the judge, then compares with what the tilt of the
 * untouched reference says at the KL that was spent.
 */
export async function* training(
  model: Model,
  constitution: Constitution,
  judgeName: JudgeName,
  options: RlaifOptions,
  progress: (stage: string, done: number) => void = () => {},
): AsyncGenerator<TrainingReport, TrainingResult> {
  const { seed } = options;
  let fitting: SampledGists | undefined;
  const fittingSample = async () =>
    (fitting ??= await sampleGists(model, { ...FITTING, seed }, (done) => progress('fitting', done)));
  const lens = async () => {
    const sample = await fittingSample();
    return new Lens(model, sample.gists, sample.situations);
  };
  const judge = await createJudge(judgeName, model, constitution, lens);
  const run = rlaif(model, judge, options);
  const history: Row[] = [];
  let next = await run.next();
  try {
    while (!next.done) {
      history.push(next.value.row);
      yield next.value;
      next = await run.next();
    }
  } finally {
    if (!next.done) await run.return('steps');
  }
  const final = history.at(-1);
  if (!final) throw new NotFiniteError('the model gives numbers that are not finite');
  const sample = await predictionSample(model, seed, (done) => progress('predicting', done));
  const predicted = await gainAt(sample, judge, await fittingSample(), final.kl, seed);
  return { history, final, predicted, stopped: next.value };
}

async function gainAt(
  sample: SampledGists,
  judge: Judge,
  fitting: SampledGists,
  kl: number,
  seed: number,
): Promise<PredictedGain> {
  const random = createRandom(seed).fork('predicted');
  const budget = Math.max(kl, 0);
  const { tilt, linear } = await predictGains(sample, judge, [budget], random);
  const { linearReadout, anyReadout, truth } = ceilings(sample, fitting, [budget], random);
  return {
    linear: linear[0] ?? null,
    tilt: tilt.gain[0] ?? null,
    low: tilt.low[0] ?? null,
    high: tilt.high[0] ?? null,
    ceiling: anyReadout.gain[0] ?? null,
    ceilingLinear: linearReadout.gain[0] ?? null,
    ceilingTruth: truth.gain[0] ?? null,
    judge: await scoreBound(sample, judge, budget),
  };
}
