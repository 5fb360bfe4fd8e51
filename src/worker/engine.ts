/** The worker's entry: the engine behind the page, off the main thread. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { connect } from './client.ts';
import { failureOf } from './failure.ts';
import { handlers } from './handlers.ts';
import type { FromWorker } from './protocol.ts';
import { serve } from './serve.ts';

const folder = new URL('.', new URL(simd, self.location.href)).href;
// Where there are locks: only in pages that came over a safe connection.
const locks = navigator.locks as LockManager | undefined;
void locks?.request(self.name, () => {
  self.postMessage({ id: 0, alive: true } satisfies FromWorker);
  return new Promise(() => {});
});

// A helper is another of these workers. Where the page and the engine have a core each, the others help; not on phones.
const cores = /Mobi|Android/.test(navigator.userAgent) ? 0 : navigator.hardwareConcurrency - 2;
const pool = {
  size: Math.max(0, Math.min(3, cores)),
  connect: () => connect((name) => new Worker(self.location.href, { type: 'module', name })),
};
serve(self, handlers({ wasmPath: folder, relaxed: true, pool }), failureOf);
