import {
  centrePoints,
  covarianceOf,
  covarianceWith,
  dotPoints,
  leadingAxes,
  Matrix,
  meanPoint,
  solveVector,
  type Points,
} from '../math/linear.ts';
import { Mlp } from '../math/mlp.ts';
import type { Random } from '../math/random.ts';
import { centreWithin, correlationWithin, type Numbers } from '../math/statistics.ts';

/** A function of gists, fitted on some situations to be used on others. */
export type Readout = (gists: Points) => Float64Array;

/** λ as a share of the mean variance. */
const RIDGE = 1e-2;

function ridgeCovariance(centred: Float64Array, size: number): Matrix {
  const covariance = covarianceOf(centred, size);
  return covariance.add(Matrix.eye(size).mul((RIDGE * covariance.trace()) / size));
}

/** Linear probe: ridge regression of y on gists, within the situation. */
export function fitLinear(gists: Points, y: Numbers, situations: Numbers): Readout {
  const centred = centrePoints(gists, situations);
  const weights = solveVector(ridgeCovariance(centred, gists.size), covarianceWith(centred, gists.size, y));
  return (points) => dotPoints(points, weights);
}

const UNITS = 16;
const EPOCHS = 40;
const BATCH = 32;
/** Highest learning rate; a cosine takes it to 0. */
const RATE = 1e-2;
const DECAY = 1e-2;
/** The network reads the gists' leading principal components: in all of them it would learn noise by heart. */
const COMPONENTS = 24;

/**
 * Any readout: the linear probe plus a small network (one hidden layer) on what the probe leaves over, as it
 * was when it did best on a held-back fifth of the situations; the probe alone is one of the candidates. To
 * choose between them the probe, too, is fitted without that fifth.
 */
export function fitAny(gists: Points, y: Numbers, situations: Numbers, random: Random): Readout {
  const probe = fitLinear(gists, y, situations);
  const rows = Array.from({ length: gists.count }, (_, i) => i);
  const training = rows.filter((i) => situations[i] % 5 !== 0);
  const held = rows.filter((i) => situations[i] % 5 === 0);
  if (training.length === 0) return probe;
  const at = (x: Numbers, ids: readonly number[]) => ids.map((i) => x[i]);
  const groups = at(situations, training).map((x) => x - 1 - Math.floor(x / 5)); // 1 2 3 4 6 … to 0 1 2 3 4 …
  const guesses = fitLinear(pointsAt(gists, training), at(y, training), groups)(gists);
  const rest = centreWithin(
    guesses.map((guess, i) => y[i] - guess),
    situations,
  );

  const components = principalComponents(gists, situations);
  const inputs = components(gists);
  const size = inputs.length / gists.count;
  const network = new Mlp(size, UNITS, random.fork('weights'));
  const score = () =>
    correlationWithin(
      held.map((i) => guesses[i] + network.forward(inputs, i * size)),
      at(y, held),
      at(situations, held).map((x) => x / 5),
    );
  let best = { r: score(), weights: network.weights.slice() };
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = random.fork(epoch).shuffle(training);
    const rate = RATE * 0.5 * (1 + Math.cos((Math.PI * epoch) / EPOCHS));
    for (let from = 0; from < order.length; from += BATCH)
      network.update(inputs, rest, order.slice(from, from + BATCH), rate, DECAY);
    const r = score();
    if (r > best.r) best = { r, weights: network.weights.slice() };
  }
  network.weights = best.weights;
  return (points) => {
    const x = components(points);
    return probe(points).map((guess, i) => guess + network.forward(x, i * size));
  };
}

/** Leading principal components of points within the situation, each of variance 1: (n, at most COMPONENTS). */
function principalComponents(gists: Points, situations: Numbers): (points: Points) => Float32Array {
  const covariance = ridgeCovariance(centrePoints(gists, situations), gists.size);
  const axes = leadingAxes(covariance, COMPONENTS);
  const mean = meanPoint(gists);
  return (points) => {
    const out = new Float32Array(points.count * axes.length);
    axes.forEach(({ axis, variance }, j) => {
      const scale = 1 / Math.sqrt(variance);
      dotPoints(points, axis, mean).forEach((x, i) => (out[i * axes.length + j] = x * scale));
    });
    return out;
  };
}

/** Some of the points, by index. */
function pointsAt({ data, size }: Points, ids: readonly number[]): Points {
  const some = new Float32Array(ids.length * size);
  ids.forEach((id, i) => some.set(data.subarray(id * size, (id + 1) * size), i * size));
  return { data: some, count: ids.length, size };
}
