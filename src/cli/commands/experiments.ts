import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { EXPERIMENTS } from '../../experiments/list.ts';
import type { Result } from '../../experiments/result.ts';
import { beside, comparisonTable, readResult, type Beside } from '../experiments/comparison.ts';
import { folderOf, isFresh, RESULTS } from '../experiments/folder.ts';
import { runExperiment, type RunFlags } from '../experiments/run.ts';
import { writeReport } from '../experiments/report.ts';
import { seeds, withModel } from '../flags.ts';
import { makeFolder, ROOT } from '../model.ts';
import { InputError, printJson, say } from '../output.ts';

interface Flags extends Omit<RunFlags, 'out'> {
  out?: string;
  report?: boolean;
  json?: boolean;
}

export function experimentsCommand(program: Command): void {
  withModel(
    program
      .command('experiments')
      .argument('[ids...]', `which: ${EXPERIMENTS.map(({ id }) => id).join(', ')}; all, if none is named`)
      .description('measures the claims of the project, and writes what was found'),
  )
    .option('--quick', 'a small version, for a look', false)
    .addOption(
      new Option(
        '--seeds <list>',
        'seeds instead of the published ones, such as 11,12,13; compares the results',
      )
        .argParser(seeds)
        .conflicts(['seed', 'report']),
    )
    .option(
      '--out <dir>',
      'folder of the results (public/experiments; of other seeds or quick: in runs/experiments)',
    )
    .option('--report', 'run nothing: write docs/results.md from the results that are there')
    .action(run);
}

async function run(ids: string[], { out, report, json, ...flags }: Flags): Promise<void> {
  const unknown = ids.filter((id) => !EXPERIMENTS.some((e) => e.id === id));
  if (unknown.length > 0)
    throw new InputError(
      `no such experiment: ${unknown.join(', ')}; there are ${EXPERIMENTS.map(({ id }) => id).join(', ')}`,
    );
  if (report) {
    if (ids.length > 0) throw new InputError('--report is about all results: name no experiment');
    if (out !== undefined) throw new InputError('--report is about the published results: it takes no --out');
    const written = writeReport(RESULTS, join(ROOT, 'docs'));
    if (json) printJson({ written });
    else say(`wrote ${written.join(', ')}`);
    return;
  }
  const folder = out ?? folderOf(flags);
  const fresh = isFresh(flags);
  makeFolder(folder);
  const results: Result[] = [];
  const comparisons: Beside[] = [];
  for (const experiment of EXPERIMENTS.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    const published = fresh ? readResult(RESULTS, experiment.id) : null; // before --out may put another there
    const result = await runExperiment(experiment, { ...flags, out: folder });
    if (!json) console.log(`${result.id} ${result.holds ? 'holds' : 'does not hold'}: ${result.headline}`);
    results.push(result);
    if (!fresh) continue;
    const comparison = beside(published, result);
    comparisons.push(comparison);
    if (!json) tell(comparison);
  }
  if (json) printJson({ out: folder, results, ...(fresh ? { comparisons } : {}) });
}

function tell(comparison: Beside): void {
  const { id } = comparison;
  if ('why' in comparison) say(`${id}: nothing to compare with: ${comparison.why}`);
  else console.log(['', ...comparisonTable(id, comparison), ''].join('\n'));
}
