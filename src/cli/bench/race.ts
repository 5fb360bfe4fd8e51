import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../../math/progress.ts';
import type { Start, StepTask, Steps } from './contenders/contender.ts';
import { Contender, type Command } from './process.ts';
import { timingOf, type Timing } from './timing.ts';

const FOLDER = join(import.meta.dirname, 'contenders');
const node = (file: string, args: string[] = [], flags: string[] = []): Command => ({
  command: process.execPath,
  args: [...flags, '--import', 'tsx', join(FOLDER, file), ...args],
});
/** A flag for what Node 22 and later do without it. */
const before22 = (flag: string): string[] => (Number.parseInt(process.versions.node) < 22 ? [flag] : []);

/**
 * OpenBLAS is preloaded where it is installed, since Debian's default BLAS is ten times slower; where it is not, the
 * linker says so on stderr and goes on. A release older than the processor does not know it and takes kernels of twenty
 * years ago, four times slower: it is told which to take. Another python3 than the first may be the one that has torch.
 */
const torch = (python: string): Command => ({
  command: python,
  args: [join(FOLDER, 'pytorch.py')],
  env: { LD_PRELOAD: 'libopenblas.so.0', OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', ...blasCore() },
});

/** The best of OpenBLAS's kernels that this processor has the instructions for, where Linux tells. */
function blasCore(): Record<string, string> {
  const info = '/proc/cpuinfo';
  const flags = existsSync(info) ? readFileSync(info, 'utf8') : '';
  if (/\bavx512vl\b/.test(flags)) return { OPENBLAS_CORETYPE: 'SkylakeX' };
  return /\bavx2\b/.test(flags) ? { OPENBLAS_CORETYPE: 'Haswell' } : {};
}

/** Who does the training step: ways to start each, of which the first that works is taken. */
const COMMANDS = {
  ours: [node('ours.ts')],
  relaxed: [node('ours.ts', ['--relaxed'], before22('--experimental-wasm-relaxed-simd'))],
  torch: [torch('python3'), torch('/usr/bin/python3')],
  jax: [node('jax.ts', [], before22('--harmony-iterator-helpers'))],
  transposed: [node('plain.ts', ['--transposes'])],
  plain: [node('plain.ts')],
} satisfies Record<string, Command[]>;
export type ContenderName = keyof typeof COMMANDS;
export const CONTENDERS = Object.keys(COMMANDS) as ['ours', ...ContenderName[]];

/** Those who run, by name; they begin with their first race and stay until they are dismissed. */
export type Field = Record<ContenderName, Contender>;
export const assemble = (): Field =>
  Object.fromEntries(CONTENDERS.map((name) => [name, new Contender(COMMANDS[name])])) as Field;
export const dismiss = (field: Field): void => Object.values(field).forEach((contender) => contender.end());

/** How one contender did. */
export interface Ran extends Start, Timing {
  /** Tensors that the timed steps left behind, where the library counts them. */
  tensorsLeaked: number | null;
  /** The most memory that its process held, bytes. */
  peakBytes: number;
  /** Milliseconds of every step, turn by turn. */
  ms: number[];
  /** What its matrix product reached right after each, GFLOP/s; empty where it does not tell. */
  productGflops: number[];
}
/** Why there is no number. */
export interface Missing {
  missing: string;
}
export type Outcome = Ran | Missing;
export const hasRun = (outcome: Outcome | undefined): outcome is Ran => !!outcome && !('missing' in outcome);

/** How far losses and norms may be from ours, as a share of ours: else not the same step is timed. */
export const AGREEMENT = 1e-3;
/** Steps before the first turn, for compilers and caches. */
const WARM = 3;
/** Steps of a turn, of which the last is counted: it does not pay for what the others left in the caches. */
const TURN = 2;

/** What was heard of a contender in a race. */
interface Heard {
  start: Start;
  warm: Steps;
  turns: Steps[];
}

/**
 * Times a training step of some contenders, ours first, in turns: what else the machine does meets all of them alike. One
 * that computes another loss or gradient than we do is not timed.
 */
export async function race<Name extends ContenderName>(
  field: Field,
  names: readonly ['ours', ...Name[]],
  task: StepTask,
  repeats: number,
  progress: Progress,
): Promise<Record<Name, Outcome> & { ours: Ran }> {
  const outcomes: Partial<Record<ContenderName, Outcome>> = {};
  const running = new Map<ContenderName, Heard>();
  for (const name of names) {
    try {
      const start = await field[name].prepare(task);
      if (name !== 'ours') expectAgreement(start, running.get('ours')!.start);
      running.set(name, { start, warm: await field[name].steps(WARM), turns: [] });
    } catch (error) {
      if (name === 'ours') throw error;
      outcomes[name] = { missing: (error as Error).message };
    }
  }
  for (let done = 0; done < repeats; done++) {
    for (const [name, { turns }] of running) turns.push(await field[name].steps(TURN));
    await progress((done + 1) / repeats);
  }
  for (const [name, heard] of running) outcomes[name] = outcomeOf(heard);
  return outcomes as Record<Name, Outcome> & { ours: Ran };
}

/** How many times as long one takes as another: the median over turns, so that both meet the same moments. */
export function ratioOf(one: Ran, other: Ran): number {
  return timingOf(one.ms.map((ms, turn) => ms / other.ms[turn])).median;
}

/** Throws unless loss and gradient are those of our step. */
export function expectAgreement(theirs: Computed, ours: Computed): void {
  const off = Math.max(Math.abs(theirs.loss / ours.loss - 1), Math.abs(theirs.norm / ours.norm - 1));
  if (!(off <= AGREEMENT))
    throw new Error(
      `it computes another step: loss ${theirs.loss}, gradient ${theirs.norm}; ours ${ours.loss}, ${ours.norm}`,
    );
}
type Computed = Pick<Start, 'loss' | 'norm'>;

function outcomeOf({ start, warm, turns }: Heard): Ran {
  const last = turns[turns.length - 1];
  const counted = last.tensors !== undefined && warm.tensors !== undefined;
  const ms = turns.map((turn) => turn.ms[TURN - 1]);
  return {
    ...start,
    ...timingOf(ms),
    ms,
    tensorsLeaked: counted ? last.tensors! - warm.tensors! : null,
    peakBytes: last.peakBytes,
    productGflops: turns.flatMap(({ productGflops }) => productGflops ?? []),
  };
}
