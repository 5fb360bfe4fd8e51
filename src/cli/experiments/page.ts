import type { Measure } from '../../experiments/framework/experiment.ts';
import type { Result } from '../../experiments/framework/result.ts';
import { table } from '../markdown.ts';

const number = (x: number): string => x.toFixed(Math.abs(x) >= 100 ? 0 : 2).replace('-', '−');
const measures = (list: readonly Measure[]): string[] =>
  table(
    ['measured', 'value', '95% interval', 'n'],
    list.map(({ name, value, low, high, n, unit }) => [
      name,
      unit ? `${number(value)} ${unit}` : number(value),
      low === high ? '—' : `${number(low)} … ${number(high)}`,
      `${n}`,
    ]),
  );

const PREFACE = `# Results

Written from the files in \`public/experiments\` by \`npm run --silent lab -- experiments --report\`; nothing here is
written by hand. Each experiment's criterion was committed before its result. Intervals are 95%, by bootstrap over
situations, and over seeds of sampling where there are several, unless a row says otherwise; every correlation is within
the situation. A dash is a number whose spread was not measured. Raw rows of any model and constitution can be had with
\`lab data\`.

What all of this is limited by: a closed world with a grammar as its ground truth; noisy public verdicts that are in
the corpus; a bottleneck that real models do not have; small widths; formulas that are reconstructed from the paper's
abstract. A result here is about these models and this world. The models of the sweep (E3 to E5, and of E1 and E2 the one
whose unnamed value is looked for and the one without the mask) read a fifth of the documents that the shipped model read,
and counted what people do half as much in the loss.`;

/** docs/results.md. */
export function resultsPage(results: readonly Result[]): string {
  const overview = table(
    ['', 'claim', 'holds', 'what was found'],
    results.map(({ id, claim, holds, headline }) => [
      `[${id}](#${id.toLowerCase()})`,
      claim,
      holds ? 'yes' : '**no**',
      headline,
    ]),
  );
  return [[PREFACE], overview, ...results.map(section)].map((lines) => lines.join('\n')).join('\n\n') + '\n';
}

function section(result: Result): string[] {
  const { id, claim, criterion, headline, holds, estimates, controls, notes, series } = result;
  const models = Object.entries(result.model).map(([name, hash]) => `${name} \`${hash}\``);
  return [
    `## ${id}`,
    '',
    `**Claim.** ${claim}`,
    '',
    `**Criterion.** ${criterion.text} ${criterion.because}`,
    '',
    `**Found.** ${headline} The criterion is ${holds ? 'met' : 'not met'}.`,
    '',
    `![${series[0].name}](results/${id}.svg)`,
    '',
    ...measures(estimates),
    '',
    'Controls:',
    '',
    ...(controls.length > 0 ? measures(controls) : ['none']),
    '',
    ...notes.flatMap((note) => [`- ${note}`]),
    ...(notes.length > 0 ? [''] : []),
    `Seeds ${result.seeds.join(', ')}; ${models.join(', ')}; commit \`${result.commit?.slice(0, 8) ?? 'unknown'}\`; ` +
      `${result.backend}, ${result.seconds} s.`,
  ];
}
