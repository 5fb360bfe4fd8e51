/** A run of RLAIF from its first row to its last, and with the prediction that it is held against. */
import { createRandom } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import { createJudge, type JudgeName } from '../rlaif/judge.ts';
import { rlaif, type RlaifOptions, type RlaifReport, type StopReason } from '../rlaif/loop.ts';
import type { Row } from '../rlaif/rows.ts';
import type { GainCurve } from '../rlaif/theory.ts';
import { NotFiniteError } from '../train/optimizer.ts';
import type { Constitution } from '../values/constitution.ts';
import { Lens } from '../values/lens.ts';
import { sampleGists, valuedSample, type SampledGists } from '../values/sampled.ts';
import { fitReadouts, predict, predictionSample, scoreBound } from './predict.ts';
import { FITTING } from './sample.ts';

/**
 * Tells every report of a run, and says why it stopped. While `tell` works the policy can be used; an error of it is thrown
 * into the run, which may survive it and report again.
 */
export async function drive(
  run: AsyncGenerator<RlaifReport, StopReason>,
  tell: (report: RlaifReport) => unknown,
): Promise<StopReason> {
  try {
    let next = await run.next();
    while (!next.done) {
      let failed: { why: unknown } | null = null;
      try {
        await tell(next.value);
      } catch (why) {
        failed = { why };
      }
      next = await (failed ? run.throw(failed.why) : run.next());
    }
    return next.value;
  } finally {
    await run.return('steps');
  }
}

/** Gains predicted at one KL; null where the sample does not carry them. */
export interface PredictedAt {
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
  predicted: PredictedAt;
  stopped: StopReason;
}

export interface Telling {
  /** Every report, while the policy can be used. */
  report?: (report: RlaifReport) => unknown;
  /** How far a stage is, 0 … 1. */
  progress?: (stage: 'fitting' | 'predicting', done: number) => void;
}

/**
 * A whole run with its prediction: trains on the judge, then compares with what the tilt of the untouched reference
 * says at the KL that was spent. Throws NotFiniteError when the model gives no numbers.
 */
export async function trainRun(
  model: Model,
  constitution: Constitution,
  judgeName: JudgeName,
  options: RlaifOptions,
  { report = () => undefined, progress = () => undefined }: Telling = {},
): Promise<TrainingResult> {
  const { seed, trueWeights } = options;
  let fitting: SampledGists | undefined;
  const fittingSample = async () =>
    (fitting ??= valuedSample(
      await sampleGists(model, { ...FITTING, seed }, (done) => progress('fitting', done)),
      trueWeights,
    ));
  const lens = async () => {
    const sample = await fittingSample();
    return new Lens(model, sample.gists, sample.situations);
  };
  const judge = await createJudge(judgeName, model, constitution, lens);
  const history: Row[] = [];
  const stopped = await drive(rlaif(model, judge, options), (told) => {
    history.push(told.row);
    return report(told);
  });
  const final = history.at(-1);
  if (!final) throw new NotFiniteError('the model gives numbers that are not finite');
  const drawn = await predictionSample(model, seed, (done) => progress('predicting', done));
  const sample = valuedSample(drawn, trueWeights);
  const random = createRandom(seed).fork('predicted');
  const budget = Math.max(final.kl, 0);
  const readouts = fitReadouts(await fittingSample(), random.fork('readout'));
  const { tilt, linear, ceilings } = await predict(sample, judge, readouts, [budget], random);
  const first = ({ gain }: GainCurve) => gain[0] ?? null;
  const predicted = {
    linear: linear[0] ?? null,
    tilt: first(tilt),
    low: tilt.low[0] ?? null,
    high: tilt.high[0] ?? null,
    ceiling: first(ceilings.any),
    ceilingLinear: first(ceilings.linear),
    ceilingTruth: first(ceilings.truth),
    judge: await scoreBound(sample, judge, budget),
  };
  return { history, final, predicted, stopped };
}
