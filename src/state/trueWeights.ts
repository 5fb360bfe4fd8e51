/** What counts as good, as the page has it. Pure. */
import { OPENING } from '../worker/opening.ts';
import type { TrueWeights } from '../worker/protocol.ts';

/** The six values in the order of every list of weights. */
export const WEIGHED = Object.keys(OPENING.trueWeights) as (keyof TrueWeights)[];

/** One text for one choice of weights, to tell two apart. */
export const weightsKey = (weights: TrueWeights): string => WEIGHED.map((name) => weights[name]).join();
