import { dotPoints, Matrix, times } from '../math/linear.ts';
import { createRandom } from '../math/random.ts';
import { correlationWithin, slopeWithin } from '../math/statistics.ts';
import { promptedScores, type Constitution } from '../values/constitution.ts';
import { mix, type Subspace } from '../values/directions.ts';
import { selectGists, withData, type Gists } from '../values/gists.ts';
import type { Lens, View } from '../values/lens.ts';
import type { SampledGists } from '../values/sampled.ts';
import { NO_PRINCIPLE, verdicts } from '../values/verdicts.ts';
import { MORAL_VALUES, type ValueName } from '../world/values.ts';
import { constitutionOf } from './judging.ts';
import type { Calls, Projection } from './protocol.ts';
import type { Session } from './session.ts';

type Vector = Float64Array;
type Triple = [number, number, number];

/** Shares of the rest at which verdicts are measured. */
const SHARES = Float32Array.from({ length: 11 }, (_, i) => i / 10);

/**
 * The cloud's responses as points of whitened gist space, falling onto what the constitution sees (or onto a
 * random subspace, or off the constitution's), with the verdict at every share of the fall.
 */
export async function projectCloud(
  session: Session,
  cloud: SampledGists,
  { constitution: written, keep, ask, responses: most, seed }: Calls['project']['args'],
  breathe: () => Promise<void>,
): Promise<Projection> {
  const constitution = constitutionOf(written);
  const lens = await session.lens();
  const view = await lens.view(constitution);
  const ids = spread(cloud.situations, most);
  const gists = selectGists(cloud.gists, ids);
  const situations = ids.map((i) => cloud.situations[i]);
  const truth = Array.from(ids, (i) => cloud.responses[i].trueValue);
  const random = lens.random(view.subspace.rank, createRandom(seed).fork('random plane'));
  const target = keep === 'random' ? random : view.subspace;
  const original = await promptedScores(session.model, gists, constitution);

  const verdictRows: Float32Array[] = [];
  for (const share of SHARES) {
    const [kept, rest] = keep === 'rest' ? [1 - share, 1] : [1, 1 - share];
    const fallen = withData(gists, mix(lens.space, target, gists, kept, rest));
    verdictRows.push(await askAbout(session, fallen, ask === 'nothing' ? null : constitution));
    await breathe();
  }
  const per = (f: (row: Float32Array) => number) => Float32Array.from(verdictRows, f);
  const { axes, arrows } = await drawnAxes(lens, view, constitution);
  const fall = (z: Vector): Vector => {
    const kept = times(target.basis, times(target.basis.transpose(), z));
    return keep === 'rest' ? z.map((x, i) => x - kept[i]) : kept;
  };
  const draw = (z: Vector): Triple => axes.map((axis) => dot(axis, z)) as Triple;
  const points = whitened(lens, gists);
  return {
    ids,
    before: Float32Array.from(points.flatMap(draw)),
    after: Float32Array.from(points.flatMap((z) => draw(fall(z)))),
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
    rank: view.subspace.rank,
    same: per((row) => correlationWithin(original, row, situations)),
    slope: per((row) => slopeWithin(original, row, situations)),
    agrees: per((row) => correlationWithin(row, truth, situations)),
  };
}

function askAbout(
  { model }: Session,
  gists: Gists,
  constitution: Constitution | null,
): Promise<Float32Array> {
  return constitution ? promptedScores(model, gists, constitution) : verdicts(model, gists, NO_PRINCIPLE);
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
