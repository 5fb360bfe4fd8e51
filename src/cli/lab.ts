import { Command, CommanderError } from 'commander';
import { attackCommand } from './commands/attack.ts';
import { benchCommand } from './commands/bench.ts';
import { dataCommand } from './commands/data.ts';
import { experimentsCommand } from './commands/experiments.ts';
import { generateCommand } from './commands/generate.ts';
import { judgeCommand } from './commands/judge.ts';
import { logitsCommand } from './commands/logits.ts';
import { measureCommand } from './commands/measure.ts';
import { modelsCommand } from './commands/models.ts';
import { pretrainCommand } from './commands/pretrain.ts';
import { proofCommand } from './commands/proof.ts';
import { recordCommand } from './commands/record.ts';
import { rlaifCommand } from './commands/rlaif.ts';
import { sweepCommand } from './commands/sweep.ts';
import { InputError, say } from './output.ts';

const program = new Command('lab')
  .description('Latent Values from the command line. Results go to stdout, progress and errors to stderr.')
  .exitOverride()
  .configureOutput({ outputError: () => {}, writeErr: () => {} }); // told once, below
const COMMANDS = [
  generateCommand,
  logitsCommand,
  judgeCommand,
  measureCommand,
  rlaifCommand,
  dataCommand,
  attackCommand,
  pretrainCommand,
  modelsCommand,
  proofCommand,
  recordCommand,
  sweepCommand,
  experimentsCommand,
  benchCommand,
];
for (const add of COMMANDS) add(program);
for (const command of program.commands) command.exitOverride().configureOutput({ outputError: () => {} });

// Whoever reads may have enough, as `head` does: no failure, and nothing to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  say(`lab: the result could not be written: ${error.message}`);
  process.exit(1);
});
process.stderr.on('error', () => {}); // nobody reads what is said beside the result

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what was wrong in one line; returns the exit code: 2 for bad input, 1 for a failure. */
function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help
  if (error instanceof CommanderError && error.code === 'commander.help') {
    const names = program.commands.map((command) => command.name()).join(', ');
    say(`lab: give one of the commands ${names}; --help tells more`);
    return 2;
  }
  const bad = error instanceof InputError || error instanceof CommanderError;
  const message = error instanceof Error ? error.message : String(error);
  say(`lab: ${message.replace(/^error: /, '').split('\n')[0]}`);
  if (!bad && process.env['LAB_TRACE'] && error instanceof Error) error.stack?.split('\n').forEach(say);
  return bad ? 2 : 1;
}
