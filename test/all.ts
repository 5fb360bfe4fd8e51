/**
 * `npm test`: every check of the repository, each with its time. All stages run even when one fails. The
 * last line counts the tests of vitest, and each other stage as one.
 * `npm test -- lint unit` runs only the named stages.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingEngines } from './browser/find.mjs';

interface Stage {
  name: string;
  commands: string[];
  /** Run by vitest, so its tests are counted one by one. */
  counted?: boolean;
}

const STAGES: Stage[] = [
  { name: 'types', commands: ['tsc --noEmit', 'svelte-check --output human --fail-on-warnings'] },
  { name: 'format', commands: ['prettier --check --log-level warn .'] },
  { name: 'lint', commands: ['eslint --max-warnings 0'] },
  { name: 'unit', commands: ['vitest run --project unit'], counted: true },
  { name: 'browser', commands: ['vitest run --project browser'], counted: true },
];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

const folder = mkdtempSync(join(tmpdir(), 'latent-values-test-'));

function succeeds(command: string): boolean {
  const env = { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' };
  return spawnSync(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return undefined; // vitest stopped before it could write one
  }
}

function runCounted(name: string, command: string): Counts {
  const file = join(folder, `${name}.json`);
  const ok = succeeds(`${command} --reporter=default --reporter=json --outputFile.json="${file}"`);
  const report = readReport(file);
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  let failed = report?.numFailedTests ?? 0;
  // A file that does not load, an unhandled error or a failed set-up fails no single test.
  if (!ok && failed === 0) failed = 1;
  return { passed, failed, skipped };
}

function runStage({ name, commands, counted }: Stage): Counts {
  if (counted) return runCounted(name, commands[0]);
  const ok = commands.map(succeeds).every(Boolean); // the later ones say something too when the first fails
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(
    `No such stage: ${unknown.join(', ')}. There are ${STAGES.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const stage of STAGES) {
  if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
  const start = performance.now();
  const counts = runStage(stage);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${counts.failed ? '✗' : '✓'} ${stage.name} (${seconds} s)`);
}

rmSync(folder, { recursive: true });
// Where this is not somebody's own machine, their tests have failed above.
if (!process.env.CI && (wanted.length === 0 || wanted.includes('browser')))
  for (const [engine, why] of Object.entries(missingEngines()))
    console.log(`Skipped: ${engine}, since ${why}.`);
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(
  `${total.passed} passed, ${total.failed} failed` + (total.skipped ? `, ${total.skipped} skipped` : ''),
);
