// The operations as plain float64 loops. Matrices are flat, in row order.

export type Numbers = Float64Array;

const sum = (n: number, term: (i: number) => number) => {
  let total = 0;
  for (let i = 0; i < n; i++) total += term(i);
  return total;
};

export function embedding(
  tokens: ArrayLike<number>,
  offsets: ArrayLike<number>,
  wte: Numbers,
  wpe: Numbers,
  D: number,
): Numbers {
  const T = tokens.length / offsets.length;
  return Float64Array.from({ length: tokens.length * D }, (_, at) => {
    const row = Math.floor(at / D);
    const position = offsets[Math.floor(row / T)] + (row % T);
    return (wte[tokens[row] * D + (at % D)] ?? 0) + (wpe[position * D + (at % D)] ?? 0);
  });
}

export function layerNorm(x: Numbers, gain: Numbers, bias: Numbers): Numbers {
  const D = gain.length;
  return x.map((value, at) => {
    const row = x.subarray(at - (at % D), at - (at % D) + D);
    const mean = sum(D, (i) => row[i]) / D;
    const variance = sum(D, (i) => (row[i] - mean) ** 2) / D;
    return (gain[at % D] * (value - mean)) / Math.sqrt(variance + 1e-5) + bias[at % D];
  });
}

export function linear(x: Numbers, weight: Numbers, bias: Numbers, gelu: boolean): Numbers {
  const O = bias.length;
  const I = weight.length / O;
  return Float64Array.from({ length: (x.length / I) * O }, (_, at) => {
    const row = Math.floor(at / O);
    const y = sum(I, (i) => x[row * I + i] * weight[i * O + (at % O)]) + bias[at % O];
    if (!gelu) return y;
    return 0.5 * y * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (y + 0.044715 * y ** 3)));
  });
}

export function attention(qkv: Numbers, gists: ArrayLike<number>, T: number, H: number): Numbers {
  const B = gists.length;
  const D = qkv.length / (3 * B * T);
  const d = D / H;
  const at = (b: number, t: number, part: number, h: number, c: number) =>
    qkv[(b * T + t) * 3 * D + part * D + h * d + c];
  const y = new Float64Array(B * T * D);
  for (let b = 0; b < B; b++)
    for (let h = 0; h < H; h++)
      for (let q = 0; q < T; q++) {
        const keys = Array.from({ length: q + 1 }, (_, k) => k).filter((k) => q <= gists[b] || k >= gists[b]);
        const scores = keys.map((k) => sum(d, (c) => at(b, q, 0, h, c) * at(b, k, 1, h, c)) / Math.sqrt(d));
        const weights = softmax(scores);
        for (let c = 0; c < d; c++)
          y[(b * T + q) * D + h * d + c] = sum(keys.length, (i) => weights[i] * at(b, keys[i], 2, h, c));
      }
  return y;
}

export function unembed(x: Numbers, wte: Numbers, D: number): Numbers {
  const V = wte.length / D;
  return Float64Array.from({ length: (x.length / D) * V }, (_, at) =>
    sum(D, (i) => x[Math.floor(at / V) * D + i] * wte[(at % V) * D + i]),
  );
}

export function tokenLogProb(logits: Numbers, targets: ArrayLike<number>): Numbers {
  const V = logits.length / targets.length;
  return Float64Array.from({ length: targets.length }, (_, i) => {
    const row = logits.subarray(i * V, (i + 1) * V);
    const top = Math.max(...row);
    return row[targets[i]] - top - Math.log(sum(V, (j) => Math.exp(row[j] - top)));
  });
}

export function crossEntropy(
  logits: Numbers,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
): Numbers {
  const logProb = tokenLogProb(logits, targets);
  const total = sum(targets.length, (i) => weights[i]);
  return Float64Array.of(total === 0 ? 0 : -sum(targets.length, (i) => weights[i] * logProb[i]) / total);
}

export function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - top));
  const total = sum(weights.length, (i) => weights[i]);
  return weights.map((weight) => weight / total);
}

/** Gradient of Σ dy ∘ f by central differences, for each input. */
export function numericGradients(
  f: (...inputs: Numbers[]) => Numbers,
  inputs: Numbers[],
  dy: Numbers,
): Numbers[] {
  const value = () => {
    const y = f(...inputs);
    return sum(y.length, (i) => dy[i] * y[i]);
  };
  return inputs.map((input) => {
    const step = 1e-4 * input.map(Math.abs).sort()[input.length >> 1]; // of the median's size
    return input.map((original, i) => {
      input[i] = original + step;
      const above = value();
      input[i] = original - step;
      const below = value();
      input[i] = original;
      return (above - below) / (2 * step);
    });
  });
}
