/** The real command line, as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { configOf } from '../../src/model/config.ts';
import type { Weights } from '../../src/model/parameters.ts';
import { encode, VOCABULARY } from '../../src/world/tokenizer.ts';
import { smallWeights } from '../values/small.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Ended {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `lab` with arguments. `started` is given the process, to look at or to end it. */
export function lab(args: readonly string[], started?: (child: ChildProcess) => void): Promise<Ended> {
  return ending(['src/cli/lab.ts', ...args], started);
}

/** How each of many runs of `lab` ends, in one process. */
export async function labMany(runs: readonly (readonly string[])[]): Promise<Ended[]> {
  const { code, stdout, stderr } = await ending(['test/cli/many.ts'], (child) => {
    child.stdin?.end(JSON.stringify(runs));
  });
  if (code !== 0) throw new Error(`the runs ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Ended[];
}

function ending(args: readonly string[], started?: (child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT });
  started?.(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs `lab` and reads the one JSON object that it must have printed. */
export async function labJson(
  args: readonly string[],
): Promise<{ json: Record<string, unknown>; stderr: string }> {
  const { code, stdout, stderr } = await lab(args);
  if (code !== 0) throw new Error(`lab ${args.join(' ')} ended with ${code}: ${stderr}`);
  if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`not one line with one object: ${stdout.slice(0, 200)}`);
  return { json: JSON.parse(stdout) as Record<string, unknown>, stderr };
}

/** The smallest shape there is. */
export const TINY = configOf(VOCABULARY.length, 8, 3);

/** Weights of a model that soon says ".", so that many short responses take little time. */
export function terseWeights(seed = 1): Weights {
  const weights = smallWeights(seed, 3, TINY);
  const D = TINY.width;
  const wte = weights['transformer.wte.weight'].slice();
  const bias = weights['transformer.ln_f.bias'].slice();
  const stop = encode('.')[0];
  for (let j = 0; j < D; j++) {
    wte[stop * D + j] = j === 0 ? 1 : 0;
    if (j === 0) bias[j] = 6;
  }
  return { ...weights, 'transformer.wte.weight': wte, 'transformer.ln_f.bias': bias };
}
