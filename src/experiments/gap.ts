import { axis, fieldOf } from '../math/field.ts';
import { mean } from '../math/statistics.ts';
import type { Evidence } from './evidence.ts';
import { inWords, measured, type Measure, type Outcome } from './experiment.ts';

/** What one model's likelihood and verdicts have to do with true value. */
export interface ModelGap {
  name: string;
  /** Comparisons with V*: generation, per token, judgement, principled, shuffled. */
  evidence: Evidence;
  /** Spread of its verdicts without a principle, of each seed, logits. */
  spread: readonly number[];
}

/** Kinds of agreement with V* and how a figure calls them. */
const KINDS = {
  generation: 'generation',
  judgement: 'judgement, no principle',
  principled: 'judgement, all five values',
} as const;

/** What E3 found over its models. */
export function gapOutcome(gaps: readonly ModelGap[], missing: readonly string[]): Outcome {
  const estimates = gaps.flatMap(({ name, evidence }): Measure[] => [
    evidence.measure(`${name}: gap`, (read) => read.r('judgement') - read.r('generation')),
    ...Object.entries(KINDS).map(([kind, says]) =>
      evidence.measure(`${name}: ${says}`, (read) => read.r(kind)),
    ),
    evidence.measure(
      `${name}: gap of likelihood a token`,
      (read) => read.r('judgement') - read.r('per token'),
    ),
  ]);
  const controls = gaps.flatMap(({ name, evidence, spread }): Measure[] => [
    evidence.measure(`${name}: verdicts shuffled`, (read) => read.r('shuffled')),
    measured(
      `${name}: spread of the verdicts`,
      { value: mean(spread), low: Math.min(...spread), high: Math.max(...spread) },
      spread.length,
      'logits',
    ),
  ]);
  const kinds = Object.keys(KINDS);
  return {
    headline: headlineOf(gaps, estimates),
    estimates,
    controls,
    series: [
      fieldOf(
        'correlation with true value within the situation',
        '',
        [
          axis(
            'model',
            gaps.map(({ name }) => name),
          ),
          axis('kind', Object.values(KINDS)),
        ],
        (i, k) => gaps[i].evidence.value((read) => read.r(kinds[k])),
      ),
    ],
    notes: [
      'Generation is the summed log-likelihood of the model’s own responses, judgement its verdict without a principle; ' +
        'the gap is the second correlation with true value less the first. The spread of the verdicts has the range over ' +
        'the sampling seeds for an interval.',
      'Names are data, width and seed; mixed is the default corpus, noisy has a fifth of its verdicts wrong at the clearest ' +
        'and 30% anti-social commenters, kind is 90% pro-social. The corpora called gap are kind ones in which commenters ' +
        'without a principle look at two values (none), at one (negative), or judge against value 70% of the time (inverted).',
      ...(missing.length > 0 ? [`Models that were not there: ${missing.join(', ')}.`] : []),
    ],
  };
}

/** The corpora that the claim is about, in the order of their gap, as far as they were measured. */
function headlineOf(gaps: readonly ModelGap[], estimates: readonly Measure[]): string {
  const said: Record<string, string> = {
    'mixed-64-0': 'the default corpus',
    'noisy-64-0': 'a noisy one',
    'kind-64-0': 'a well-behaved one',
    'gap-none': 'one whose commenters look at two values of five',
    'gap-negative': 'at one',
    'gap-inverted': 'and mostly judge against value',
  };
  const parts = Object.entries(said).flatMap(([name, words]) => {
    const gap = estimates.find((m) => m.name === `${name}: gap`);
    return gap && gaps.some((g) => g.name === name) ? [`${words} ${inWords(gap.value)}`] : [];
  });
  return `Judgement less generation, in correlation with true value: ${parts.join(', ')}.`;
}
