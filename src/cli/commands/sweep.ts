import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { SWEEP, type SweepModel } from '../../experiments/sweep.ts';
import { chooseBackend } from '../../kernels/index.ts';
import { configOf } from '../../model/config.ts';
import { parameterCount } from '../../model/parameters.ts';
import { scaleSteps, totalSteps } from '../../train/schedule.ts';
import { VOCABULARY } from '../../world/tokenizer.ts';
import { count, shard, type Shard } from '../flags.ts';
import { InputError, printJson, progressLine, say } from '../output.ts';
import { addressOf, complete, isDone, trainSweepModel, type SweepFolders } from '../sweep.ts';

interface Flags extends SweepFolders {
  only?: string[];
  shard?: Shard;
  steps?: number;
  list?: boolean;
  json?: boolean;
}

const ROOT = resolve(import.meta.dirname, '../../..');

export function sweepCommand(program: Command): void {
  program
    .command('sweep')
    .description('train the models that the experiments need; goes on where it was stopped')
    .option('--only <name...>', 'these models alone')
    .option('--shard <i/n>', 'every n-th model from the i-th on, 1 to n: one machine of n', shard)
    .option('--steps <n>', 'updates a model, if not the whole schedule', count('steps'))
    .option('--out <dir>', 'folder of the models', join(ROOT, 'public/models/sweep'))
    .option('--work <dir>', 'folder to work in, one folder a run', join(ROOT, 'runs/sweep'))
    .option('--list', 'only tell which models there are, and which are done')
    .option('--json', 'print one JSON object and nothing else')
    .action(run);
}

async function run({ only, shard: part, steps, list, json, ...folders }: Flags): Promise<void> {
  const chosen = choose(only, part).map((model) => (steps ? shortened(model, steps) : model));
  const rows = () => chosen.map((model) => rowOf(model, folders));
  if (!list) await train(chosen, folders);
  if (json) printJson({ models: rows() });
  else if (list) for (const row of rows()) process.stdout.write(`${Object.values(row).join('\t')}\n`);
}

async function train(chosen: readonly SweepModel[], folders: SweepFolders): Promise<void> {
  for (const model of chosen) if (isDone(model, folders)) complete(model, folders);
  const waiting = chosen.filter((model) => !isDone(model, folders));
  let left = waiting.reduce((sum, model) => sum + workOf(model), 0);
  await chooseBackend('wasm');
  const bar = progressLine('sweep');
  let before = 0;
  for (const [i, model] of waiting.entries()) {
    const own = workOf(model);
    let resumedAt = 0;
    await trainSweepModel(model, folders, {
      resumed: (step) => (resumedAt = step),
      progress: ({ step, steps, loss }) => {
        // What an earlier sweep did of this model took none of this one's time.
        const skipped = (own * resumedAt) / steps;
        const done = (before + (own * step) / steps - skipped) / (left - skipped);
        bar.update(done, `· ${model.name} (${i + 1} of ${waiting.length}), loss ${loss.toFixed(3)}`);
      },
    });
    const skipped = (own * resumedAt) / totalSteps(model.config.schedule);
    before += own - skipped;
    left -= skipped;
    say(`wrote ${join(folders.out, model.name)}`);
  }
  bar.stop();
}

/** What a model costs beside others: its steps times its parameters, with a floor that every step has. */
function workOf({ config }: SweepModel): number {
  const parameters = parameterCount(configOf(VOCABULARY.length, config.width, config.layers));
  return totalSteps(config.schedule) * (parameters + 25_000);
}

const shortened = (model: SweepModel, steps: number): SweepModel => ({
  ...model,
  config: { ...model.config, schedule: scaleSteps(model.config.schedule, steps) },
});

function choose(only: readonly string[] | undefined, part: Shard | undefined): SweepModel[] {
  const unknown = only?.find((name) => !SWEEP.some((model) => model.name === name));
  if (unknown !== undefined) throw new InputError(`the sweep has no model "${unknown}"; --list tells them`);
  return SWEEP.filter(({ name }) => !only || only.includes(name)).filter(
    (_, i) => !part || i % part.of === part.index - 1,
  );
}

function rowOf(model: SweepModel, folders: SweepFolders) {
  const { name, world, width, seed, config } = model;
  const steps = totalSteps(config.schedule);
  const state = isDone(model, folders) ? 'done' : 'waiting';
  return { name, world, width, seed, steps, address: addressOf(config), state };
}
