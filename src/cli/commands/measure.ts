import type { Command } from 'commander';
import { EACH, measure } from '../../experiments/measure.ts';
import { count, withModel } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { printJson, progressLine } from '../output.ts';
import { constitutionOf } from '../text.ts';

interface Flags extends ModelFlags {
  constitution: string;
  n: number;
  seed: number;
}

export function measureCommand(program: Command): void {
  withModel(
    program.command('measure').description('what a constitution awakens, and how far it is a projection'),
  )
    .requiredOption('--constitution <text>', 'principles joined by "and" or commas')
    .option('--n <n>', `responses in all, at least ${EACH} a situation`, count('n', 4 * EACH, 100_000), 2000)
    .action(async ({ constitution: text, n, seed, ...flags }: Flags) => {
      const constitution = constitutionOf(text);
      const model = await loadModel(flags);
      const bar = progressLine('measuring');
      const { phrases, unknown, questions } = constitution;
      const result = await measure(model, constitution, { n, seed }, bar.update);
      bar.stop();
      printJson({ constitution: phrases.map((p) => p.text), unknown, questions, ...result });
    });
}
