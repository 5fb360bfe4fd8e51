import { dotPoints } from '../math/linear.ts';
import type { Random } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import type { Constitution } from './constitution.ts';
import {
  directionOf,
  erased,
  gistSpace,
  projected,
  randomSubspace,
  subspaceOf,
  type GistSpace,
  type Subspace,
} from './directions.ts';
import { withData, type Gists } from './gists.ts';
import { NO_PRINCIPLE, questionOf, verdicts } from './verdicts.ts';

/**
 * A model seen through its own verdicts on one fitting sample. Directions are fitted here and nowhere else,
 * on verdicts alone; what is measured with them is measured on other situations.
 */
export class Lens {
  readonly model: Model;
  readonly space: GistSpace;
  readonly #fitting: Gists;
  readonly #directions = new Map<string, Promise<Float64Array>>();

  constructor(model: Model, fitting: Gists, situations: ArrayLike<number>) {
    this.model = model;
    this.#fitting = fitting;
    this.space = gistSpace(fitting, situations);
  }

  /** u of the verdict on a question; fitted at the first call. (H) */
  #direction(question: string): Promise<Float64Array> {
    const known = this.#directions.get(question);
    if (known) return known;
    const fit = verdicts(this.model, this.#fitting, question).then((s) => directionOf(this.space, s));
    this.#directions.set(question, fit);
    fit.catch(() => this.#directions.delete(question)); // a failure is told once, and not kept
    return fit;
  }

  /** u_p of one principle. (H) */
  direction(phrase: string): Promise<Float64Array> {
    return this.#direction(questionOf([phrase]));
  }

  /** What the verdict without a principle sees. */
  async #viewOfNothing(): Promise<View> {
    const linear = await this.#direction(NO_PRINCIPLE);
    return { subspace: subspaceOf(this.space, [linear]), linear, directions: [linear] };
  }

  /**
   * What a constitution sees: the span of its principles' directions, and v_c = Σ wᵢ uᵢ, which counts as one of them:
   * of two that nearly oppose each other the span has their difference alone, and v_c is the sum. Of no principle it is the
   * direction of the verdict without one.
   */
  async view({ phrases, weights }: Constitution): Promise<View> {
    if (phrases.length === 0) return this.#viewOfNothing();
    const directions = await Promise.all(phrases.map(({ text }) => this.direction(text)));
    const linear = new Float64Array(this.space.size);
    directions.forEach((u, i) => u.forEach((x, j) => (linear[j] += weights[i] * x)));
    return { subspace: subspaceOf(this.space, [...directions, linear]), linear, directions };
  }

  /** The linear judge ⟨v_c, φ⟩. */
  linearScores(gists: Gists, view: View): Float64Array {
    return dotPoints(gists, view.linear, this.space.mean);
  }

  /** The projected judge s_∅(μ + P_c φ): asked with no principle, of what the constitution sees alone. */
  projectedScores(gists: Gists, view: View): Promise<Float32Array> {
    return verdicts(this.model, this.keep(gists, view.subspace), NO_PRINCIPLE);
  }

  /** Gists with the subspace alone. */
  keep(gists: Gists, subspace: Subspace): Gists {
    return withData(gists, projected(this.space, subspace, gists));
  }

  /** Gists without the subspace. */
  erase(gists: Gists, subspace: Subspace): Gists {
    return withData(gists, erased(this.space, subspace, gists));
  }

  /** The control of keep and erase: as many dimensions, drawn at random. */
  random(rank: number, random: Random): Subspace {
    return randomSubspace(this.space, rank, random);
  }
}

export interface View {
  subspace: Subspace;
  /** v_c. (H) */
  linear: Float64Array;
  /** One a principle. */
  directions: Float64Array[];
}
