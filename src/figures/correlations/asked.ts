/** Which principles ask for a value, where they don't say so by its name. Pure. */
import type { Constitution, Started } from '../../worker/protocol.ts';
import type { ValueName } from '../../world/values.ts';

/** The phrases about each value, or against it, that the corpus knows by other words than the value's own name. */
export function askedBy(
  known: Started['principles'],
  principles: Readonly<Constitution['principles']>,
): Partial<Record<ValueName, string[]>> {
  const asked: Partial<Record<ValueName, string[]>> = {};
  for (const { phrase, weight } of principles) {
    const values = known.find((one) => one.phrase === phrase)?.values;
    if (!values || weight === 0) continue;
    for (const name of Object.keys(values) as ValueName[])
      if (name !== phrase) (asked[name] ??= []).push(phrase);
  }
  return asked;
}
