/** Parts of an experiment on several processes of this machine. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { groupOf, partName, type Part } from '../../experiments/framework/parts.ts';
import {
  allParts,
  firstParts,
  inProcess,
  PartComputer,
  type Executor,
} from '../../experiments/framework/run.ts';
import { ROOT } from '../model.ts';
import type { Study } from './study.ts';

/** What a worker is told: compute the part of this name. */
interface Order {
  compute: string;
}
/** What it answers. */
type Answer = { done: string } | { failed: string };

/**
 * Computes parts in `count` processes of the command line, each started with `args`. A worker is given the next part when
 * it is done with one, of the same group as long as there is one, since that shares samples and models. Rows are the same
 * as of one process: each follows from itself alone. Throws Error when a worker fails.
 */
export const inWorkers = ({ cache }: Study, count: number, args: readonly string[]): Executor =>
  async function* (parts) {
    const queue: Part[] = [];
    for (const part of parts) {
      if (await cache.has(part)) yield part;
      else queue.push(part);
    }
    if (queue.length === 0) return;
    const workers = Array.from({ length: Math.min(count, queue.length) }, () => new Worker(args));
    try {
      const busy = new Map<Worker, Promise<{ worker: Worker; part: Part }>>();
      const give = (worker: Worker) => {
        const part = nextFor(worker.group, queue, [...busy.keys()].map(({ group }) => group)); // prettier-ignore
        if (!part) return;
        queue.splice(queue.indexOf(part), 1);
        busy.set(
          worker,
          worker.compute(part).then(() => ({ worker, part })),
        );
      };
      workers.forEach(give);
      while (busy.size > 0) {
        const { worker, part } = await Promise.race(busy.values());
        busy.delete(worker);
        yield part;
        give(worker);
      }
    } finally {
      for (const worker of workers) worker.stop();
    }
  };

/** The next part of a worker's own group; else of the one with most left that nobody is at; else with most left. */
function nextFor(
  own: string | null,
  queue: readonly Part[],
  taken: readonly (string | null)[],
): Part | undefined {
  const left = new Map<string, number>();
  for (const part of queue) left.set(groupOf(part), (left.get(groupOf(part)) ?? 0) + part.seconds);
  const most = (groups: readonly string[]) =>
    groups.reduce<string | undefined>(
      (a, b) => (a !== undefined && left.get(a)! >= left.get(b)! ? a : b),
      undefined,
    );
  const groups = [...left.keys()];
  const group =
    own !== null && left.has(own)
      ? own
      : (most(groups.filter((name) => !taken.includes(name))) ?? most(groups));
  return queue.find((part) => groupOf(part) === group);
}

class Worker {
  /** Of the part that it computed last. */
  group: string | null = null;
  readonly #process: ChildProcess;

  constructor(args: readonly string[]) {
    const command = [...process.execArgv, join(ROOT, 'src/cli/lab.ts'), ...args];
    this.#process = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  async compute(part: Part): Promise<void> {
    this.group = groupOf(part);
    const ended = new AbortController();
    const answer = once(this.#process, 'message', { signal: ended.signal });
    const died = once(this.#process, 'exit', { signal: ended.signal }).then(() => [{ failed: 'it ended' }]);
    try {
      this.#process.send({ compute: partName(part) } satisfies Order);
      const [said] = (await Promise.race([answer, died])) as [Answer];
      if ('failed' in said) throw new Error(`${partName(part)}, in a worker: ${said.failed}`);
    } finally {
      for (const waiting of [answer, died]) waiting.catch(() => undefined);
      ended.abort();
    }
  }

  stop(): void {
    this.#process.kill();
  }
}

/** A worker's side: computes what it is told to until its parent is gone. */
export async function work({ setting, models, cache }: Study): Promise<void> {
  const computer = new PartComputer(models, cache);
  let parts = firstParts(setting);
  const answer = (said: Answer) => process.send?.(said);
  process.on('message', ({ compute: name }: Order) => {
    const find = () => parts.find((part) => partName(part) === name);
    const compute = async () => {
      if (!find()) parts = await allParts(setting, cache, inProcess(models, cache)); // those that decide are kept by now
      const part = find();
      if (!part) throw new Error('there is no such part');
      await computer.compute(part);
      answer({ done: name });
    };
    compute().catch((error: unknown) => answer({ failed: (error as Error).message }));
  });
  await once(process, 'disconnect');
}
