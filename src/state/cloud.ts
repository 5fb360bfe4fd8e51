/** What two clouds have in common. Pure. */
import type { Cloud } from '../worker/protocol.ts';
import { isSame } from './rounding.ts';

/** True when both clouds hold the same responses to the same situations, dot by dot. */
export function sameCloud(a: Cloud, b: Cloud): boolean {
  return (
    a.responses.length === b.responses.length &&
    a.responses.every(
      ({ prompt, response }, i) => prompt === b.responses[i].prompt && response === b.responses[i].response,
    )
  );
}

/**
 * The cloud, with the list of responses of the one before where that says the same: figures draw a new list anew, and
 * the engine's first cloud mostly is the recorded one.
 */
export function keepingList(cloud: Cloud, before: Cloud | null): Cloud {
  const same =
    before &&
    sameCloud(cloud, before) &&
    cloud.responses.every(({ logProb }, i) => isSame(logProb, before.responses[i].logProb));
  return same ? { ...cloud, responses: before.responses } : cloud;
}

/** log π₀ of every response. */
export function logProbsOf({ responses }: Cloud): Float32Array {
  return Float32Array.from(responses, ({ logProb }) => logProb);
}
