/** What is read before anyone chose. Pure. */
import type { CloudResponse } from '../../worker/protocol.ts';

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
