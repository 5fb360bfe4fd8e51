import { axis, fieldOf, type Field } from '../../math/field.ts';
import { correlationWithin, mean, slopeWithin } from '../../math/statistics.ts';
import { inWords, measured, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { averaged, pooled } from '../framework/pooled.ts';
import { compareRun, type Compared } from './compareRun.ts';
import { agrees, labelOf, notesOf } from './notes.ts';
import {
  HABITS,
  modelsOf,
  sharpenings,
  trialAt,
  trialsOf,
  type Agreements,
  type Config,
  type Habit,
  type Rows,
  type Sharpened,
} from './measure.ts';

/** What E4 found. */
export function improvementOutcome(found: Findings<Rows>, config: Config, models: Available): Outcome {
  const runs: Compared[] = [];
  const habits: Record<string, Agreements> = {};
  for (const name of modelsOf(config, models)) {
    const known = (habits[name] = found.get('agreements', name));
    const selves: Record<Habit, Sharpened[]> = { summed: [], 'per token': [] };
    for (const [habit, seed] of sharpenings(config))
      selves[habit].push(found.get('sharpened', name, habit, seed));
    for (const trial of trialsOf(name, known, config)) {
      const realised = found.get('trial', ...trialAt(name, trial));
      if (realised) runs.push(compareRun(name, trial, known, realised, selves));
    }
  }
  const asked = [...config.everywhere, ...config.close];
  return outcomeOf(
    runs,
    habits,
    models.missing.filter((name) => asked.includes(name)),
    config,
  );
}

/** What E4's runs say together. Intervals of pooled figures are by bootstrap over runs. */
export function outcomeOf(
  runs: readonly Compared[],
  habits: Readonly<Record<string, Agreements>>,
  missing: readonly string[],
  config: Config,
): Outcome {
  const dpo = runs.filter(({ loss, judge }) => loss === 'dpo' && judge === 'prompted');
  const main = dpo.filter(({ model }) => config.everywhere.includes(model));
  const models = config.everywhere.filter((name) => main.some(({ model }) => model === name));
  const near = dpo.filter(({ x }) => Math.abs(x.summed.value) < config.near);
  const far = dpo.filter((run) => !near.includes(run));

  const estimates = [
    ...againstTilt('', main),
    ...(models.length > 1
      ? models.flatMap((name) =>
          againstTilt(
            `${name}: `,
            main.filter(({ model }) => model === name),
          ),
        )
      : []),
    pooled('realised with linear model, r', pairsOf(main, predictedLinearly), correlationWithin),
    pooled('realised on linear model, slope', pairsOf(main, predictedLinearly), slopeWithin),
    ...signs('', dpo, 'summed'),
    ...signs(`where |x| ≥ ${config.near}: `, far, 'summed'),
    ...signs(`where |x| < ${config.near}: `, near, 'summed'),
    ...signs('by likelihood a token: ', dpo, 'per token'),
    pooled('y on x, slope', pairsOf(dpo, xAndY('summed')), slopeWithin, 'V*'),
    ...(['grpo', 'bon'] as const).flatMap((loss) =>
      againstTilt(
        `${loss}: `,
        runs.filter((run) => run.loss === loss),
      ),
    ),
  ];
  const controls = [
    shuffledShare(runs, config),
    averaged(
      'well-formed after training, DPO',
      dpo.map(({ wellFormed }) => wellFormed),
    ),
    averaged(
      'tokens a response after training, DPO',
      dpo.map(({ length }) => length),
      'tokens',
    ),
    ...Object.entries(habits).flatMap(([name, { generation, length }]) => [
      ...HABITS.map((habit) =>
        measured(
          `${name}: log π₀ ${habit} with V*`,
          generation[habit],
          config.seeds.length * config.situations,
        ),
      ),
      measured(`${name}: tokens a response`, { value: length, low: length, high: length }, 1, 'tokens'),
    ]),
  ];
  return {
    headline: headlineOf(main, dpo, near, models, estimates, config),
    estimates,
    controls,
    series: seriesOf(main, dpo),
    notes: notesOf(runs, dpo, missing, config),
  };
}

type Pair = (run: Compared) => [x: number, y: number] | null;

const byTilt: Pair = ({ tilt, gain }) => (tilt === null ? null : [tilt, gain.value]);
const predictedLinearly: Pair = ({ linear, gain }) => [linear, gain.value];
const xAndY =
  (habit: Habit): Pair =>
  ({ x, y }) => [x[habit].value, y[habit]];

const pairsOf = (runs: readonly Compared[], pair: Pair) =>
  runs.flatMap((run) => [pair(run) ?? []].filter(isPair));
const isPair = (pair: number[]): pair is [number, number] => pair.length === 2;

const againstTilt = (prefix: string, runs: readonly Compared[]): Measure[] =>
  pairsOf(runs, byTilt).length < 2
    ? []
    : [
        pooled(`${prefix}realised with exact tilt, r`, pairsOf(runs, byTilt), correlationWithin),
        pooled(`${prefix}realised on exact tilt, slope`, pairsOf(runs, byTilt), slopeWithin),
      ];

const signs = (prefix: string, runs: readonly Compared[], habit: Habit): Measure[] =>
  runs.length === 0
    ? []
    : [
        averaged(
          `${prefix}sign of x is sign of y`,
          runs.map((run) => (agrees(run, habit) ? 1 : 0)),
        ),
      ];

/** Gain under shuffled scores over the gain of the same constitutions on the same model, both by size of effect. */
function shuffledShare(runs: readonly Compared[], { control }: Config): Measure {
  const pairs = runs
    .filter(({ judge }) => judge === 'shuffled')
    .flatMap((run) => {
      const real = runs.find(
        (other) =>
          other.judge === 'prompted' &&
          other.loss === 'dpo' &&
          other.model === control &&
          other.constitution === run.constitution,
      );
      return real ? [[run.gain, real.gain.value] as const] : [];
    });
  const name = 'shuffled scores, share of the gain';
  if (pairs.length === 0) throw new RangeError('there is no run with shuffled scores');
  const all = pairs.map((_, i) => i);
  const gained = mean(all.map((i) => pairs[i][1]));
  // Where nothing can be gained there is nothing to have a share of.
  const share = (of: (i: number) => number) => (gained === 0 ? 0 : mean(all.map(of)) / gained);
  const estimate = {
    value: share((i) => pairs[i][0].value),
    low: share((i) => pairs[i][0].low),
    high: share((i) => pairs[i][0].high),
  };
  return measured(name, estimate, pairs.length);
}

function headlineOf(
  main: readonly Compared[],
  dpo: readonly Compared[],
  near: readonly Compared[],
  models: readonly string[],
  estimates: readonly Measure[],
  config: Config,
): string {
  const at = (name: string) => estimates.find((m) => m.name === name);
  const say = (name: string) => inWords(at(name)?.value ?? NaN);
  const agreeing = (list: readonly Compared[]) => list.filter((run) => agrees(run, 'summed')).length;
  return (
    `Over ${main.length} runs on ${models.length === 1 ? 'one model' : `${models.length} sizes`}, the gain follows the ` +
    `exact tilt at r ${say('realised with exact tilt, r')}, slope ${say('realised on exact tilt, slope')}; the sign of ` +
    `a_c − a_gen is that of the gain over self-sharpening in ${agreeing(dpo)} of ${dpo.length}, ` +
    (near.length > 0
      ? `${agreeing(near)} of the ${near.length} with |a_c − a_gen| < ${config.near}.`
      : `none of them with |a_c − a_gen| < ${config.near}.`)
  );
}

function seriesOf(main: readonly Compared[], dpo: readonly Compared[]): Field[] {
  const tilted = main.filter(({ tilt }) => tilt !== null);
  const scatter = (
    name: string,
    unit: string,
    runs: readonly Compared[],
    across: string,
    up: string,
    pair: Pair,
  ) =>
    fieldOf(
      name,
      unit,
      [axis('run', runs.map(labelOf)), axis('coordinate', [across, up])],
      (i, k) => pair(runs[i])![k],
    );
  const columns = [
    'a_c − a_gen',
    'gain',
    'KL',
    'exact tilt',
    'linear model',
    'gain less self-sharpening',
    'well-formed',
  ];
  return [
    scatter('gain in true value', 'V*', tilted, 'predicted by the exact tilt', 'realised', byTilt),
    scatter('when it helps', '', dpo, 'x = a_c − a_gen', 'y = gain less self-sharpening', xAndY('summed')),
    fieldOf('runs with DPO', '', [axis('run', dpo.map(labelOf)), axis('figure', columns)], (i, k) => {
      const { x, gain, kl, tilt, linear, y, wellFormed } = dpo[i];
      return [x.summed.value, gain.value, kl, tilt ?? linear, linear, y.summed, wellFormed][k];
    }),
  ];
}
