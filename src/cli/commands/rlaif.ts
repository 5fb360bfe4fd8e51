import { Option, type Command } from 'commander';
import { trainRun } from '../../analysis/trainRun.ts';
import { readWeights, type Weights } from '../../model/parameters.ts';
import { JUDGES, type JudgeName } from '../../rlaif/judge.ts';
import { RLAIF } from '../../rlaif/loop.ts';
import { LOSSES, type LossName } from '../../rlaif/losses.ts';
import {
  count,
  number,
  withConstitution,
  withModel,
  withTrueWeights,
  type TrueWeightsFlag,
} from '../flags.ts';
import { commitOf, loadModel, makeFolder, saveModel, type ModelFlags } from '../model.ts';
import { printJson, progressLine, say } from '../output.ts';
import { askedBy, type AskedFlags } from '../text.ts';

interface Flags extends ModelFlags, AskedFlags, TrueWeightsFlag {
  steps: number;
  kl: number;
  rate?: number;
  loss: LossName;
  judge: JudgeName;
  seed: number;
  out?: string;
}

export function rlaifCommand(program: Command): void {
  const command = program.command('rlaif').description('train a model on its own judgement');
  withTrueWeights(withConstitution(withModel(command)))
    .option('--weights <list>', 'one weight a principle, separated by commas')
    .option('--steps <n>', 'updates at the most', count('steps', 1, 10_000), RLAIF.steps)
    .option(
      '--kl <nats>',
      'budget: the run stops when its KL reaches it',
      number('kl', { min: 0.001, max: 100 }),
      RLAIF.kl,
    )
    .option('--rate <x>', 'learning rate', number('rate', { min: 1e-7, max: 0.1 }))
    .addOption(
      new Option('--loss <name>', 'how verdicts become an update')
        .choices(Object.keys(LOSSES))
        .default('dpo'),
    )
    .addOption(new Option('--judge <name>', 'who compares').choices(JUDGES).default('prompted'))
    .option('--out <dir>', 'write the trained model as a checkpoint')
    .action(run);
}

async function run({
  constitution: text,
  none,
  weights,
  judge,
  loss,
  out,
  steps,
  kl,
  rate,
  seed,
  trueWeights,
  ...flags
}: Flags): Promise<void> {
  const constitution = askedBy({ constitution: text, none, weights });
  if (out !== undefined) makeFolder(out);
  const model = await loadModel(flags);
  const options = { ...RLAIF, steps, kl, loss, seed, trueWeights, ...(rate === undefined ? {} : { rate }) };
  const bar = progressLine('training');
  let trained: Weights | undefined;
  const { history, final, predicted, stopped } = await trainRun(model, constitution, judge, options, {
    progress: (stage, done) => bar.update(done, `· ${stage}`),
    async report({ row, policy }) {
      bar.update(row.step / steps, `· true value ${row.trueValue.value.toFixed(2)}, KL ${row.kl.toFixed(2)}`);
      if (out) trained = await readWeights(policy);
    },
  });
  bar.stop();
  const flat = history.map(({ trueValue, ...row }) => ({
    ...row,
    trueValue: trueValue.value,
    low: trueValue.low,
    high: trueValue.high,
  }));
  const result = { history: flat, final: flat.at(-1), predicted, stopped };
  if (out && trained) {
    const settings = { constitution: text ?? null, weights: constitution.weights, judge, ...options };
    await saveModel(out, model.config, trained, {
      command: 'npm run lab -- rlaif',
      ...settings,
      base: flags.model,
      commit: commitOf(),
      ...result,
    });
    say(`wrote ${out}`);
  }
  if (final.wellFormed < 0.95)
    say(`note: only ${(100 * final.wellFormed).toFixed(1)}% of its responses are well-formed`);
  printJson(result);
}
