/** Flags: whatever stands on the command line, a command is run with settings that hold, or it is bad input. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, type Option } from 'commander';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/cli/output.ts';
import { fuzz } from './fuzz.ts';

const FOLDER = join(import.meta.dirname, '../../src/cli/commands');
const COMMANDS = new Map<string, (program: Command) => void>();
for (const file of readdirSync(FOLDER)) {
  const name = file.replace('.ts', '');
  const module = (await import(join(FOLDER, file))) as Record<string, (program: Command) => void>;
  COMMANDS.set(name, module[`${name}Command`]);
}

interface Run {
  command: string;
  settings: Record<string, unknown>;
}

/**
 * The command line, except that a command only says with which settings it would run. Of all commands, or of `only`
 * one, which is sooner made.
 */
function programOf(runs: Run[], printed: string[], only?: (program: Command) => void): Command {
  const quiet = {
    outputError: () => {},
    writeErr: () => {},
    writeOut: (text: string) => void printed.push(text),
  };
  const program = new Command('lab').exitOverride().configureOutput(quiet);
  for (const add of only ? [only] : COMMANDS.values()) add(program);
  for (const command of program.commands) {
    command.exitOverride().configureOutput(quiet);
    command.action(() => void runs.push({ command: command.name(), settings: command.opts() }));
  }
  return program;
}

const everyCommand = programOf([], []).commands;

const word = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '1',
    '-1',
    '2.5',
    '63',
    '64',
    '1e9',
    'NaN',
    'Infinity',
    '0x10',
    '--',
    '-',
    '--json',
  ),
  fc.constantFrom(
    'honesty',
    'dpo',
    'prompted',
    'wasm',
    'cpu',
    'truth',
    '__proto__',
    'constructor',
    'help',
    '-h',
  ),
  fc.double().map(String),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

/** A command with some of its own flags, values that may fit, and other words between them. */
const linesOf = (command: Command): fc.Arbitrary<string[]> => {
  const fitting = (option: Option) =>
    option.required || option.optional
      ? fc
          .oneof(word, option.argChoices ? fc.constantFrom(...option.argChoices) : fc.nat(100).map(String))
          .map((value) => [option.long!, value])
      : fc.constant([option.long!]);
  const own = command.options.map(fitting);
  const mandatory = command.options.filter((option) => option.mandatory).map(fitting);
  const parts = fc.array(
    fc.oneof({ arbitrary: fc.oneof(...own), weight: 8 }, { arbitrary: word.map((w) => [w]), weight: 1 }),
    { maxLength: 5 },
  );
  return fc
    .tuple(fc.tuple(...mandatory), parts)
    .map(([needed, some]) => [command.name(), ...needed.flat(), ...some.flat()]);
};
const anyLine = fc.oneof(...everyCommand.map(linesOf));

test('any line of flags', () => {
  const [runs, printed]: [Run[], string[]] = [[], []];
  let refused = 0;
  fuzz(
    fc.oneof({ arbitrary: anyLine, weight: 9 }, { arbitrary: fc.array(word, { maxLength: 4 }), weight: 1 }),
    (line) => {
      const before = runs.length;
      try {
        programOf(runs, printed, COMMANDS.get(line[0])).parse(line, { from: 'user' });
        expect(runs.length).toBe(before + 1);
      } catch (error) {
        if (!(error instanceof InputError || error instanceof CommanderError)) throw error;
        expect(runs.length).toBe(before);
        expect(error.message).not.toBe('');
        refused += 1;
      }
    },
  );
  for (const { command, settings } of runs) {
    const options = everyCommand.find((one) => one.name() === command)!.options;
    for (const [name, value] of Object.entries(settings)) {
      const option = options.find((one) => one.attributeName() === name)!;
      if (typeof value === 'number') expect(value, `${command} ${name}`).toSatisfy(Number.isFinite);
      if (option.argChoices) expect(option.argChoices).toContain(value);
      if (typeof option.defaultValue === 'number') expect(typeof value, `${command} ${name}`).toBe('number');
    }
  }
  expect(Math.min(runs.length, refused)).toBeGreaterThan(500);
  for (const text of printed) expect(text).toMatch(/^Usage: lab/); // nothing but the help that was asked for
});
