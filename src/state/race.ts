/** The race that decided on a backend, kept from one visit to the next. */
import type { Race } from '../worker/protocol.ts';
import { keep, recall } from './storage.ts';

const STORE = 'race';

/** The last race; null where none is kept, or something else is. */
export function rememberedRace(): Race | null {
  const race = recall('localStorage', STORE, (text) => JSON.parse(text) as Partial<Race> | null);
  const { wasm, webgpu, browser } = race ?? {};
  return typeof wasm === 'number' && typeof webgpu === 'number' && typeof browser === 'string'
    ? { wasm, webgpu, browser }
    : null;
}

/** Where nothing is kept, the next visit has a race of its own. */
export function rememberRace(race: Race): void {
  keep('localStorage', STORE, JSON.stringify(race));
}
