/** JSON read strictly: UTF-8, with or without a byte-order mark, and no key twice. */
import { CheckpointError } from './error.ts';

/**
 * The JSON of a file's bytes; `name` is the file's, for messages. Throws CheckpointError where it is none, or where an object
 * has a key twice: readers differ in which of the two counts.
 */
export function readJson(name: string, bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); // drops a byte-order mark
    value = JSON.parse(text);
  } catch {
    throw new CheckpointError(`${name} is not JSON: the file is damaged`);
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new CheckpointError(`${name} has the key ${JSON.stringify(twice)} twice`);
  return value;
}

const TOKENS = /"(?:[^"\\]+|\\.)*"|[{}[\]:,]/g;

/** The first key that an object of a valid JSON text has a second time; undefined where none has. */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | null)[] = []; // the keys of every object that is open; null for a list
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(last) as string; // two ways to escape a letter are one key
      if (open.at(-1)!.has(key)) return key;
      open.at(-1)!.add(key);
    }
    last = token;
  }
  return undefined;
}
