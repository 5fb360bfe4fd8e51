/** The worker's entry: the engine behind the page, off the main thread. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
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
serve(self, handlers({ wasmPath: folder, relaxed: true }), failureOf);
