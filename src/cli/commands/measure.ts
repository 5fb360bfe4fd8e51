import type { Command } from 'commander';
import { measure } from '../../analysis/measure.ts';
import { EACH } from '../../analysis/sample.ts';
import { count, withConstitution, withModel, withTrueWeights, type TrueWeightsFlag } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { printJson, progressLine } from '../output.ts';
import { askedBy, type AskedFlags } from '../text.ts';

interface Flags extends ModelFlags, AskedFlags, TrueWeightsFlag {
  n: number;
  seed: number;
}

export function measureCommand(program: Command): void {
  const command = program
    .command('measure')
    .description('what a constitution awakens, and how far it is a projection');
  withTrueWeights(withConstitution(withModel(command)))
    .option('--n <n>', `responses in all, at least ${EACH} a situation`, count('n', 4 * EACH, 100_000), 2000)
    .action(async ({ constitution: text, none, n, seed, trueWeights, ...flags }: Flags) => {
      const constitution = askedBy({ constitution: text, none });
      const model = await loadModel(flags);
      const bar = progressLine('measuring');
      const { phrases, unknown, questions } = constitution;
      const result = await measure(model, constitution, { n, seed, trueWeights }, bar.update);
      bar.stop();
      printJson({ constitution: phrases.map((p) => p.text), unknown, questions, ...result });
    });
}
