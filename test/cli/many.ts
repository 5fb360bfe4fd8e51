/**
 * Runs the command line many times in one process, for cases that end before any work: starting Node and loading
 * the engine takes longer than each of them. Reads a JSON list of argument lists from stdin, writes how each ended.
 */
import { text } from 'node:stream/consumers';
import type { Ended } from './lab.ts';

for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0); // every run adds its own
const cases = JSON.parse(await text(process.stdin)) as string[][];
const ended: Ended[] = [];
const [out, err] = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

for (const [i, args] of cases.entries()) {
  const result: Ended = { code: 0, stdout: '', stderr: '' };
  process.stdout.write = (part) => Boolean((result.stdout += String(part)));
  process.stderr.write = (part) => Boolean((result.stderr += String(part)));
  process.exitCode = 0;
  process.argv.splice(2, Infinity, ...args);
  await import(`../../src/cli/lab.ts?run=${i}`); // the query makes it run anew
  result.code = Number(process.exitCode);
  ended.push(result);
}

process.exitCode = 0;
[process.stdout.write, process.stderr.write] = [out, err];
process.stdout.write(JSON.stringify(ended));
