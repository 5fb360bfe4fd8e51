/** A model's own responses, cut in two: directions are fitted on one half, everything is measured on the other. */
import { compare, type Compared } from '../../analysis/moments.ts';
import type { Numbers } from '../../math/statistics.ts';
import type { Model } from '../../model/parameters.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { Lens } from '../../values/lens.ts';
import { sampleGists, selectSituations, type SampledGists } from '../../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../../values/verdicts.ts';
import type { Resources } from './parts.ts';

export class Split {
  readonly model: Model;
  readonly fitting: SampledGists;
  readonly test: SampledGists;
  /** Directions, of the fitting half. */
  readonly lens: Lens;
  /** Situations of the test half. */
  readonly count: number;
  readonly #clean = new Map<string, Promise<Float32Array>>();

  /** `sample` has 2 × `count` situations. */
  constructor(model: Model, sample: SampledGists, count: number) {
    this.model = model;
    this.count = count;
    this.fitting = selectSituations(sample, (x) => x < count);
    this.test = selectSituations(sample, (x) => x >= count);
    this.lens = new Lens(model, this.fitting.gists, this.fitting.situations);
  }

  /** Verdicts on the test half as it is, asked for once: by a constitution, or by none. (n) */
  clean(text = ''): Promise<Float32Array> {
    const { model, test } = this;
    const known = this.#clean.get(text);
    if (known) return known;
    const scores =
      text === ''
        ? verdicts(model, test.gists, NO_PRINCIPLE)
        : promptedScores(model, test.gists, readConstitution(text));
    this.#clean.set(text, scores);
    return scores;
  }

  /** x against y on the test half, within the situation. */
  compare(x: Numbers, y: Numbers): Compared {
    return compare(x, y, this.test.situations, this.count);
  }
}

export interface SplitDraw {
  name: string;
  seed: number;
  /** Situations to fit on, and as many to measure on. */
  situations: number;
  each: number;
}

/** The split of a model's own responses, drawn once for the parts of a group. */
export function splitOf(
  resources: Resources,
  model: string,
  { name, seed, situations: count, each }: SplitDraw,
): Promise<Split> {
  return resources.once(`split ${model} ${name} ${seed} ${count} ${each}`, async () => {
    const loaded = await resources.model(model);
    return new Split(loaded, await sampleGists(loaded, { name, seed, count: 2 * count, each }), count);
  });
}
