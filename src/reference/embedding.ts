import type { Numbers, Readable } from './numbers.ts';

// B texts, T positions, D channels, V tokens, P learned positions; dz is the gradient of z

/**
 * y[b,t] = wte[tokens[b,t]] + wpe[offsets[b] + t]. Tokens (B, T), offsets (B), wte (V, D), wpe (P, D); y (B, T, D).
 * Throws RangeError for a token or position outside its table.
 */
export function embedding(
  tokens: Readable,
  offsets: Readable,
  wte: Readable,
  wpe: Readable,
  D: number,
): Numbers {
  const T = tokens.length / offsets.length;
  const y = new Float64Array(tokens.length * D);
  for (let b = 0; b < offsets.length; b++) {
    for (let t = 0; t < T; t++) {
      const row = b * T + t;
      const token = tokens[row];
      const position = offsets[b] + t;
      if (!(token >= 0 && token < wte.length / D)) throw new RangeError(`there is no token ${token}`);
      if (!(position >= 0 && position < wpe.length / D))
        throw new RangeError(`there is no position ${position}`);
      for (let i = 0; i < D; i++) y[row * D + i] = wte[token * D + i] + wpe[position * D + i];
    }
  }
  return y;
}

/** dwte[v] = sum of dy where the token is v; dwpe[p] = sum of dy where the position is p. */
export function embeddingBackward(
  tokens: Readable,
  offsets: Readable,
  dy: Readable,
  V: number,
  P: number,
  D: number,
): { dwte: Numbers; dwpe: Numbers } {
  const T = tokens.length / offsets.length;
  const dwte = new Float64Array(V * D);
  const dwpe = new Float64Array(P * D);
  for (let b = 0; b < offsets.length; b++) {
    for (let t = 0; t < T; t++) {
      const row = b * T + t;
      for (let i = 0; i < D; i++) {
        dwte[tokens[row] * D + i] += dy[row * D + i];
        dwpe[(offsets[b] + t) * D + i] += dy[row * D + i];
      }
    }
  }
  return { dwte, dwpe };
}
