/** A sample's responses as points of gist space, falling onto what a constitution sees. */
import { dotPoints, leadingAxes, Matrix, times } from '../math/linear.ts';
import { createRandom } from '../math/random.ts';
import { correlationWithin } from '../math/statistics.ts';
import type { Constitution } from '../values/constitution.ts';
import { mix, type Subspace } from '../values/directions.ts';
import { selectGists, withData, type Gists } from '../values/gists.ts';
import type { Lens, View } from '../values/lens.ts';
import type { SampledGists } from '../values/sampled.ts';
import { MORAL_VALUES, type ValueName } from '../world/values.ts';
import { agreementOf, bareScores, Judges } from './judge.ts';

type Vector = Float64Array;
type Triple = [number, number, number];

/** What the points fall onto: the constitution's subspace, a random one of its rank, or all but the constitution's. */
export type Keep = 'plane' | 'random' | 'rest';
export type Ask = 'constitution' | 'nothing';

/** Responses falling onto the constitution's subspace; three of `gistSize` directions are drawn. */
export interface Projection {
  /** Which responses of the sample are drawn. */
  ids: Int32Array;
  /** (response, 3): coordinates before and after the fall, in units of standard deviation (whitened). */
  before: Float32Array;
  after: Float32Array;
  /**
   * What is fallen onto, as far as it is seen in the three drawn directions: orthonormal axes in drawn coordinates, the
   * one that holds most first. Of a constitution's subspace of three dimensions or more the two drawn ones.
   */
  floor: Triple[];
  /** Arrows of the drawn values' directions, from the origin, before and after the fall. */
  arrows: { name: string; value: ValueName | null; before: Triple; after: Triple }[];
  /** Unit vector along which the constitution's linear judge rises, in the drawn coordinates. */
  judged: Triple;
  /** Shares of the rest that are dropped at which verdicts were measured, ascending from 0 to 1. */
  dropped: Float32Array;
  /** (dropped, response): verdict at each share, asked as `ask` says. */
  verdicts: Float32Array;
  /** The prompted verdict of the untouched gist. */
  original: Float32Array;
  rank: number;
  /** At each share: correlation and slope of the verdict against the original, and r with true value. */
  same: Float32Array;
  slope: Float32Array;
  agrees: Float32Array;
}

export interface Fall {
  keep: Keep;
  ask: Ask;
  /** Responses that are drawn, at the most. */
  responses: number;
  /** Of the random subspace. */
  seed: number;
}

/** Shares of the rest at which verdicts are measured. */
const SHARES = Float32Array.from({ length: 11 }, (_, i) => i / 10);

/**
 * The sample's responses in whitened gist space, before and after the fall, with the verdict at every share of it.
 * `between` is awaited after every share.
 */
export async function projectSample(
  lens: Lens,
  sample: SampledGists,
  constitution: Constitution,
  { keep, ask, responses: most, seed }: Fall,
  between: () => Promise<unknown>,
): Promise<Projection> {
  const ids = spread(sample.situations, most);
  const gists = selectGists(sample.gists, ids);
  const situations = ids.map((i) => sample.situations[i]);
  const truth = Array.from(ids, (i) => sample.responses[i].trueValue);
  const judges = await Judges.of(lens, gists, constitution);
  const { view, prompted: original } = judges;
  const { rank } = view.subspace;
  const target =
    keep === 'random' ? lens.random(rank, createRandom(seed).fork('random plane')) : view.subspace;

  const verdictRows: Float32Array[] = [];
  for (const share of SHARES) {
    const [kept, rest] = keep === 'rest' ? [1 - share, 1] : [1, 1 - share];
    const fallen = withData(gists, mix(lens.space, target, gists, kept, rest));
    verdictRows.push(await (ask === 'nothing' ? bareScores(lens, fallen) : judges.ask(fallen)));
    await between();
  }
  const agreements = verdictRows.map((row) => agreementOf(original, row, situations));
  const { axes, arrows } = await drawnAxes(lens, view, constitution);
  const fall = (z: Vector): Vector => {
    const kept = inside(target, z);
    return keep === 'rest' ? subtract(z, kept, 1) : kept;
  };
  const draw = (z: Vector): Triple => axes.map((axis) => dot(axis, z)) as Triple;
  const points = whitened(lens, gists);
  return {
    ids,
    before: Float32Array.from(points.flatMap(draw)),
    after: Float32Array.from(points.flatMap((z) => draw(fall(z)))),
    floor:
      keep === 'plane' && rank > 2
        ? [
            [1, 0, 0],
            [0, 1, 0],
          ]
        : floorIn(axes, axes.map(fall)),
    arrows: arrows.map(({ name, value, direction }) => ({
      name,
      value,
      before: draw(direction),
      after: draw(fall(direction)),
    })),
    judged: [1, 0, 0],
    dropped: SHARES.slice(),
    verdicts: Float32Array.from(verdictRows.flatMap((row) => [...row])),
    original,
    rank,
    same: Float32Array.from(agreements, ({ r }) => r),
    slope: Float32Array.from(agreements, ({ slope }) => slope),
    agrees: Float32Array.from(verdictRows, (row) => correlationWithin(row, truth, situations)),
  };
}

/** A direction is seen when it holds a thousandth of the variance of the one that holds most, and any at all. */
const SEEN = 1e-3;
const LEAST_SEEN = 1e-9;

/**
 * Principal axes, in drawn coordinates, of points that were spread evenly in gist space (covariance 1) before they fell: of
 * A P Aᵀ, where A has the drawn axes for rows and `fallen` holds the columns of P Aᵀ.
 */
function floorIn(axes: readonly Vector[], fallen: readonly Vector[]): Triple[] {
  const covariance = new Matrix(axes.map((a) => fallen.map((f) => dot(a, f))));
  const found = leadingAxes(covariance, axes.length);
  const least = Math.max(LEAST_SEEN, SEEN * found[0].variance);
  return found.filter(({ variance }) => variance > least).map(({ axis }) => axis as Triple);
}

/** As many responses of each situation, `most` in all. */
function spread(situations: Int32Array, most: number): Int32Array {
  const each = Math.max(2, Math.floor(most / (1 + Math.max(...situations))));
  const seen = new Map<number, number>();
  return Int32Array.from(situations.keys()).filter((i) => {
    const n = (seen.get(situations[i]) ?? 0) + 1;
    seen.set(situations[i], n);
    return n <= each;
  });
}

/** Σ^-½ φ of each gist. */
function whitened({ space }: Lens, gists: Gists): Vector[] {
  const columns = space.inverseRoot.to2DArray().map((row) => dotPoints(gists, row, space.mean));
  return Array.from({ length: gists.count }, (_, i) => Float64Array.from(columns, (column) => column[i]));
}

interface Arrow {
  name: string;
  value: ValueName | null;
  /** Unit vector of whitened space. */
  direction: Vector;
}

/**
 * Three orthonormal directions to draw: along the constitution's linear judge, across it within its subspace
 * (for a single principle: what the next value adds), and what the strongest value outside adds.
 */
async function drawnAxes(
  lens: Lens,
  view: View,
  { phrases }: Constitution,
): Promise<{ axes: Vector[]; arrows: Arrow[] }> {
  const whiten = (u: Vector) => unit(times(lens.space.root, u));
  const named = phrases.map(({ text, values }, i): Arrow => {
    const value = Object.keys(values)[0] as ValueName | undefined;
    return { name: text, value: value ?? null, direction: whiten(view.directions[i]) };
  });
  const others: Arrow[] = [];
  for (const value of MORAL_VALUES.filter((name) => !named.some((arrow) => arrow.value === name)))
    others.push({ name: value, value, direction: whiten(await lens.direction(value)) });
  const outside = (z: Vector) => length(z.map((x, i) => x - inside(view.subspace, z)[i]));
  others.sort((a, b) => outside(b.direction) - outside(a.direction));

  const first = whiten(view.linear);
  const candidates = [first, ...columnsOf(view.subspace.basis), ...others.map((arrow) => arrow.direction)];
  const axes: Vector[] = [];
  const wanted = { plane: Math.min(view.subspace.rank, 2), all: 3 };
  candidates.forEach((candidate, i) => {
    const fromPlane = i <= view.subspace.rank;
    if (axes.length >= (fromPlane ? wanted.plane : wanted.all)) return;
    const rest = axes.reduce((z, axis) => subtract(z, axis, dot(axis, z)), candidate);
    if (length(rest) > 0.1) axes.push(unit(rest));
  });
  for (let i = 0; axes.length < 3; i++) {
    const basis = Float64Array.from({ length: lens.space.size }, (_, j) => (j === i ? 1 : 0));
    axes.push(unit(axes.reduce((z, axis) => subtract(z, axis, dot(axis, z)), basis)));
  }
  const drawnOthers = others.slice(0, Math.max(0, 3 - wanted.plane));
  return { axes, arrows: [...named, ...drawnOthers] };
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const length = (a: Vector): number => Math.sqrt(dot(a, a));
const unit = (a: Vector): Vector => a.map((x) => x / (length(a) || 1));
const subtract = (a: Vector, b: Vector, scale: number): Vector => a.map((x, i) => x - scale * b[i]);
const inside = ({ basis }: Subspace, z: Vector): Vector => times(basis, times(basis.transpose(), z));
const columnsOf = (m: Matrix): Vector[] =>
  Array.from({ length: m.columns }, (_, j) => Float64Array.from(m.getColumn(j)));
