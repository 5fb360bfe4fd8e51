import type { Random } from '../math/random.ts';
import { fitAny, fitLinear, type Readout } from '../values/readout.ts';
import { trueValues, type SampledGists } from '../values/sampled.ts';
import { gainCurve, type GainCurve } from './theory.ts';

/** The three ceilings of a gain in true value, as curves in KL, which must not be mixed up. */
export interface Ceilings {
  /** Tilt by the linear readout of V* from the gist. A judge that is not linear may pass it. */
  linearReadout: GainCurve;
  /** Tilt by any readout of V* from the gist: bounds every judge that reads the gist, as far as it is the best. */
  anyReadout: GainCurve;
  /** Tilt by V* itself: bounds every policy at that KL, whoever judges. */
  truth: GainCurve;
}

/** What tilting a sample of π₀ by some scores gains in V*, at each KL (nats) that the sample carries. */
export function gainOf(
  { situations, responses }: SampledGists,
  scores: ArrayLike<number>,
  budgets: readonly number[],
  random: Random,
): GainCurve {
  return gainCurve({ situations, scores, worth: trueValues(responses) }, budgets, random);
}

/**
 * The ceilings on a sample of π₀'s responses (PREDICTION_SAMPLE for figures), where it carries them. Readouts are
 * fitted on another sample, `fitting`, so that none is rewarded for what it knows by heart.
 */
export function ceilings(
  sample: SampledGists,
  fitting: SampledGists,
  budgets: readonly number[],
  random: Random,
): Ceilings {
  const truth = trueValues(fitting.responses);
  const tilted = (scores: ArrayLike<number>) => gainOf(sample, scores, budgets, random);
  const read = (readout: Readout) => tilted(readout(sample.gists));
  return {
    linearReadout: read(fitLinear(fitting.gists, truth, fitting.situations)),
    anyReadout: read(fitAny(fitting.gists, truth, fitting.situations, random.fork('readout'))),
    truth: tilted(trueValues(sample.responses)),
  };
}
