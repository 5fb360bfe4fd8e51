import { GIST, PAD } from '../world/tokenizer.ts';

/** Rows of token ids of any length as one padded block. */
export interface TokenRows {
  /** B·T ids, padded with <pad>. */
  tokens: Int32Array;
  /** Index of <gist> in each row, T where there is none. */
  gists: Int32Array;
  B: number;
  T: number;
}

/** Pads rows on the right to the longest (or to `length`). Padding comes after all that is read. */
export function padRows(rows: readonly (readonly number[])[], length?: number): TokenRows {
  const B = rows.length;
  const T = length ?? Math.max(...rows.map((row) => row.length));
  const tokens = new Int32Array(B * T).fill(PAD);
  const gists = new Int32Array(B).fill(T);
  rows.forEach((row, b) => {
    if (row.length > T) throw new RangeError(`a text of ${row.length} tokens does not fit into ${T}`);
    tokens.set(row, b * T);
    const gist = row.indexOf(GIST);
    if (gist >= 0) gists[b] = gist;
  });
  return { tokens, gists, B, T };
}
