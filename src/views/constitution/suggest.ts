/** What to try next, and what completes what is being written. Pure. */
import type { Principles } from '../../state/principles.ts';
import type { Started } from '../../worker/protocol.ts';
import { normalise } from '../../world/constitution/normalise.ts';

type Known = Started['principles'];

/** Up to three good principles of values that are not asked for yet, and two that break it, each on its own. */
export function suggestions(known: Known, principles: Principles): { good: string[]; bad: string[] } {
  const present = new Set(principles.map((one) => one.phrase));
  const asked = new Set(
    known.filter((one) => present.has(one.phrase)).flatMap(({ values }) => Object.keys(values)),
  );
  const good: string[] = [];
  const seen = new Set<string>();
  const candidates = known.filter((one) => !one.anti && !present.has(one.phrase));
  const take = (filter: (value: string) => boolean) => {
    for (const { phrase, values } of candidates) {
      const [value] = Object.keys(values);
      if (good.length >= 3 || value === undefined || seen.has(value) || !filter(value)) continue;
      seen.add(value);
      good.push(phrase);
    }
  };
  take((value) => value !== 'politeness' && !asked.has(value));
  take(() => true);
  const bad = known.filter((one) => one.anti && !present.has(one.phrase)).map((one) => one.phrase);
  const wanted = ['winning', 'deceit', 'power', 'cruelty'].filter((phrase) => bad.includes(phrase));
  return { good, bad: [...wanted, ...bad.filter((phrase) => !wanted.includes(phrase))].slice(0, 2) };
}

/** Whether good and bad stand in one sentence, which the model does not read as their sum (experiment E14). */
export function isMixed(known: Known, principles: Principles): boolean {
  const sides = principles.flatMap(({ phrase }) => known.filter((one) => one.phrase === phrase));
  return sides.some(({ anti }) => anti) && sides.some(({ anti }) => !anti);
}

/** Known principles that hold what is written, those that start with it first. */
export function completions(known: Known, principles: Principles, written: string, most = 7): string[] {
  const text = normalise(written).trim();
  const present = new Set(principles.map((one) => one.phrase));
  const free = known.map((one) => one.phrase).filter((phrase) => !present.has(phrase));
  if (text === '') return free.slice(0, most);
  const starts = free.filter((phrase) => phrase.startsWith(text));
  const holds = free.filter((phrase) => !phrase.startsWith(text) && phrase.includes(text));
  return [...starts, ...holds].slice(0, most);
}
