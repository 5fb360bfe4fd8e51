/** What a browser keeps: of the tab, or for the next visit. One that keeps nothing, or has no room, loses nothing else. */
import * as v from 'valibot';

type Keeper = 'localStorage' | 'sessionStorage';

/**
 * What was kept, every field of it checked as a link's are; null where nothing was, or something that is not of this kind:
 * whoever wrote it, the page opens without it.
 * @param read from the text to what the schema is held against; may throw
 */
export function recall<S extends v.GenericSchema>(
  keeper: Keeper,
  key: string,
  schema: S,
  read: (text: string) => unknown = JSON.parse,
): v.InferOutput<S> | null {
  try {
    const text = globalThis[keeper].getItem(key);
    return text === null ? null : v.parse(schema, read(text));
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
