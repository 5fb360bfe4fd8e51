import { Command, CommanderError } from 'commander';
import { dataCommand } from './commands/data.ts';
import { generateCommand } from './commands/generate.ts';
import { judgeCommand } from './commands/judge.ts';
import { logitsCommand } from './commands/logits.ts';
import { measureCommand } from './commands/measure.ts';
import { pretrainCommand } from './commands/pretrain.ts';
import { rlaifCommand } from './commands/rlaif.ts';
import { InputError } from './output.ts';

const program = new Command('lab')
  .description('Latent Values from the command line. Results go to stdout, progress and errors to stderr.')
  .exitOverride()
  .configureOutput({ outputError: () => {} }); // told once, below
const COMMANDS = [
  generateCommand,
  logitsCommand,
  judgeCommand,
  measureCommand,
  rlaifCommand,
  dataCommand,
  pretrainCommand,
];
for (const add of COMMANDS) add(program);
for (const command of program.commands) command.exitOverride().configureOutput({ outputError: () => {} });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what was wrong in one line; returns the exit code: 2 for bad input, 1 for a failure. */
function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help
  const bad = error instanceof InputError || error instanceof CommanderError;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`lab: ${message.replace(/^error: /, '').split('\n')[0]}\n`);
  if (!bad && process.env['LAB_TRACE']) console.error(error);
  return bad ? 2 : 1;
}
