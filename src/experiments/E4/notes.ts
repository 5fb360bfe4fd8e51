/** What a reader of E4 must know besides: signs that disagree, runs that fell short, models that are missing. */
import { inWords } from '../framework/experiment.ts';
import type { Compared } from './compareRun.ts';
import type { Config, Habit } from './measure.ts';

/** Whether x and y have the same sign. */
export const agrees = (run: Compared, habit: Habit): boolean => run.x[habit].value > 0 === run.y[habit] > 0;

export const labelOf = ({ constitution, model, loss, judge }: Compared): string =>
  [constitution, model, ...(loss === 'dpo' ? [] : [loss]), ...(judge === 'shuffled' ? [judge] : [])].join(
    ' · ',
  );

export function notesOf(
  runs: readonly Compared[],
  dpo: readonly Compared[],
  missing: readonly string[],
  { kl, steps }: Config,
): string[] {
  const wrong = dpo.filter((run) => !agrees(run, 'summed'));
  const sure = wrong.filter(
    ({ x, paired }) => Math.max(x.summed.low, -x.summed.high) > 0 && Math.max(paired.low, -paired.high) > 0,
  );
  const short = runs.filter(({ kl: spent }) => spent < 0.7 * kl);
  const untilted = runs.filter(({ tilt }) => tilt === null).length;
  const say = (run: Compared) =>
    `${labelOf(run)} (x ${inWords(run.x.summed.value)}, y ${inWords(run.y.summed)})`;
  return [
    'x and y: a_c − a_gen before any training, and gain under the constitution less gain under self-sharpening (judge = ' +
      'the model’s own summed log-likelihood) under the same seed at the same KL.',
    `Signs that disagree: ${wrong.length === 0 ? 'none' : wrong.map(say).join('; ')}. ` +
      `With both intervals clear of zero: ${sure.length}.`,
    ...(short.length > 0
      ? [
          `${short.length} runs had spent less than ${inWords(0.7 * kl)} nats after ${steps} steps: ${short.map(labelOf).join('; ')}.`,
        ]
      : []),
    ...(untilted > 0
      ? [`${untilted} runs went further than the tilt’s sample carries; they are left out of its figures.`]
      : []),
    ...(missing.length > 0 ? [`Models that were not there: ${missing.join(', ')}.`] : []),
  ];
}
