/** The engine behind the page, off the main thread: what the worker's entry loads. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { connect } from './client.ts';
import { failureOf } from './failure.ts';
import { handlers } from './handlers.ts';
import type { ToWorker } from './protocol.ts';
import { serve } from './serve.ts';

/** Answers the messages of this worker's scope from now on, and first those that came early. */
export function begin(early: readonly MessageEvent<ToWorker>[]): void {
  const folder = new URL('.', new URL(simd, self.location.href)).href;
  // A helper is another of these workers. Where the page and the engine have a core each, the others help; not on phones.
  const cores = /Mobi|Android/.test(navigator.userAgent) ? 0 : navigator.hardwareConcurrency - 2;
  const pool = {
    size: Math.max(0, Math.min(3, cores)),
    connect: () => connect((name) => new Worker(self.location.href, { type: 'module', name })),
  };
  serve(self, handlers({ wasmPath: folder, relaxed: true, pool }), failureOf, early);
}
