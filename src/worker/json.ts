/** Messages as text: JSON, with typed arrays under a key of their own. */

const exactly = (x: number): number => x;

/** A message as JSON. `kept` says what is kept of every number; infinities and not-a-number are not. */
export function toJson(message: unknown, kept = exactly): string {
  return JSON.stringify(message, (_, value: unknown) => {
    if (value instanceof Float32Array) return { float32: Array.from(value) };
    if (value instanceof Int32Array) return { int32: Array.from(value) };
    return typeof value === 'number' ? kept(value) : value;
  });
}

/** What `toJson` wrote. Throws SyntaxError when it is no JSON, or has anything but numbers in the place of a typed array. */
export function fromJson(text: string): unknown {
  return revived(JSON.parse(text));
}

/** Puts typed arrays in the place of what stands for them. Lists of numbers, which are long, are not looked through. */
function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('float32' in value) return Float32Array.from(numbersIn(value.float32));
  if ('int32' in value) return Int32Array.from(numbersIn(value.int32));
  if (Array.isArray(value) && typeof value[0] !== 'object') return value;
  const parts = value as Record<string, unknown>;
  for (const name in parts) if (typeof parts[name] === 'object') parts[name] = revived(parts[name]);
  return value;
}

function numbersIn(list: unknown): number[] {
  if (Array.isArray(list) && list.every((one) => typeof one === 'number')) return list;
  throw new SyntaxError('a typed array should be a list of numbers');
}
