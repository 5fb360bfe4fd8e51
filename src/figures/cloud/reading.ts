/** What the reading slot says of one response, and the rows of the table. Pure. */
import type { CloudResponse } from '../../worker/protocol.ts';
import { signed, times } from '../ui/numbers.ts';
import { VALUES } from '../ui/palette.ts';
import { sentence } from '../ui/text.ts';

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

/** The rows of these ids, for a table; `scores` is null where nothing was judged. */
export function tableRows(
  ids: readonly number[],
  responses: readonly CloudResponse[],
  scores: Float32Array | null,
  change: Float32Array,
  names: ReadonlySet<string>,
): string[][] {
  return ids.map((id) => {
    const { prompt, response, trueValue } = responses[id];
    const judged = scores ? signed(scores[id]) : '';
    return [sentence(prompt, names), response, judged, signed(trueValue, 0), times(Math.exp(change[id]))];
  });
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
