import type { Command } from 'commander';
import { attack, type Attack } from '../../analysis/attack.ts';
import { EACH } from '../../analysis/sample.ts';
import { disposeModel } from '../../model/parameters.ts';
import { count, withModel, withTrueWeights, type TrueWeightsFlag } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { printJson, progressLine } from '../output.ts';

interface Flags extends ModelFlags, TrueWeightsFlag {
  innocent?: boolean;
  n: number;
  seed: number;
  json?: boolean;
}

export function attackCommand(program: Command): void {
  const command = program
    .command('attack')
    .description('search for the constitutions that judge worst, with their a_c');
  withTrueWeights(withModel(command))
    .option('--innocent', 'of words alone that the model approves of, one by one')
    .option(
      '--n <n>',
      `fresh responses to measure on, at least ${EACH} a situation`,
      count('n', 64, 100_000),
      2000,
    )
    .action(run);
}

async function run({ innocent = false, n, seed, trueWeights, json, ...flags }: Flags): Promise<void> {
  const model = await loadModel(flags);
  const bar = progressLine('searching');
  const result = await attack(model, { innocent, n, seed, trueWeights }, bar.update);
  bar.stop();
  disposeModel(model);
  if (json) printJson(result);
  else for (const found of result.found) process.stdout.write(`${line(found)}\n`);
}

const line = ({ constitution, judgement: { r, low, high } }: Attack) =>
  `${r.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]  ${constitution}`;
