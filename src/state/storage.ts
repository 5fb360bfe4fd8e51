/** What a browser keeps: of the tab, or for the next visit. One that keeps nothing, or has no room, loses nothing else. */
type Keeper = 'localStorage' | 'sessionStorage';

/** What was kept; null where nothing was, or what `parse` throws at. */
export function recall<T>(keeper: Keeper, key: string, parse: (text: string) => T): T | null {
  try {
    const text = globalThis[keeper].getItem(key);
    return text === null ? null : parse(text);
  } catch {
    return null;
  }
}

/** Keeps a text, or forgets the one that is kept. */
export function keep(keeper: Keeper, key: string, text: string | null): void {
  try {
    if (text === null) globalThis[keeper].removeItem(key);
    else globalThis[keeper].setItem(key, text);
  } catch {
    // nothing is kept
  }
}
