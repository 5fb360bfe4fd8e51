/** Answers `probe(name, args)`, which the harness calls, from a fresh module worker. */
import type { Outcome } from './worker.ts';

function probe(name: string, args: unknown): Promise<unknown> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => {
      worker.terminate();
      if ('error' in data) reject(new Error(data.error));
      else resolve(data.result);
    };
    worker.postMessage({ name, args });
  });
}

Object.assign(globalThis, { probe });
