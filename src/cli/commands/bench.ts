import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { FULL, QUICK } from '../bench/effort.ts';
import { measure } from '../bench/measure.ts';
import type { Bench } from '../bench/result.ts';
import { performancePage } from '../bench/page.ts';
import { count, withModel } from '../flags.ts';
import { loadModel, ROOT, type ModelFlags } from '../model.ts';
import { InputError, printJson, progressLine, say } from '../output.ts';

const FOLDER = join(ROOT, 'docs/performance');
const PAGE_FILE = `${FOLDER}.md`;

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
    .option('--save', 'write docs/performance.md too, and the file of this processor in docs/performance')
    .option('--report', 'measure nothing: write docs/performance.md from the files in docs/performance')
    .action(run);
}

async function run({ repeats, seed, quick, save, report, json, ...flags }: Flags): Promise<void> {
  if (quick && save) throw new InputError('--quick is for a look: its numbers are not to be saved');
  if (report) {
    writePage();
    if (json) printJson(savedBenches());
    return;
  }
  const model = await loadModel(flags);
  const effort = quick ? QUICK : FULL;
  const bar = progressLine('bench');
  const result = await measure(model, seed, { ...effort, repeats: repeats ?? effort.repeats }, (done, says) =>
    bar.update(done, `· ${says}`),
  ).finally(() => bar.stop());
  if (save) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, fileOf(result)), `${JSON.stringify(result, null, 1)}\n`);
    writePage();
  }
  if (json) printJson(result);
  else process.stdout.write(performancePage([result]));
}

/** "Intel(R) Xeon(R) Processor" → "intel-xeon-processor.json" */
const fileOf = ({ machine }: Bench): string => {
  const words = machine.cpu.toLowerCase().replaceAll(/\((r|tm)\)/g, '');
  return `${words.match(/[a-z0-9]+/g)?.join('-') ?? 'unknown'}.json`;
};

/** The last run of every processor that was measured, by the names of their files. */
export const savedBenches = (): Bench[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Bench);

function writePage(): void {
  writeFileSync(PAGE_FILE, performancePage(savedBenches()));
  say(`wrote ${PAGE_FILE}`);
}
