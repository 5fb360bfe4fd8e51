/** The race that decided on a backend, kept from one visit to the next. */
import * as v from 'valibot';
import type { Race } from '../worker/protocol.ts';
import { keep, recall } from './storage.ts';

const STORE = 'race';
const milliseconds = v.pipe(v.number(), v.finite(), v.gtValue(0));
const RACE = v.object({
  wasm: milliseconds,
  webgpu: milliseconds,
  browser: v.pipe(v.string(), v.maxLength(1000)),
});

/** The last race; null where none is kept, or something else is. */
export const rememberedRace = (): Race | null => recall('localStorage', STORE, RACE);

/** Where nothing is kept, the next visit has a race of its own. */
export function rememberRace(race: Race): void {
  keep('localStorage', STORE, JSON.stringify(race));
}
