/** What two clouds have in common. Pure. */
import type { Cloud } from '../worker/protocol.ts';

/** True when both clouds hold the same responses to the same situations, dot by dot. */
export function sameCloud(a: Cloud, b: Cloud): boolean {
  return (
    a.responses.length === b.responses.length &&
    a.responses.every(
      ({ prompt, response }, i) => prompt === b.responses[i].prompt && response === b.responses[i].response,
    )
  );
}

/** log π₀ of every response. */
export function logProbsOf({ responses }: Cloud): Float32Array {
  return Float32Array.from(responses, ({ logProb }) => logProb);
}
