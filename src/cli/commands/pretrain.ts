import type { Command } from 'commander';
import { chooseBackend } from '../../kernels/index.ts';
import { roundWeights } from '../../model/safetensors.ts';
import { configOf, MODEL_KNOBS } from '../../model/config.ts';
import { parameterCount } from '../../model/parameters.ts';
import type { PretrainConfig } from '../../train/pretrain.ts';
import { PRETRAINING, scaleSteps, totalSteps } from '../../train/schedule.ts';
import { RESPONSE_WEIGHT } from '../../world/batches.ts';
import { WORLD_KNOBS, worldWith, type WorldKnobs } from '../../world/knobs.ts';
import { VOCABULARY } from '../../world/tokenizer.ts';
import { count, number, seed } from '../flags.ts';
import { commitOf, makeFolder, saveModel } from '../model.ts';
import { measureMoments, momentSteps, saveMoment } from '../moments.ts';
import { InputError, printJson, progressLine, say } from '../output.ts';
import { pretrainIn } from '../pretraining.ts';

interface Flags extends Partial<WorldKnobs> {
  width: number;
  layers: number;
  seed: number;
  documents: number;
  steps?: number;
  out: string;
  moments?: boolean;
  json?: boolean;
}

export function pretrainCommand(program: Command): void {
  const command = program
    .command('pretrain')
    .description('train a model on the small internet; goes on where it was stopped')
    .option('--width <n>', MODEL_KNOBS.width.says, count('width', 8, 128), MODEL_KNOBS.width.default)
    .option(
      '--layers <n>',
      MODEL_KNOBS.layers.says,
      count('layers', 2, MODEL_KNOBS.layers.max), // every block after the first reads the gist
      MODEL_KNOBS.layers.default,
    )
    .option('--seed <n>', 'seed of the initial weights', seed(), 0)
    .option('--documents <n>', 'seed of the documents', seed(), 2)
    .option('--steps <n>', 'updates, if not the whole schedule', count('steps'))
    .requiredOption('--out <dir>', 'folder of the checkpoint')
    .option('--moments', 'keep ten moments of the run, with what the model knows of values at each')
    .option('--json', 'print one JSON object and nothing else');
  for (const [name, knob] of Object.entries(WORLD_KNOBS))
    command.option(
      `--${dashed(name)} <x>`,
      `world: ${knob.says} (${knob.default})`,
      number(dashed(name), knob),
    );
  command.action(run);
}

const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

async function run(flags: Flags): Promise<void> {
  const config = configFrom(flags);
  const shape = configOf(VOCABULARY.length, config.width, config.layers);
  makeFolder(flags.out);
  const { name: backend } = await chooseBackend('wasm');
  const bar = progressLine('pretraining');
  const { weights, losses, seconds } = await pretrainIn(flags.out, config, {
    moments: flags.moments ? momentSteps(totalSteps(config.schedule)) : [],
    moment: (step, weights) => saveMoment(flags.out, step, shape, weights),
    resumed: (step) => say(`going on from step ${step}`),
    progress: ({ step, steps, loss }) => bar.update(step / steps, `· loss ${loss.toFixed(3)}`),
  });
  bar.stop();
  const result = {
    command: commandOf(flags),
    ...config,
    parameters: parameterCount(shape),
    commit: commitOf(),
    backend,
    seconds: Math.round(seconds),
    losses,
    ...(flags.moments
      ? { moments: await measureMoments(flags.out, shape, totalSteps(config.schedule)) }
      : {}),
  };
  // float16 is the model: it is rounded once, here, and everything is measured on what was rounded.
  await saveModel(flags.out, shape, roundWeights(weights), result);
  if (flags.json) printJson({ out: flags.out, loss: losses.at(-1)?.[1], seconds: result.seconds });
  else say(`wrote ${flags.out}: loss ${losses.at(-1)?.[1]} after ${result.seconds} s`);
}

function configFrom(flags: Flags): PretrainConfig {
  const turned = Object.fromEntries(
    Object.keys(WORLD_KNOBS)
      .filter((name) => flags[name as keyof WorldKnobs] !== undefined)
      .map((name) => [name, flags[name as keyof WorldKnobs]]),
  );
  try {
    configOf(VOCABULARY.length, flags.width, flags.layers);
    const schedule = flags.steps ? scaleSteps(PRETRAINING, flags.steps) : PRETRAINING;
    const { width, layers, seed, documents } = flags;
    return {
      width,
      layers,
      seed,
      documents,
      schedule,
      world: worldWith(turned),
      responseWeight: RESPONSE_WEIGHT,
    };
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message);
    throw error;
  }
}

/** The command that makes this model again. */
function commandOf({ out: _out, json: _json, ...flags }: Flags): string {
  const words = Object.entries(flags).map(([name, value]) =>
    value === true ? `--${dashed(name)}` : `--${dashed(name)} ${value}`,
  );
  return ['npm run lab -- pretrain', ...words, '--out DIR'].join(' ');
}
