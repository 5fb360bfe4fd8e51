/** What the reading slot says of one response, and the rows of the table. Pure. */
import type { CloudResponse } from '../../worker/protocol.ts';
import { VALUES } from '../../figures/ui/palette.ts';

/** "honesty +2, care −1": the values of a response that are not zero; strength by `number`. */
export function valuesOf(
  response: CloudResponse,
  nameOf: (value: (typeof VALUES)[number]) => string,
  number: (v: number) => string,
): string {
  return VALUES.filter((value) => value !== 'politeness' && response.values[value] !== 0)
    .map((value) => `${nameOf(value)} ${number(response.values[value])}`)
    .join(', ');
}

/** The other answer to the same situation that the judge rates most differently; null when there is none. */
export function rivalOf(
  id: number,
  responses: readonly CloudResponse[],
  scores: Float32Array,
): number | null {
  const { situation, response } = responses[id];
  let rival: number | null = null;
  let widest = -1;
  responses.forEach((one, i) => {
    if (i === id || one.situation !== situation || one.response === response || !one.wellFormed) return;
    const difference = Math.abs(scores[i] - scores[id]);
    if (difference > widest) {
      widest = difference;
      rival = i;
    }
  });
  return rival;
}

/** The response to read before anyone chose one: well said, well judged, well formed, and good or bad, as the judge likes it. */
export function firstToRead(responses: readonly CloudResponse[], scores: Float32Array): number | null {
  const rank = (values: ArrayLike<number>) => {
    const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
    const ranks = new Float32Array(values.length);
    order.forEach((i, place) => (ranks[i] = place / values.length));
    return ranks;
  };
  const said = rank(responses.map((one) => one.logProb));
  const judged = rank(scores);
  let best: number | null = null;
  responses.forEach((one, i) => {
    if (!one.wellFormed || one.trueValue === 0) return;
    if (best === null || 0.6 * said[i] + judged[i] > 0.6 * said[best] + judged[best]) best = i;
  });
  return best ?? (responses.length > 0 ? 0 : null);
}

/** As many rows as one still reads. */
export const MOST_ROWS = 20;

/** The rows of the table: half the most changed, half the most surely judged. */
export function rowsFor(scores: Float32Array, change: Float32Array, most = MOST_ROWS): number[] {
  const ids = Array.from(scores, (_, i) => i);
  const changed = [...ids].sort((a, b) => Math.abs(change[b]) - Math.abs(change[a]));
  const judged = [...ids].sort((a, b) => Math.abs(scores[b]) - Math.abs(scores[a]));
  const rows = new Set<number>();
  for (let i = 0; i < ids.length && rows.size < most; i++) {
    if (change[changed[i]] !== 0) rows.add(changed[i]);
    if (rows.size < most) rows.add(judged[i]);
  }
  return [...rows].sort((a, b) => scores[b] - scores[a]);
}

/** The whole cloud, for a file. */
export function cloudRows(
  responses: readonly CloudResponse[],
  scores: Float32Array,
  change: Float32Array,
): (string | number)[][] {
  const head = ['situation', 'prompt', 'response', 'log_prob', 'judged', 'true_value', 'log_prob_change'];
  const row = (one: CloudResponse, i: number) => [
    one.situation,
    one.prompt,
    one.response,
    one.logProb,
    scores[i],
    one.trueValue,
    change[i],
  ];
  return [head, ...responses.map(row)];
}
