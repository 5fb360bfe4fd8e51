/** What the page takes of a cloud. Pure. */
import type { Cloud } from '../worker/protocol.ts';
import { isSame } from './rounding.ts';

/**
 * The cloud, with the list of responses of the one before where that says the same: figures draw a new list anew, and
 * the engine's first cloud mostly is the recorded one.
 */
export function keepingList(cloud: Cloud, before: Cloud | null): Cloud {
  const same =
    before &&
    cloud.sample === before.sample &&
    cloud.responses.every(
      ({ logProb, trueValue }, i) =>
        isSame(logProb, before.responses[i].logProb) && trueValue === before.responses[i].trueValue,
    );
  return same ? { ...cloud, responses: before.responses } : cloud;
}

/** log π₀ of every response. */
export function logProbsOf({ responses }: Cloud): Float32Array {
  return Float32Array.from(responses, ({ logProb }) => logProb);
}
