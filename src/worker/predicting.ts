import { fitReadouts, gainOf, judgementsOf } from '../analysis/predict.ts';
import { createRandom } from '../math/random.ts';
import type { Numbers } from '../math/statistics.ts';
import { silent, type Progress } from '../math/progress.ts';
import { startOf } from '../rlaif/loop.ts';
import { linearGain, type GainCurve } from '../rlaif/theory.ts';
import { promptedScores } from '../values/constitution.ts';
import { batchesOf, sampleBatch, trueValues, valuedSample, type SampledGists } from '../values/sampled.ts';
import { VALUE_NAMES, type TrueWeights } from '../world/values.ts';
import type { Idle } from './idle.ts';
import { constitutionOf } from './judging.ts';
import type { Calls, Prediction } from './protocol.ts';
import type { HeldModel, HeldSample } from './registry.ts';
import type { Session } from './session.ts';

/** KL budgets of the prediction's curves, nats. */
const BUDGETS = Array.from({ length: 26 }, (_, i) => Number((0.02 + (i / 25) ** 2 * 1.58).toFixed(4)));

/** Texts that are drawn without looking whether somebody asks for something: a twentieth of a second on WASM. */
const PIECE = 64;

type Args = Calls['predict']['args'];
type Between = () => Promise<unknown>;

/** What no constitution changes: where a run starts, and the ceilings. */
interface Yardstick {
  start: number;
  ceiling: GainCurve;
  truth: GainCurve;
}

/** A prediction; its sample is judged anew for every constitution, and drawn only where it was not yet. */
export async function predicted(
  session: Session,
  held: HeldModel,
  { seed, constitution, trueWeights }: Args,
  progress: Progress,
  between: Between,
): Promise<Prediction> {
  const drawn = await sampleOf(session, held, seed, progress);
  const sample = valuedSample(drawn.sample, trueWeights);
  const scores = await promptedScores(held.model, sample.gists, constitutionOf(constitution));
  const tilt = await curveOf(sample, scores, seed, between);
  const { start, ceiling, truth } = await yardstick(session, held, drawn, trueWeights, between);
  // Each curve ends where the sample no longer carries it; the page draws them over one axis.
  const carried = Math.min(...[tilt, ceiling, truth].map((curve) => curve.kl.length));
  const float = (x: Float64Array) => Float32Array.from(x.subarray(0, carried));
  const judgements = judgementsOf(sample, scores);
  return {
    model: held.id,
    sample: drawn.id,
    start,
    kl: float(tilt.kl),
    tilt: { mean: float(tilt.gain), low: float(tilt.low), high: float(tilt.high) },
    linear: float(tilt.kl.map((kl) => linearGain(judgements, kl))),
    ceiling: float(ceiling.gain),
    truth: float(truth.gain),
    situations: new Set(sample.situations).size,
    responses: sample.responses.length,
  };
}

/**
 * All that predictions take and no constitution changes, prepared while nobody waits for anything. On WASM in pieces, so that
 * who comes waits for none; on other backends, whose last bits depend on how many texts go together, in whole batches.
 */
export async function prepare(
  session: Session,
  held: HeldModel,
  { seed, trueWeights }: Calls['prepare']['args'],
  idle: Idle,
  between: Between,
): Promise<HeldSample> {
  const pause = async () => {
    await idle.quiet();
    await between();
  };
  const piece = session.registry.backend === 'wasm' ? PIECE : undefined;
  await session.registry.ahead(held, seed, async (draw, batches) => {
    for (let batch = 0; batch < batchesOf(draw); batch++) {
      if (batches[batch]) continue;
      await pause();
      const drawn = await sampleBatch(held.model, draw, batch, pause, piece);
      batches[batch] ??= drawn;
    }
  });
  const drawn = await sampleOf(session, held, seed, silent);
  await yardstick(session, held, drawn, trueWeights, pause);
  return drawn;
}

const sampleOf = ({ registry, pool }: Session, held: HeldModel, seed: number, progress: Progress) =>
  registry.prediction(held, seed, (draw, batches) => pool.batches(held, draw, batches, progress));

function yardstick(
  { registry }: Session,
  held: HeldModel,
  { id, draw: { seed }, sample: drawn }: HeldSample,
  trueWeights: TrueWeights,
  between: Between,
): Promise<Yardstick> {
  const weights = VALUE_NAMES.map((name) => trueWeights[name]).join();
  return registry.remember(`yardstick ${id} ${weights}`, async () => {
    const fitting = valuedSample((await registry.fitting(held, seed)).sample, trueWeights);
    const { any } = fitReadouts(fitting, createRandom(seed).fork('readout'));
    await between();
    const sample = valuedSample(drawn, trueWeights);
    const { measure } = registry.effort.training;
    return {
      start: await startOf(held.model, { seed, measure, trueWeights }),
      ceiling: await curveOf(sample, any(sample.gists), seed, between),
      truth: await curveOf(sample, trueValues(sample.responses), seed, between),
    };
  });
}

/** The tilt's gain at each budget that the sample carries, with a pause after each. */
async function curveOf(
  sample: SampledGists,
  scores: Numbers,
  seed: number,
  between: Between,
): Promise<GainCurve> {
  const random = createRandom(seed).fork('prediction');
  const points: GainCurve[] = [];
  for (const budget of BUDGETS) {
    const point = gainOf(sample, scores, [budget], random);
    if (point.kl.length === 0) break;
    points.push(point);
    await between();
  }
  const column = (name: keyof GainCurve) => Float64Array.from(points, (point) => point[name][0]);
  return { kl: column('kl'), gain: column('gain'), low: column('low'), high: column('high') };
}
