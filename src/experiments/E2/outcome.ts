import { under, type GroupedMoments, type Key } from '../../analysis/moments.ts';
import { axis, fieldOf } from '../../math/field.ts';
import { readConstitution } from '../../values/constitution.ts';
import { Evidence, meanOver, type Reading } from '../framework/evidence.ts';
import { inWords, named, type Measure, type Outcome } from '../framework/experiment.ts';
import type { Available } from '../framework/models.ts';
import type { Findings } from '../framework/parts.ts';
import { OPEN, type Config, type JudgeKey, type OpenKey, type Rows } from './measure.ts';

/** What a constitution is counted among: style asks for no moral value, and the others' sign decides. */
type Side = 'good' | 'anti' | 'style';

function sideOf(text: string): Side {
  const { phrases } = readConstitution(text);
  if (phrases.some(({ values }) => 'politeness' in values)) return 'style';
  return phrases.every(({ anti }) => anti) ? 'anti' : 'good';
}

/** A key behind the constitution's text. */
type Of<K extends Key> = readonly [text: string, ...key: K];

/** Mean over constitutions of the correlation, or of another statistic, of one comparison. */
const mean =
  <K extends Key>(
    texts: readonly string[],
    key: K,
    of: (read: Reading<Of<K>>, key: Of<K>) => number = (read, k) => read.r(k),
  ) =>
  (read: Reading<Of<K>>): number =>
    meanOver(texts, (text) => of(read, [text, ...key]));

const slope = <K extends Key>(read: Reading<K>, key: K): number => read.slope(key);
const size = <K extends Key>(read: Reading<K>, key: K): number => Math.abs(read.slope(key));

/** E2's estimates, controls and figures, from the evidence of all seeds. */
export function projectionOutcome(
  found: Findings<Rows>,
  { seeds, constitutions: texts, some, ranks: most }: Config,
  { here }: Available,
): Outcome {
  const evidence = <K extends Key>(
    list: readonly string[],
    row: (seed: number, text: string) => GroupedMoments<K>,
  ): Evidence<Of<K>> =>
    new Evidence(seeds.map((seed) => list.flatMap((text) => under([text] as const, row(seed, text)))));
  const all = evidence(texts, (seed, text) => found.get('all', seed, text));
  const of = (side: Side) => texts.filter((text) => sideOf(text) === side);
  const [good, anti, style] = [of('good'), of('anti'), of('style')];
  const moral = [...good, ...anti];
  const others = (text: string) => all.keys.filter(([of, kind]) => of === text && kind === 'other');
  const extreme =
    (list: readonly string[], pick: (...x: number[]) => number) => (read: Reading<Of<JudgeKey>>) =>
      pick(...list.map((text) => read.r([text, 'projected'])));

  const estimates = [
    all.measure('projected with prompted, good ones, mean', mean(good, ['projected'])),
    all.measure('projected with prompted, good ones, least', extreme(good, Math.min)),
    all.measure('projected with prompted, anti-social ones, mean', mean(anti, ['projected'])),
    all.measure('projected with prompted, anti-social ones, weakest', extreme(anti, Math.max)),
    all.measure('slope of projected on prompted, good ones, mean', mean(good, ['projected'], slope)),
    all.measure('linear with prompted, mean', mean(moral, ['linear'])),
    all.measure('kept with prompted, mean', mean(moral, ['kept'])),
    all.measure('slope of kept on prompted, mean', mean(moral, ['kept'], slope)),
    all.measure('what is left after erasing, mean |slope|', mean(moral, ['erased'], size)),
    all.measure('what is left after erasing, mean r', mean(moral, ['erased'])),
    all.measure('other principles after erasing, with themselves before, mean', (read) =>
      meanOver(moral, (text) => {
        const keys = others(text);
        return keys.length > 0 ? meanOver(keys, (key) => read.r(key)) : 1;
      }),
    ),
    all.measure('verdict without a principle with V*', (read) => read.r([texts[0], 'nothing with V*'])),
    all.measure('the same, the constitution erased, mean', mean(moral, ['nothing left with V*'])),
    all.measure(
      'slope of the verdict without a principle after erasing, mean',
      mean(moral, ['nothing left'], slope),
    ),
    all.measure('prompted with what the constitution asks for, mean', mean(moral, ['asked'])),
  ];
  const controls = [
    all.measure('random subspace kept, mean', mean(moral, ['random kept'])),
    all.measure('random subspace erased, mean', mean(moral, ['random erased'])),
    all.measure('slope after erasing a random subspace, mean', mean(moral, ['random erased'], slope)),
    all.measure('erased verdict with the response’s length, mean', mean(moral, ['erased with length'])),
    all.measure('prompted verdict with the response’s length, mean', mean(moral, ['with length'])),
  ];
  if (style.length > 0)
    controls.push(
      all.measure('projected with prompted, principles of style, mean', mean(style, ['projected'])),
    );

  const notes = [
    'A principle of style is seen by its own verdict and not by the verdict without a principle: projection chooses ' +
      'from what that judge looks at, and adds nothing to it.',
    'Later tokens still know how long the response was, by their positions; that is all an erased judge could go by ' +
      'besides what is left.',
  ];
  const sites = evidence(some, (seed, text) => found.get('sites', seed, text));
  const blocks = sites.keys.flatMap(([text, kind, block]) =>
    text === some[0] && kind === 'erased' ? [block] : [],
  );
  for (const l of blocks) {
    const where = `at the gist entering block ${l + 1} alone`;
    estimates.push(
      sites.measure(`slope left, erased ${where}`, mean(some, ['erased', l], slope)),
      sites.measure(
        `|r| of projected, ${where}`,
        mean(some, ['projected', l], (read, key) => Math.abs(read.r(key))),
      ),
    );
  }
  if (here.has(OPEN))
    controls.push(
      ...openMeasures(
        evidence(some, (seed, text) => found.get('open', seed, text)),
        some,
      ),
    );
  else notes.push('The control without the bottleneck was not measured: its model is missing.');

  const ranks = evidence(some, (seed, text) => found.get('ranks', seed, text));
  const to = Array.from({ length: most }, (_, k) => k + 1);
  for (const k of to.filter((rank) => [1, 2, 4, 8].includes(rank)))
    estimates.push(
      ranks.measure(`kept with prompted, rank ${k}`, mean(some, ['kept', k])),
      ranks.measure(`slope left, rank ${k} erased`, mean(some, ['erased', k], slope)),
    );
  const kinds = ['projected', 'linear', 'kept', 'random kept', 'erased'] as const;
  const slopes = [...kinds, 'random erased'] as const;
  return {
    headline: headline(good.length, anti.length, [...estimates, ...controls]),
    estimates,
    controls,
    notes,
    series: [
      fieldOf('r with the prompted judge', '', [axis('constitution', texts), axis('judge', kinds)], (t, k) =>
        all.value((read) => read.r([texts[t], kinds[k]])),
      ),
      fieldOf(
        'slope against the prompted judge',
        '',
        [axis('constitution', texts), axis('judge', slopes)],
        (t, k) => all.value((read) => read.slope([texts[t], slopes[k]])),
      ),
      fieldOf('kept with prompted by rank, r', '', [axis('rank', to), axis('constitution', some)], (k, t) =>
        ranks.value((read) => read.r([some[t], 'kept', to[k]])),
      ),
      fieldOf('slope left by rank erased', '', [axis('rank', to), axis('constitution', some)], (k, t) =>
        ranks.value((read) => read.slope([some[t], 'erased', to[k]])),
      ),
      fieldOf(
        'projected with prompted by rank, r',
        '',
        [axis('rank', to), axis('constitution', some)],
        (k, t) => ranks.value((read) => read.r([some[t], 'projected', to[k]])),
      ),
      fieldOf(
        'prompted with what it asks for, and without a principle with V* once it is erased, r',
        '',
        [axis('constitution', texts), axis('what', ['asked', 'nothing left with V*'])],
        (t, k) => all.value((read) => read.r([texts[t], k === 0 ? 'asked' : 'nothing left with V*'])),
      ),
    ],
  };
}

/** The same judges where tokens after the gist see the whole text: what the bottleneck is for. */
function openMeasures(open: Evidence<Of<OpenKey>>, some: readonly string[]): Measure[] {
  const toAnti = (read: Reading<Of<OpenKey>>) =>
    meanOver(some, (text) => read.r([text, 'projected']) * (sideOf(text) === 'anti' ? -1 : 1));
  return [
    open.measure('without the bottleneck: projected with prompted, mean', toAnti),
    open.measure('without the bottleneck: kept with prompted, mean', mean(some, ['kept'])),
    open.measure('without the bottleneck: slope after erasing, mean', mean(some, ['erased'], slope)),
    open.measure('without the bottleneck: prompted with what it asks for, mean', mean(some, ['asked'])),
  ];
}

function headline(good: number, anti: number, measures: readonly Measure[]): string {
  const say = (name: string) => inWords(named(measures, name).value);
  const open = measures.find(({ name }) => name === 'without the bottleneck: projected with prompted, mean');
  return [
    `Asked with no principle, of a gist projected by P_c, the model judges as when prompted: mean r ` +
      `${say('projected with prompted, good ones, mean')} over ${good} good constitutions ` +
      `(least ${say('projected with prompted, good ones, least')}), and ` +
      `${say('projected with prompted, anti-social ones, mean')} over ${anti} anti-social ones ` +
      `(weakest ${say('projected with prompted, anti-social ones, weakest')}): projection chooses what is looked at and ` +
      'cannot turn a judge against itself.',
    `A random subspace kept gives ${say('random subspace kept, mean')}; erasing P_c leaves a slope of ` +
      `${say('what is left after erasing, mean |slope|')}, erasing a random one ` +
      `${say('slope after erasing a random subspace, mean')}.`,
    open ? `Without the gist bottleneck projected follows at ${inWords(open.value)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
