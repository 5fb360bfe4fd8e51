/** What a step is given, for libraries that have no operation of their own for it. */

/** The token after each: (B·T); a row's last is never counted. */
export const targetsOf = (tokens: readonly number[]): number[] => [...tokens.slice(1), 0];

/** (N, V): 1 at each row's token. */
export function oneHot(ids: readonly number[], vocabulary: number): Float32Array {
  const rows = new Float32Array(ids.length * vocabulary);
  ids.forEach((id, i) => (rows[i * vocabulary + id] = 1));
  return rows;
}

/** (B, T, T): what to add to a query's score of a key: 0 where it may see it, else as good as −∞. */
export function hiddenKeys({
  gists,
  B,
  T,
}: {
  gists: readonly number[];
  B: number;
  T: number;
}): Float32Array {
  return Float32Array.from({ length: B * T * T }, (_, i) => {
    const [b, q, k] = [Math.floor(i / (T * T)), Math.floor(i / T) % T, i % T];
    return k > q || (q > gists[b] && k < gists[b]) ? -1e9 : 0;
  });
}
