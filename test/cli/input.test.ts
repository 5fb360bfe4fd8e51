/** Bad input: exit code 2, one clear line on stderr, nothing on stdout. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadModel } from '../../src/cli/model.ts';
import { InputError } from '../../src/cli/output.ts';
import { chooseBackend } from '../../src/kernels/index.ts';
import { DAMAGES, damagedCopy, temporaryFolder, writeFolder } from '../worker/folder.ts';
import { lab, labMany, terseWeights, TINY, type Ended } from './lab.ts';

vi.setConfig({ testTimeout: 240_000 }); // processes, on a machine that may be busy with others

const folder = temporaryFolder();
const good = writeFolder(join(folder.path, 'terse'), TINY, terseWeights());
afterAll(folder.remove);

const MODEL = ['--model', good];
const CONSTITUTION = ['--constitution', 'honesty'];
const file = join(good, 'config.json');
const wallets = (n: number) => new Array<string>(n).fill('wallet').join(' ');

/** Arguments, and what the line must say. */
const CASES: [args: string[], says: RegExp][] = [
  [[], /^lab: give one of the commands generate, logits, .*pretrain/],
  [['destroy'], /unknown command 'destroy'/],
  [['generate', '--colour', 'red'], /unknown option '--colour'/],
  [['generate', 'extra'], /too many arguments/],
  [['generate', '--n'], /'--n <n>' argument missing/],
  [['generate', '--n', '0'], /--n should be a whole number from 1 to 100000, not "0"/],
  [['generate', '--n', '2.5'], /--n should be a whole number/],
  [['generate', '--n', 'many'], /--n .*"many"/],
  [['generate', '--seed', '-1'], /--seed should be/],
  [['generate', '--backend', 'abacus'], /'abacus' is invalid/],
  [['generate', '--prompt', ' '], /--prompt is empty/],
  [['generate', '--prompt', 'omar zorblax the quux'], /--prompt: not in the vocabulary: zorblax, quux$/],
  [['generate', '--prompt', 'omar <gist>'], /--prompt .*<gist>/],
  [['generate', '--prompt', wallets(37)], /--prompt has 37 tokens; 36 fit/],
  [['logits'], /'--text <text>' not specified/],
  [['logits', '--text', 'omar zorblax'], /--text: not in the vocabulary: zorblax$/],
  [['logits', ...MODEL, '--text', wallets(64)], /--text has 65 tokens; the model reads 64/],
  [['judge', '--text', 'omar .'], /--constitution TEXT, or --none/],
  [['judge', '--none', ...CONSTITUTION, '--text', 'omar .'], /--none.*cannot be used with.*--constitution/],
  [['judge', '--constitution', '', '--text', 'omar .'], /constitution names no principle: it is empty/],
  [['judge', '--constitution', 'zorblax, quux', '--text', 'omar .'], /names no principle: .*zorblax, quux/],
  [
    ['judge', '--constitution', 'brutal honesty', '--text', 'omar .'],
    /names no principle: it is not clear what "brutal honesty" asks for; did you mean "/,
  ],
  [['judge', '--constitution', '🙂', '--text', 'omar .'], /names no principle: "🙂" asks for nothing$/],
  [['judge', '--constitution', 'zor\u001b[31mblax', '--text', 'omar .'], /names no principle: /],
  [['generate', '--prompt', 'omar \u001b[31mzorblax\u0007'], /vocabulary: \\u\{1b\}\[31mzorblax\\u\{7\}$/],
  [['\u001b]0;owned\u0007'], /unknown command '\\u\{1b\}\]0;owned\\u\{7\}'/],
  [['generate', '--n', '\u202e1\u009b2J'], /--n .*"\\u\{202e\}1\\u\{9b\}2J"/],
  [['judge', '--constitution', wallets(30), '--text', 'omar .'], /principle "wallet .* is too long/],
  [['judge', ...CONSTITUTION, '--weights', '1,2', '--text', 'omar .'], /2 weights for 1 principle/],
  [['judge', ...CONSTITUTION, '--weights', 'x', '--text', 'omar .'], /weight is not a finite number/],
  [['judge', ...MODEL, ...CONSTITUTION, '--text', 'omar .', wallets(60)], /--text has 61 tokens/],
  [['measure'], /--constitution TEXT, or --none/],
  [['rlaif', '--none', '--weights', '1'], /--none.*cannot be used with.*--weights/],
  [['measure', ...CONSTITUTION, '--n', '63'], /--n should be .* from 64/],
  [
    ['rlaif', ...CONSTITUTION, '--judge', 'jury'],
    /'jury' is invalid.*prompted, projected, linear, likelihood, truth/,
  ],
  [['rlaif', ...CONSTITUTION, '--loss', 'mse'], /'mse' is invalid.*dpo, grpo, bon/],
  [['attack', '--n', '63'], /--n should be .* from 64/],
  [
    ['attack', '--true-weights', '1,1,1'],
    /--true-weights should be six numbers .* for honesty, care, .*"1,1,1"/,
  ],
  [['measure', ...CONSTITUTION, '--true-weights', '0,0,0,0,0,0'], /--true-weights .* not all 0/],
  [['rlaif', ...CONSTITUTION, '--true-weights', '1,1,1,1,1,x'], /--true-weights should be six numbers/],
  [['data', ...CONSTITUTION, '--out', 'x.npz', '--true-weights', '1,1,1,1,,1e9'], /--true-weights .* to 100/],
  [['rlaif', ...CONSTITUTION, '--kl', '0'], /--kl should be/],
  [['rlaif', ...CONSTITUTION, '--out', file], /cannot write to the folder/],
  [['data', ...CONSTITUTION, '--out', 'rows.csv'], /\.npz or \.jsonl/],
  [['pretrain'], /'--out <dir>' not specified/],
  [['pretrain', '--out', file], /cannot write to the folder/],
  [['pretrain', '--out', folder.path, '--width', '12'], /width must be 8 to 128 in steps of 8, not 12/],
  [['pretrain', '--out', folder.path, '--label-noise', '2'], /--label-noise should be a number from 0 to/],
  [
    ['generate', '--model', join(folder.path, 'nowhere')],
    /cannot read the model in .*nowhere: its file config.json is missing/,
  ],
];

/** What is wrong with how bad input ended; nothing when all is as it should be. */
function wrong(args: readonly string[], says: RegExp, { code, stdout, stderr }: Ended): string[] {
  const lines = stderr.split('\n');
  const found = [
    code !== 2 && `exit code ${code}, ${stderr}`,
    stdout !== '' && `printed ${stdout.slice(0, 80)}`,
    (lines.length !== 2 || lines[1] !== '' || !lines[0].startsWith('lab: ')) && `not one line: ${stderr}`,
    !says.test(lines[0]) && `said ${lines[0]}`,
  ];
  return found.filter((x) => x !== false).map((x) => `lab ${args.join(' ').slice(0, 90)}: ${x}`);
}

test('of every kind ends with 2 and one line that says what was wrong', async () => {
  const ended = await labMany(CASES.map(([args]) => args));
  expect(CASES.flatMap(([args, says], i) => wrong(args, says, ended[i]))).toEqual([]);
});

test('ends so in a process of its own, too', async () => {
  const some = CASES.filter(([args]) =>
    ['destroy', 'zorblax, quux', 'omar zorblax the quux', join(folder.path, 'nowhere')].some((x) =>
      args.includes(x),
    ),
  );
  expect(some).toHaveLength(4);
  const ended = await Promise.all(some.map(([args]) => lab(args)));
  expect(some.flatMap(([args, says], i) => wrong(args, says, ended[i]))).toEqual([]);
});

describe('a model folder', () => {
  beforeAll(async () => {
    await chooseBackend('wasm');
  });

  test('that is damaged in any way is bad input, with the reason', async () => {
    for (const [what, name, change] of DAMAGES) {
      const path = damagedCopy(good, join(folder.path, what.replaceAll(' ', '-')), name, change);
      const error = await loadModel({ model: path, backend: 'wasm' }).then(
        () => expect.fail(`${what} should not load`),
        (e: unknown) => e,
      );
      expect(error, what).toBeInstanceOf(InputError);
      expect((error as Error).message, what).toMatch(/^cannot read the model in .+: .+/);
      expect((error as Error).message, what).not.toContain('\n');
    }
  });
});

test('help is no error: exit code 0, on stdout', async () => {
  const [all, one] = await Promise.all([lab(['--help']), lab(['rlaif', '--help'])]);
  for (const { code, stdout, stderr } of [all, one])
    expect([code, stderr, stdout.slice(0, 10)]).toEqual([0, '', 'Usage: lab']);
  for (const name of ['generate', 'logits', 'judge', 'measure', 'rlaif', 'data', 'pretrain'])
    expect(all.stdout).toContain(`  ${name} `);
  expect(one.stdout).toContain('--constitution <text>');
});

test('a reader that has enough ends it quietly', async () => {
  // `head` reads a line and leaves: what is written after that fails.
  const { code, stderr } = await lab(['generate', ...MODEL, '--n', '4000'], ({ stdout }) => {
    stdout?.once('data', () => stdout.destroy());
  });
  expect([code, stderr]).toEqual([0, '']);
});
