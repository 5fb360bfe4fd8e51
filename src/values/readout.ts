import {
  centrePoints,
  covarianceOf,
  covarianceWith,
  dotPoints,
  Matrix,
  meanPoint,
  solveVector,
  squareRoots,
  type Points,
} from '../math/linear.ts';
import { Mlp } from '../math/mlp.ts';
import type { Random } from '../math/random.ts';
import { correlationWithin, type Numbers } from '../math/statistics.ts';

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
const RATE = 2e-3;
const DECAY = 1e-2;

/**
 * Any readout: the linear probe plus a small network (one hidden layer) on what the probe leaves over, as it
 * was when it did best on a held-back fifth of the situations; the probe alone is one of the candidates.
 */
export function fitAny(gists: Points, y: Numbers, situations: Numbers, random: Random): Readout {
  const probe = fitLinear(gists, y, situations);
  const whiten = whitener(gists, situations);
  const inputs = whiten(gists);
  const guesses = probe(gists);
  const rest = Float64Array.from(guesses, (guess, i) => y[i] - guess);
  const rows = Array.from({ length: gists.count }, (_, i) => i);
  const training = rows.filter((i) => situations[i] % 5 !== 0);
  const held = rows.filter((i) => situations[i] % 5 === 0);
  const network = new Mlp(gists.size, UNITS, random.fork('weights'));
  const score = () => {
    const total = held.map((i) => guesses[i] + network.forward(inputs, i * gists.size));
    return correlationWithin(
      total,
      held.map((i) => y[i]),
      held.map((i) => situations[i] / 5),
    );
  };
  let best = { r: score(), weights: network.weights.slice() };
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = random.fork(epoch).shuffle(training);
    for (let from = 0; from < order.length; from += BATCH)
      network.update(inputs, rest, order.slice(from, from + BATCH), RATE, DECAY);
    const r = score();
    if (r > best.r) best = { r, weights: network.weights.slice() };
  }
  network.weights = best.weights;
  return (points) => {
    const x = whiten(points);
    return probe(points).map((guess, i) => guess + network.forward(x, i * points.size));
  };
}

/** Σ^-½ φ of points, row by row: inputs of one scale. */
function whitener(gists: Points, situations: Numbers): (points: Points) => Float32Array {
  const covariance = ridgeCovariance(centrePoints(gists, situations), gists.size);
  const { inverseRoot } = squareRoots(covariance);
  const mean = meanPoint(gists);
  return (points) => {
    const out = new Float32Array(points.count * points.size);
    inverseRoot.to2DArray().forEach((row, j) => {
      dotPoints(points, row, mean).forEach((x, i) => (out[i * points.size + j] = x));
    });
    return out;
  };
}
