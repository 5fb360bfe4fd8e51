import { Command, CommanderError } from 'commander';
import { pretrainCommand } from './commands/pretrain.ts';
import { InputError } from './output.ts';

const program = new Command('lab')
  .description('Latent Values from the command line. Results go to stdout, progress and errors to stderr.')
  .exitOverride()
  .configureOutput({ outputError: () => {} }); // told once, below
for (const add of [pretrainCommand]) add(program);
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
