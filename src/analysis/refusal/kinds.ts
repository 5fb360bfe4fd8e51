import { factorsOf } from '../lowRank/weights.ts';
import { Matrix } from '../../math/linear.ts';
import { mean } from '../../math/statistics.ts';
import { MORAL_VALUES, type MoralValue } from '../../world/values.ts';
import { randomLike } from './direction.ts';
import type { RefusalStudy } from './study.ts';
import type { Random } from '../../math/random.ts';

/** One direction of refusal, or one a kind of harm? Kinds are the values that a deed violates. */
export interface KindsOfHarm {
  /** Cosine of the directions of each two kinds, each fitted on its own harmful and harmless deeds. */
  cosines: number[][];
  /** |cosine| of pairs of random directions that vary as the stream of equally harmful requests does, ascending. */
  chance: number[];
  /** By kind: refusing its harmful deeds as it is, and moved along the direction of all other kinds. */
  before: number[];
  unseen: number[];
  /** [i][j]: share of the drop in kind j's log-odds that moving along kind i's direction has, of that along its own. */
  transfer: number[][];
  /** Refusal of all harmful deeds moved along the k leading directions of the kinds together, k = 1 … 5. */
  byRank: number[];
  /**
   * Drop in kind j's log-odds, summed over all i ≠ j: along all of its direction; along the part that is orthogonal to
   * kind i's; and along that part where it was moved along kind i's first. Effects that are apart give the latter two alike.
   */
  whole: number;
  alone: number;
  after: number;
}

const CHANCE_DRAWS = 500;

/** Measures the kinds at the chosen layer. */
export async function kindsOfHarm(study: RefusalStudy, random: Random): Promise<KindsOfHarm> {
  const layer = await study.chosenLayer();
  const kinds = MORAL_VALUES;
  const own =
    (kind: MoralValue) =>
    ({ value }: { value: MoralValue | null }) =>
      value === kind;
  const directions = kinds.map((kind) => study.axisOf(layer, own(kind)).direction);
  const others = kinds.map((kind) => study.axisOf(layer, (request) => !own(kind)(request)).direction);
  const refusal = async (visit: ReturnType<RefusalStudy['moving']> | undefined, kind: MoralValue) =>
    mean((await study.answers(visit, own(kind))).harmful);
  const oddsUnder = (visit?: ReturnType<RefusalStudy['moving']>) =>
    Promise.all(kinds.map(async (kind) => mean((await study.answers(visit, own(kind))).harmfulOdds)));

  const clean = await oddsUnder();
  const moved: number[][] = [];
  for (const direction of directions) moved.push(await oddsUnder(study.moving([direction])));
  const drop = (under: readonly number[], j: number) => clean[j] - under[j];

  let [whole, alone, after] = [0, 0, 0];
  for (const i of kinds.keys())
    for (const j of kinds.keys()) {
      if (i === j) continue;
      const rest = orthogonalTo(directions[j], directions[i]);
      whole += drop(moved[j], j);
      alone += drop(await oddsUnder(study.moving([rest])), j);
      after += moved[i][j] - (await oddsUnder(study.moving([directions[i], directions[j]])))[j];
    }

  const leading = factorsOf(new Matrix(directions.map((d) => Array.from(d))).transpose()).u;
  const byRank: number[] = [];
  for (const k of kinds.keys()) {
    const axes = Array.from({ length: k + 1 }, (_, c) => Float64Array.from(leading.getColumn(c)));
    byRank.push(mean((await study.answers(study.moving(axes))).harmful));
  }

  const [before, unseen]: [number[], number[]] = [[], []];
  for (const [k, kind] of kinds.entries()) {
    before.push(await refusal(undefined, kind));
    unseen.push(await refusal(study.moving([others[k]]), kind));
  }
  const draw = () => randomLike(study.roots['equally harmful'][layer], directions[0], random);
  return {
    cosines: directions.map((a) => directions.map((b) => cosine(a, b))),
    chance: Array.from({ length: CHANCE_DRAWS }, () => Math.abs(cosine(draw(), draw()))).sort(
      (a, b) => a - b,
    ),
    before,
    unseen,
    transfer: moved.map((under) => kinds.map((_, j) => drop(under, j) / drop(moved[j], j))),
    byRank,
    whole,
    alone,
    after,
  };
}

export function cosine(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, j) => sum + x * b[j], 0) / (Math.hypot(...a) * Math.hypot(...b));
}

/** What of a direction is orthogonal to another. */
export function orthogonalTo(a: Float64Array, b: Float64Array): Float64Array {
  const along = a.reduce((sum, x, j) => sum + x * b[j], 0) / b.reduce((sum, x) => sum + x * x, 0);
  return a.map((x, j) => x - along * b[j]);
}
