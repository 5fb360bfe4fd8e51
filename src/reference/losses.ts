import type { Numbers, Readable } from './numbers.ts';

// N rows, V tokens; dz is the gradient of z

/** log softmax of each row at its target, nats. logits (N, V), targets (N); y (N). */
export function tokenLogProb(logits: Readable, targets: Readable): Numbers {
  const V = logits.length / targets.length;
  return Float64Array.from(targets, (target, n) => logSoftmax(logits, n, V)[target]);
}

/** dlogits = dy · (1 at the target − softmax). */
export function tokenLogProbBackward(logits: Readable, targets: Readable, dy: Readable): Numbers {
  const V = logits.length / targets.length;
  const dlogits = new Float64Array(logits.length);
  for (let n = 0; n < targets.length; n++) {
    const p = logSoftmax(logits, n, V).map(Math.exp);
    for (let v = 0; v < V; v++) dlogits[n * V + v] = dy[n] * ((v === targets[n] ? 1 : 0) - p[v]);
  }
  return dlogits;
}

/** Mean of −log softmax at the target, weighted: −Σ w·log p / Σ w; 0 where the weights add up to nothing. */
export function crossEntropy(logits: Readable, targets: Readable, weights: Readable): number {
  const each = shares(weights);
  return tokenLogProb(logits, targets).reduce((sum, logProb, n) => sum - each[n] * logProb, 0);
}

/** dlogits = w / Σ w · (softmax − 1 at the target). */
export function crossEntropyBackward(logits: Readable, targets: Readable, weights: Readable): Numbers {
  return tokenLogProbBackward(
    logits,
    targets,
    shares(weights).map((share) => -share),
  );
}

/** w / Σ w. */
function shares(weights: Readable): Numbers {
  const w = Float64Array.from(weights);
  const total = w.reduce((sum, x) => sum + x, 0);
  return w.map((x) => (total === 0 ? 0 : x / total));
}

/** log softmax of row n: V numbers whose exponentials sum to 1. */
function logSoftmax(logits: Readable, n: number, V: number): Numbers {
  const row = Float64Array.from({ length: V }, (_, v) => logits[n * V + v]);
  const top = Math.max(...row);
  const total = row.reduce((sum, x) => sum + Math.exp(x - top), 0);
  return row.map((x) => x - top - Math.log(total));
}
