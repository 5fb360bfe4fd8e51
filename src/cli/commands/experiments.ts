import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXPERIMENTS } from '../../experiments/list.ts';
import { runExperiment, type RunFlags } from '../experiments/run.ts';
import { writeReport } from '../experiments/report.ts';
import { withModel } from '../flags.ts';
import { makeFolder } from '../model.ts';
import { InputError, printJson, say } from '../output.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const RESULTS = join(ROOT, 'public/experiments');
/** Small versions are tried out; they are no results to publish. */
const QUICK_RESULTS = join(ROOT, 'runs/experiments/quick');

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
    .option('--out <dir>', 'folder of the results (public/experiments; quick ones runs/experiments/quick)')
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
    const written = writeReport(out ?? RESULTS, join(ROOT, 'docs'));
    if (json) printJson({ written });
    else say(`wrote ${written.join(', ')}`);
    return;
  }
  const folder = out ?? (flags.quick ? QUICK_RESULTS : RESULTS);
  makeFolder(folder);
  const results = [];
  for (const experiment of EXPERIMENTS.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    const result = await runExperiment(experiment, { ...flags, out: folder });
    if (!json) console.log(`${result.id} ${result.holds ? 'holds' : 'does not hold'}: ${result.headline}`);
    results.push(result);
  }
  if (json) printJson({ out: folder, results });
}
