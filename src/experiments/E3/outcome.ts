import { axis, fieldOf } from '../../math/field.ts';
import { mean } from '../../math/statistics.ts';
import { Evidence } from '../framework/evidence.ts';
import { inWords, measured, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import type { Config, GapKey, Rows } from './measure.ts';

/** What one model's likelihood and verdicts have to do with true value. */
interface ModelGap {
  name: string;
  /** Comparisons with V*. */
  evidence: Evidence<GapKey>;
  /** Spread of its verdicts without a principle, of each seed, logits. */
  spread: readonly number[];
}

/** Kinds of agreement with V* and how a figure calls them. */
const KINDS = {
  generation: 'generation',
  judgement: 'judgement, no principle',
  principled: 'judgement, all five values',
} as const;
const KIND_NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** What E3 found over its models. */
export function gapOutcome(
  found: Findings<Rows>,
  { names, seeds }: Config,
  { here, missing }: Available,
): Outcome {
  const gaps = names
    .filter((name) => here.has(name))
    .map((name): ModelGap => {
      const rows = seeds.map((seed) => found.get('gap', name, seed));
      return {
        name,
        evidence: new Evidence(rows.map(({ moments }) => moments)),
        spread: rows.map(({ spread }) => spread),
      };
    });
  const absent = missing.filter((name) => names.includes(name));
  const estimates = gaps.flatMap(({ name, evidence }): Measure[] => [
    evidence.measure(`${name}: gap`, (read) => read.r(['judgement']) - read.r(['generation'])),
    ...KIND_NAMES.map((kind) => evidence.measure(`${name}: ${KINDS[kind]}`, (read) => read.r([kind]))),
    evidence.measure(
      `${name}: gap of likelihood a token`,
      (read) => read.r(['judgement']) - read.r(['per token']),
    ),
  ]);
  const controls = gaps.flatMap(({ name, evidence, spread }): Measure[] => [
    evidence.measure(`${name}: verdicts shuffled`, (read) => read.r(['shuffled'])),
    measured(
      `${name}: spread of the verdicts`,
      { value: mean(spread), low: Math.min(...spread), high: Math.max(...spread) },
      spread.length,
      'logits',
    ),
  ]);
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
        (i, k) => gaps[i].evidence.value((read) => read.r([KIND_NAMES[k]])),
      ),
    ],
    notes: [
      'Generation is the summed log-likelihood of the model’s own responses, judgement its verdict without a principle; ' +
        'the gap is the second correlation with true value less the first. The spread of the verdicts has the range over ' +
        'the sampling seeds for an interval.',
      'Names are data, width and seed; mixed is the default corpus, noisy has a fifth of its verdicts wrong at the clearest ' +
        'and 30% anti-social commenters, kind is 90% pro-social. The corpora called gap are kind ones in which commenters ' +
        'without a principle look at two values (none), at one (negative), or judge against value 70% of the time (inverted).',
      ...(absent.length > 0 ? [`Models that were not there: ${absent.join(', ')}.`] : []),
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
