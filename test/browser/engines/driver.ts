/** What a journey needs of a browser, whichever drives it. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface Driver {
  /** Its name and version. */
  version: string;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Of what the page sees, css px. */
  resize(width: number, height: number): Promise<void>;
  /** Runs a function in the page; arguments and result are JSON. */
  evaluate<A extends unknown[], T>(body: (...args: A) => T, ...args: A): Promise<Awaited<T>>;
  /** Clicks with the mouse on the first element that an XPath names. */
  press(xpath: string): Promise<void>;
  /** Writes with the keyboard into a field, then presses Enter. */
  write(xpath: string, text: string): Promise<void>;
  /** What the window shows, as PNG. */
  picture(): Promise<Uint8Array>;
  /** Ends the browser and all that was started for it. */
  close(): Promise<void>;
}

/** Tools of a driver that end with it: processes, and a home of its own in which nothing was kept. */
export class Stage {
  readonly home = mkdtempSync(join(tmpdir(), 'latent-values-browser-'));
  readonly #processes: ChildProcess[] = [];

  /** Starts a program that leads a group of its own, so that what it starts ends with it. */
  spawn(program: string, args: string[], options: SpawnOptions): ChildProcess {
    const child = spawn(program, args, { detached: true, ...options });
    this.#processes.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#processes.toReversed()) {
      if (child.exitCode !== null || child.pid === undefined) continue;
      const ended = once(child, 'exit');
      process.kill(-child.pid, 'SIGTERM');
      await Promise.race([ended, setTimeout(5000)]);
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
