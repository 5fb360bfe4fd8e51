/** The race that decided on a backend, kept from one visit to the next. */
import type { Race } from '../worker/protocol.ts';

const STORE = 'race';

/** The last race; null where none is kept, or something else is. */
export function rememberedRace(): Race | null {
  try {
    const race = JSON.parse(localStorage.getItem(STORE) ?? 'null') as Partial<Race> | null;
    const { wasm, webgpu, browser } = race ?? {};
    return typeof wasm === 'number' && typeof webgpu === 'number' && typeof browser === 'string'
      ? { wasm, webgpu, browser }
      : null;
  } catch {
    return null; // no storage, or no JSON
  }
}

export function rememberRace(race: Race): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(race));
  } catch {
    // a browser that keeps nothing: the next visit has a race of its own
  }
}
