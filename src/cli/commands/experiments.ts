import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { AnyExperiment } from '../../experiments/framework/experiment.ts';
import type { Result } from '../../experiments/framework/result.ts';
import { EXPERIMENTS } from '../../experiments/list.ts';
import { beside, comparisonTable, readResult, type Beside } from '../experiments/comparison.ts';
import { folderOf, isFresh, RESULTS } from '../experiments/folder.ts';
import { planOf, type Plan } from '../experiments/plan.ts';
import { writeReport } from '../experiments/report.ts';
import { computeShare, rowsNamed } from '../experiments/rows.ts';
import { writeResult, type RunFlags } from '../experiments/run.ts';
import { studyOf } from '../experiments/study.ts';
import { work } from '../experiments/workers.ts';
import { count, seeds, shard, withModel, type Shard } from '../flags.ts';
import { makeFolder, ROOT } from '../model.ts';
import { InputError, printJson, say } from '../output.ts';

interface Flags extends RunFlags {
  out?: string;
  report?: boolean;
  plan?: boolean;
  shard?: Shard;
  only?: string[];
  work?: boolean;
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
    .option('--workers <n>', 'processes that share the work', count('workers', 1, 256), 1)
    .addOption(
      new Option('--shard <i/n>', 'the i-th of n shares of the rows, and no result: one machine of n')
        .argParser(shard)
        .conflicts(['report', 'plan', 'only', 'out']),
    )
    .addOption(
      new Option(
        '--only <row...>',
        'rows of such a name, as "kind-64-0/honesty": computed anew, and printed',
      ).conflicts(['report', 'plan', 'out', 'workers']),
    )
    .addOption(new Option('--plan', 'run nothing: say what it will take').conflicts(['report', 'out']))
    .option(
      '--out <dir>',
      'folder of the results (public/experiments; of other seeds or quick: in runs/experiments)',
    )
    .option('--report', 'run nothing: write docs/results.md from the results that are there')
    .addOption(new Option('--work', 'compute what the parent process asks for').hideHelp())
    .action(run);
}

async function run(ids: string[], flags: Flags): Promise<void> {
  const unknown = ids.filter((id) => !EXPERIMENTS.some((e) => e.id === id));
  if (unknown.length > 0)
    throw new InputError(
      `no such experiment: ${unknown.join(', ')}; there are ${EXPERIMENTS.map(({ id }) => id).join(', ')}`,
    );
  if (flags.report) return report(ids, flags);
  const chosen = EXPERIMENTS.filter(({ id }) => ids.length === 0 || ids.includes(id));
  if (flags.work) return work(await studyOf(chosen[0], flags));
  if (flags.plan) return plan(chosen, flags);
  if (flags.only) return printRows(chosen, flags.only, flags);
  if (flags.shard) return share(chosen, flags.shard, flags);
  return results(chosen, flags);
}

function report(ids: readonly string[], { out, json }: Flags): void {
  if (ids.length > 0) throw new InputError('--report is about all results: name no experiment');
  if (out !== undefined) throw new InputError('--report is about the published results: it takes no --out');
  const written = writeReport(RESULTS, join(ROOT, 'docs'));
  if (json) printJson({ written });
  else say(`wrote ${written.join(', ')}`);
}

async function plan(chosen: readonly AnyExperiment[], flags: Flags): Promise<void> {
  const plans: Plan[] = [];
  for (const experiment of chosen) plans.push(await planOf(await studyOf(experiment, flags)));
  if (flags.json) return printJson({ plans });
  for (const { id, parts, kept, minutes, atMost, missing } of plans)
    console.log(
      `${id}: ${parts} rows to compute, ${kept} kept; about ${minutes} min of one core` +
        (atMost ? `, and at most ${atMost.parts} rows and ${atMost.minutes} min more` : '') +
        (missing.length > 0 ? `; not there: ${missing.join(', ')}` : ''),
    );
  const most = plans.reduce((sum, { minutes, atMost }) => sum + minutes + (atMost?.minutes ?? 0), 0);
  console.log(
    `in all at most ${(most / flags.workers).toFixed(0)} min on ${flags.workers === 1 ? 'one core' : `${flags.workers} cores`}`,
  );
}

async function printRows(
  chosen: readonly AnyExperiment[],
  names: readonly string[],
  flags: Flags,
): Promise<void> {
  if (chosen.length !== 1) throw new InputError('--only is about the rows of one experiment: name it');
  for (const row of await rowsNamed(chosen[0], flags, names)) printJson(row);
}

async function share(chosen: readonly AnyExperiment[], part: Shard, flags: Flags): Promise<void> {
  const rows: Record<string, number> = {};
  for (const experiment of chosen) rows[experiment.id] = await computeShare(experiment, flags, part);
  if (flags.json) printJson({ rows });
  else
    say(
      Object.entries(rows)
        .map(([id, n]) => `${id}: ${n} rows`)
        .join(', '),
    );
}

async function results(chosen: readonly AnyExperiment[], { out, json, ...flags }: Flags): Promise<void> {
  const folder = out ?? folderOf(flags);
  const fresh = isFresh(flags);
  makeFolder(folder);
  const found: Result[] = [];
  const comparisons: Beside[] = [];
  for (const experiment of chosen) {
    const published = fresh ? readResult(RESULTS, experiment.id) : null; // before --out may put another there
    const result = await writeResult(experiment, flags, folder);
    if (!json) console.log(`${result.id} ${result.holds ? 'holds' : 'does not hold'}: ${result.headline}`);
    found.push(result);
    if (!fresh) continue;
    const comparison = beside(published, result);
    comparisons.push(comparison);
    if (!json) tell(comparison);
  }
  if (json) printJson({ out: folder, results: found, ...(fresh ? { comparisons } : {}) });
}

function tell(comparison: Beside): void {
  const { id } = comparison;
  if ('why' in comparison) say(`${id}: nothing to compare with: ${comparison.why}`);
  else console.log(['', ...comparisonTable(id, comparison), ''].join('\n'));
}
