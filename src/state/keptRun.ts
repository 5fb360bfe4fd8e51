/** What a kept run may be: every field is checked before it is shown, as those of a link are. */
import * as v from 'valibot';
import type { TrainReport } from '../worker/protocol.ts';
import { Phrase } from './link.ts';
import { MOST_PRINCIPLES } from './principles.ts';
import { STEPS, type KeptRun } from './run.svelte.ts';

const number = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const whole = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));
/** Longer than any response or situation of the world. */
const text = v.pipe(v.string(), v.maxLength(2000));
const numbers = v.pipe(
  v.instance(Float32Array),
  v.check((list) => list.every(Number.isFinite)),
);

/** Of a model or a sample: it is compared, and never shown. */
const id = v.pipe(v.string(), v.maxLength(100));

const values = v.object({
  honesty: number,
  care: number,
  fairness: number,
  freedom: number,
  loyalty: number,
  politeness: number,
});

const row = v.object({
  step: whole(STEPS),
  trueValue: v.object({ value: number, low: number, high: number }),
  values,
  judge: number,
  kl: number,
  klError: number,
  pairAccuracy: share,
  wellFormed: share,
  length: number,
});

const pair = v.object({
  prompt: text,
  a: text,
  b: text,
  scoreA: number,
  scoreB: number,
  preferA: share,
  trueA: number,
  trueB: number,
});

const sample = v.object({ prompt: text, before: text, now: text, beforeTrue: number, nowTrue: number });

const report = v.object({
  row,
  logProbs: v.nullable(numbers),
  pair: v.nullable(pair),
  pairs: whole(1_000_000),
  samples: v.pipe(v.array(sample), v.maxLength(1000)),
  left: number,
}) satisfies v.GenericSchema<unknown, TrainReport>;

/** What is asked: of one principle as it is written there may come several. */
const constitution = v.object({
  principles: v.pipe(
    v.array(v.object({ phrase: Phrase, weight: share })),
    v.maxLength(MOST_PRINCIPLES * MOST_PRINCIPLES),
  ),
});

/** A run whose steps are all there, one after the other from 0, measured on one cloud. */
export const KEPT_RUN = v.pipe(
  v.object({
    settings: v.object({
      model: id,
      sample: id,
      trueWeights: values,
      constitution,
      seed: whole(2 ** 31 - 1),
    }),
    reports: v.pipe(
      v.array(report),
      v.minLength(1),
      v.check((all) => all.every((one, i) => one.row.step === i)),
      v.check((all) => new Set(all.flatMap((one) => one.logProbs?.length ?? [])).size <= 1),
    ),
    step: whole(STEPS),
    reason: v.nullable(v.picklist(['kl', 'steps', 'cancelled', 'not-finite'])),
  }),
  v.check((run) => run.step < run.reports.length),
) satisfies v.GenericSchema<unknown, KeptRun>;
