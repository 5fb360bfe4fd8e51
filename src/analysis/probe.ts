import type { Points } from '../math/linear.ts';
import type { Random } from '../math/random.ts';
import type { Numbers } from '../math/statistics.ts';
import { fitLinear, type Readout } from '../values/readout.ts';
import type { Response, Sample } from '../values/respond.ts';
import { trueValues } from '../values/sampled.ts';
import { VALUE_NAMES } from '../world/values.ts';
import { valuesOf } from './judge.ts';
import { compare, type Compared, type GroupedMoments, type Key } from './moments.ts';

/** What is probed for: each value, and V*. */
export const TARGETS = [...VALUE_NAMES, 'V*'] as const;
export type Target = (typeof TARGETS)[number];

export const targetOf = (responses: readonly Response[], target: Target): number[] =>
  target === 'V*' ? trueValues(responses) : valuesOf(responses, target);

/** One half of a sample's situations: the first to fit on, the second to measure on. */
export interface Half extends Sample {
  /** Its rows of points that were read off the whole sample. */
  of(points: Points): Points;
  count: number;
}

/** Cuts a sample of `count` situations, each with as many responses, in two. */
export function halves({ responses, situations }: Sample, count: number): { fitting: Half; test: Half } {
  const middle = responses.length / 2;
  const half = (from: number, to: number, first: number): Half => ({
    responses: responses.slice(from, to),
    situations: situations.slice(from, to).map((x) => x - first),
    of: ({ data, size }) => ({ data: data.subarray(from * size, to * size), count: to - from, size }),
    count: count / 2,
  });
  return { fitting: half(0, middle, 0), test: half(middle, responses.length, count / 2) };
}

export interface ProbeOptions {
  /** Linear, if nothing else is said. */
  fit?: (points: Points, y: Numbers, situations: Numbers, target: Target) => Readout;
  /** Labels that belong to other responses: what a probe finds by chance. */
  shuffled?: Random;
  /** Responses of the test half that are also compared alone, under [..., 'some']. */
  among?: (response: Response) => boolean;
  targets?: readonly Target[];
}

export type ProbeKey<L extends Key> = readonly [...L, Target] | readonly [...L, Target, 'some'];

/** A probe of every target, fitted on one half and compared with the truth on the other: under [...label, target]. */
export function probe<const L extends Key>(
  label: L,
  sample: Sample,
  count: number,
  points: Points,
  { fit = fitLinear, shuffled, among, targets = TARGETS }: ProbeOptions = {},
): GroupedMoments<ProbeKey<L>> {
  const { fitting, test } = halves(sample, count);
  const moments: [ProbeKey<L>, Compared][] = [];
  const some = among && [...test.responses.keys()].filter((i) => among(test.responses[i]));
  for (const target of targets) {
    const labels = targetOf(fitting.responses, target);
    const y = shuffled ? shuffled.fork(target).shuffle(labels) : labels;
    const guesses = fit(fitting.of(points), y, fitting.situations, target)(test.of(points));
    const truth = targetOf(test.responses, target);
    moments.push([[...label, target], compare(truth, guesses, test.situations, test.count)]);
    if (some)
      moments.push([[...label, target, 'some'], compare(truth, guesses, test.situations, test.count, some)]);
  }
  return moments;
}

/** How often each word stands in each response: (n, words), for the words of these responses. */
export function bagOfWords(responses: readonly Response[]): Points {
  const words = [...new Set(responses.flatMap((r) => r.response))];
  const column = new Map(words.map((word, j) => [word, j]));
  const size = words.length;
  const data = new Float32Array(responses.length * size);
  responses.forEach(({ response }, i) => {
    for (const word of response) data[i * size + column.get(word)!] += 1;
  });
  return { data, count: responses.length, size };
}
