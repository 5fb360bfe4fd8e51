/** The judges of one constitution, and how they agree with each other and with the ground truth. */
import type { Random } from '../math/random.ts';
import {
  correlationInterval,
  correlationWithin,
  slopeWithin,
  type Estimate,
  type Numbers,
} from '../math/statistics.ts';
import { promptedScores, type Constitution } from '../values/constitution.ts';
import type { Subspace } from '../values/directions.ts';
import type { Gists } from '../values/gists.ts';
import type { Lens, View } from '../values/lens.ts';
import type { Response } from '../values/respond.ts';
import { trueValues, type SampledGists } from '../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { MORAL_VALUES, VALUE_NAMES, type MoralValue, type ValueName } from '../world/values.ts';

/** How some scores go with others, within the situation: correlation, and covariance over the others' variance. */
export interface Agreement {
  r: number;
  slope: number;
}

/** Agreement of `scores` with `original`. */
export const agreementOf = (original: Numbers, scores: Numbers, situations: Numbers): Agreement => ({
  r: correlationWithin(original, scores, situations),
  slope: slopeWithin(original, scores, situations),
});

/** Every judge of one constitution on some gists; its directions were fitted on other situations (the lens's). */
export class Judges {
  readonly lens: Lens;
  readonly gists: Gists;
  readonly constitution: Constitution;
  /** What the constitution sees. */
  readonly view: View;
  /** s_c, (n). */
  readonly prompted: Float32Array;
  #without: Gists | undefined;

  private constructor(
    lens: Lens,
    gists: Gists,
    constitution: Constitution,
    view: View,
    prompted: Float32Array,
  ) {
    [this.lens, this.gists, this.constitution] = [lens, gists, constitution];
    [this.view, this.prompted] = [view, prompted];
  }

  /** `prompted` where it is known already. */
  static async of(
    lens: Lens,
    gists: Gists,
    constitution: Constitution,
    prompted?: Float32Array,
  ): Promise<Judges> {
    const scores = prompted ?? (await promptedScores(lens.model, gists, constitution));
    return new Judges(lens, gists, constitution, await lens.view(constitution), scores);
  }

  /** The prompted judge of gists that were changed, (n). */
  ask(changed: Gists): Promise<Float32Array> {
    return promptedScores(this.lens.model, changed, this.constitution);
  }

  /** ⟨v_c, φ⟩, (n). */
  linear(): Float64Array {
    return this.lens.linearScores(this.gists, this.view);
  }

  /** s_∅(μ + P_c φ), (n). */
  projected(): Promise<Float32Array> {
    return this.lens.projectedScores(this.gists, this.view);
  }

  /** s_c(μ + Pφ), of a subspace, the constitution's if no other is named, (n). */
  kept(subspace: Subspace = this.view.subspace): Promise<Float32Array> {
    return this.ask(this.lens.keep(this.gists, subspace));
  }

  /** s_c(μ + (I − P)φ), likewise, (n). */
  erased(subspace?: Subspace): Promise<Float32Array> {
    return this.ask(subspace ? this.lens.erase(this.gists, subspace) : this.without);
  }

  /** The gists without what the constitution sees. */
  get without(): Gists {
    return (this.#without ??= this.lens.erase(this.gists, this.view.subspace));
  }
}

/** Verdicts without a principle, s_∅, (n). */
export const bareScores = (lens: Pick<Lens, 'model'>, gists: Gists): Promise<Float32Array> =>
  verdicts(lens.model, gists, NO_PRINCIPLE);

/** Moral values that a constitution does not name. */
export function unnamedBy({ phrases }: Constitution): MoralValue[] {
  const named = new Set(phrases.flatMap(({ values }) => Object.keys(values)));
  return MORAL_VALUES.filter((value) => !named.has(value));
}

/** One value of each response, (n). */
export const valuesOf = (responses: readonly Response[], value: ValueName): number[] =>
  responses.map((r) => r.values[value]);

/** Something of every value, by its name. */
export const byValue = <T>(of: (value: ValueName) => T): Record<ValueName, T> =>
  Object.fromEntries(VALUE_NAMES.map((value) => [value, of(value)])) as Record<ValueName, T>;

/** What a constitution awakens in a sample, and how its other judges follow the prompted one. */
export interface Judgement {
  /** s_c, (n). */
  scores: Float32Array;
  /** With V*, and with each value. */
  judgement: Estimate;
  awakened: Record<ValueName, Estimate>;
  /** Correlations with the prompted judge. */
  linear: number;
  projected: number;
  rank: number;
}

/** Judges a sample by a constitution; every figure is within the situation, intervals are over situations. */
export async function judgeSample(
  lens: Lens,
  { gists, responses, situations }: SampledGists,
  constitution: Constitution,
  random: Random,
): Promise<Judgement> {
  const judges = await Judges.of(lens, gists, constitution);
  const scores = judges.prompted;
  const agreement = (y: Numbers, name: string): Estimate =>
    correlationInterval(scores, y, situations, random.fork(name));
  const follows = (other: Numbers) => correlationWithin(scores, other, situations);
  return {
    scores,
    judgement: agreement(trueValues(responses), 'true value'),
    awakened: byValue((value) => agreement(valuesOf(responses, value), value)),
    linear: follows(judges.linear()),
    projected: follows(await judges.projected()),
    rank: judges.view.subspace.rank,
  };
}
