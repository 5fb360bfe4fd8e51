import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { FULL, QUICK } from '../bench/effort.ts';
import { measure } from '../bench/measure.ts';
import type { Bench } from '../bench/result.ts';
import { performancePage } from '../bench/page.ts';
import { count, withModel } from '../flags.ts';
import { loadModel, ROOT, type ModelFlags } from '../model.ts';
import { InputError, printJson, progressLine, say } from '../output.ts';

const JSON_FILE = join(ROOT, 'docs/performance.json');
const PAGE_FILE = join(ROOT, 'docs/performance.md');

interface Flags extends ModelFlags {
  repeats?: number;
  seed: number;
  quick?: boolean;
  save?: boolean;
  report?: boolean;
  json?: boolean;
}

export function benchCommand(program: Command): void {
  withModel(
    program
      .command('bench')
      .description('our training step beside other libraries; decoding, judging, growth, weight, memory'),
  )
    .option('--repeats <n>', `timed runs of each (${FULL.repeats})`, count('repeats', 2, 1000))
    .option('--quick', 'tiny sizes, for a look whether everything runs')
    .option('--save', 'write docs/performance.json and docs/performance.md too')
    .option('--report', 'measure nothing: write docs/performance.md from docs/performance.json')
    .action(run);
}

async function run({ repeats, seed, quick, save, report, json, ...flags }: Flags): Promise<void> {
  if (quick && save) throw new InputError('--quick is for a look: its numbers are not to be saved');
  if (report) return writePage(JSON.parse(readFileSync(JSON_FILE, 'utf8')) as Bench);
  const model = await loadModel(flags);
  const effort = quick ? QUICK : FULL;
  const bar = progressLine('bench');
  const result = await measure(model, seed, { ...effort, repeats: repeats ?? effort.repeats }, (done, says) =>
    bar.update(done, `· ${says}`),
  ).finally(() => bar.stop());
  if (save) {
    writeFileSync(JSON_FILE, `${JSON.stringify(result, null, 1)}\n`);
    writePage(result);
  }
  if (json) printJson(result);
  else process.stdout.write(performancePage(result));
}

function writePage(result: Bench): void {
  writeFileSync(PAGE_FILE, performancePage(result));
  say(`wrote ${PAGE_FILE}`);
}
