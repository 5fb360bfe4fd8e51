import { axis, fieldOf, type Field } from '../../math/field.ts';
import { createRandom, type Random } from '../../math/random.ts';
import { mean, type Estimate } from '../../math/statistics.ts';
import { inWords, measured, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { cellsOf } from '../framework/cells.ts';
import { averaged, ofMeans, ratioOfPaired, sumsBySituation } from '../framework/pooled.ts';
import { SWEEP } from '../sweep.ts';
import type { BoundedRun, Ceiling, Config, Rows } from './measure.ts';

/** What a gain is held against, and how figures call it. */
const CEILINGS = {
  judge: 'tilt by the judge',
  linear: 'linear readout of the gist',
  any: 'any readout of the gist',
  truth: 'truth',
} as const satisfies Record<Ceiling, string>;
const CEILING_NAMES = Object.keys(CEILINGS) as Ceiling[];

/** A run with the model's name and the quality of its data. */
export interface NamedRun extends BoundedRun {
  name: string;
  quality: string;
}

/** Gain of truth, V*, under which a model says too little to speak of a share of it. */
export const LEAST_CEILING = 0.1;

/** What E5 found. */
export function boundOutcome(found: Findings<Rows>, { names, seeds }: Config, models: Available): Outcome {
  const runs = cellsOf(names, seeds, models).flatMap(({ name, seed }): NamedRun[] => {
    const run = found.get('run', name, seed);
    const quality = SWEEP.find((model) => model.name === name)?.world ?? name;
    return run ? [{ name, quality, ...run }] : [];
  });
  return outcomeOf(
    runs,
    models.missing.filter((name) => names.includes(name)),
  );
}

/** Of runs; intervals of shares are over the situations, which are the same for every model. */
export function outcomeOf(runs: readonly NamedRun[], missing: readonly string[]): Outcome {
  const whole = runs.filter(({ ceilings }) => CEILING_NAMES.every((name) => ceilings[name] !== null));
  const widths = [...new Set(whole.map(({ width }) => width))].sort((a, b) => a - b);
  const qualities = [...new Set(whole.map(({ quality }) => quality))];
  const groups = [
    ...widths.map((width) => ({ label: `width ${width}`, of: whole.filter((run) => run.width === width) })),
    ...qualities.map((quality) => ({ label: quality, of: whole.filter((run) => run.quality === quality) })),
  ];
  const estimates = [
    ...CEILING_NAMES.map((ceiling) =>
      averaged(
        `runs above ${shortly(ceiling)}`,
        whole.map((run) => (above(run, ceiling) ? 1 : 0)),
      ),
    ),
    ...groups.flatMap(({ label, of }) => shares(label, of)),
    ...whole.map((run) => gainInSpreads(run)),
  ];
  const controls = whole.flatMap(({ name, realised }): Measure[] => [
    measured(`${name}: well-formed after training`, exactly(realised.wellFormed), realised.gains.length),
    measured(`${name}: KL`, exactly(realised.kl), realised.gains.length, 'nats'),
  ]);
  return {
    headline: headlineOf(whole, widths, estimates),
    estimates,
    controls,
    series: seriesOf(whole, widths),
    notes: [
      'Every run is DPO on the prompted judge of all five values; its ceilings are the gains of the untrained model’s tilt at ' +
        'the same KL, by a linear readout of V* from the gist, by any readout, and by V* itself.',
      ...(whole.length < runs.length
        ? [`${runs.length - whole.length} runs went further than the sample carries, and are left out.`]
        : []),
      ...(missing.length > 0 ? [`Models that were not there: ${missing.join(', ')}.`] : []),
    ],
  };
}

const shortly = (ceiling: Ceiling): string => CEILINGS[ceiling].replace(' of the gist', '');
const exactly = (value: number) => ({ value, low: value, high: value });
const random = (...names: string[]) => createRandom('E5').fork(names.join(' '));
const gainsOf = (run: NamedRun, ceiling: Ceiling): number[] => run.ceilings[ceiling] as number[];

/** Whether a run gained more than a ceiling, beyond the interval of the difference. */
function above(run: NamedRun, ceiling: Ceiling): boolean {
  const difference = (a: number, b: number) => a - b;
  return ofMeans(run.realised.gains, gainsOf(run, ceiling), difference, random(run.name, ceiling)).low > 0;
}

/** Realised gain over its ceiling, and the ceiling over truth, of some runs together. */
function shares(label: string, runs: readonly NamedRun[]): Measure[] {
  const telling = runs.filter((run) => mean(gainsOf(run, 'truth')) >= LEAST_CEILING);
  if (telling.length === 0) return [];
  const realised = sumsBySituation(telling.map((run) => run.realised.gains));
  const [linear, any, truth] = (['linear', 'any', 'truth'] as const).map((name) =>
    sumsBySituation(telling.map((run) => gainsOf(run, name))),
  );
  const share = (what: string, of: number[], estimate: (random: Random) => Estimate) =>
    measured(`${label}: ${what}`, estimate(random(label, what)), of.length);
  const ratio = (a: number, b: number) => a / b;
  return [
    share('gist over truth', truth, (random) => ratioOfPaired(any, truth, random)),
    // of next to nothing there is no share
    ...(mean(any) / telling.length >= LEAST_CEILING
      ? [
          share('realised over gist', realised, (random) => ofMeans(realised, any, ratio, random)),
          share('linear over any readout', any, (random) => ratioOfPaired(linear, any, random)),
        ]
      : []),
  ];
}

function gainInSpreads({ name, realised, spread }: NamedRun): Measure {
  const unit = spread > 0 ? spread : 1;
  const scaled = realised.gains.map((gain) => gain / unit);
  return { ...averaged(`${name}: gain`, scaled, 'σ(V*)'), n: scaled.length };
}

function headlineOf(
  runs: readonly NamedRun[],
  widths: readonly number[],
  estimates: readonly Measure[],
): string {
  const passed = (ceiling: Ceiling) => runs.filter((run) => above(run, ceiling)).length;
  const by = (what: string) =>
    widths
      .flatMap((width) => {
        const share = estimates.find((m) => m.name === `width ${width}: ${what}`);
        return share ? [`${inWords(share.value)} at width ${width}`] : [];
      })
      .join(', ');
  return (
    `Of ${runs.length} runs ${passed('truth')} passed the tilt by truth, ${passed('any')} that by any readout of the gist and ` +
    `${passed('linear')} that by the linear one; the gist allows ${by('gist over truth')} of what truth would gain.`
  );
}

function seriesOf(runs: readonly NamedRun[], widths: readonly number[]): Field[] {
  const kinds = ['realised', ...CEILING_NAMES] as const;
  const gainOf = (run: NamedRun, kind: (typeof kinds)[number]) =>
    mean(kind === 'realised' ? run.realised.gains : gainsOf(run, kind));
  const called = kinds.map((kind) => (kind === 'realised' ? kind : CEILINGS[kind]));
  return [
    fieldOf(
      'gain by width, mean over data and seeds',
      'V*',
      [axis('width', widths, 'channels'), axis('kind', called)],
      (i, k) => mean(runs.filter(({ width }) => width === widths[i]).map((run) => gainOf(run, kinds[k]))),
    ),
    fieldOf(
      'gain and ceilings of every run',
      'V*',
      [
        axis(
          'model',
          runs.map(({ name }) => name),
        ),
        axis('kind', called),
      ],
      (i, k) => gainOf(runs[i], kinds[k]),
    ),
  ];
}
