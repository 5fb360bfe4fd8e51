import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from '../model.ts';
import type { Ask, Start, Steps, StepTask } from './contenders/contender.ts';

/** How a contender's process is started. */
export interface Command {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

class ContenderProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #errors = '';

  constructor({ command, args, env }: Command) {
    this.#child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env } });
    this.#child.on('error', (error) => (this.#errors += `${error.message}\n`));
    this.#child.stdin.on('error', () => {}); // it has ended: the missing answer says so
    this.#child.stderr.on('data', (text: Buffer) => (this.#errors += text.toString()));
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  end(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }

  async ask<Answer>(ask: Ask): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(ask)}\n`);
    const line = await this.#answers.next();
    if (line.done) throw new Error(this.#reason());
    return JSON.parse(line.value) as Answer;
  }

  /** The line of its errors that says most. */
  #reason(): string {
    const lines = this.#errors.split('\n').filter((line) => line.trim() !== '');
    const line = lines.findLast((line) => /error|exception/i.test(line)) ?? lines.at(-1) ?? 'it ended';
    return line.trim().replaceAll(`${ROOT}/`, '');
  }
}

/**
 * A contender in a process of its own, so that libraries share no memory and no settings. It stays for all its tasks.
 * Of the ways to start it the first that works is taken.
 */
export class Contender {
  readonly #commands: readonly Command[];
  #process: ContenderProcess | undefined;

  constructor(commands: readonly Command[]) {
    this.#commands = commands;
  }

  /** Makes a step ready. Throws where the contender does not run here, and says why. */
  async prepare(task: StepTask): Promise<Start> {
    if (this.#process) return this.#process.ask<Start>({ task });
    let why: unknown;
    for (const command of this.#commands) {
      const process = new ContenderProcess(command);
      try {
        const start = await process.ask<Start>({ task });
        this.#process = process;
        return start;
      } catch (error) {
        process.end();
        why = error;
      }
    }
    throw why;
  }

  steps(n: number): Promise<Steps> {
    if (!this.#process) throw new Error('steps were asked for before a task');
    return this.#process.ask<Steps>({ steps: n });
  }

  end(): void {
    this.#process?.end();
    this.#process = undefined;
  }
}
