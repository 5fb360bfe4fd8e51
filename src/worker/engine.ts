/** The worker's entry: the engine behind the page, off the main thread. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { failureOf } from './failure.ts';
import { handlers } from './handlers.ts';
import { serve } from './serve.ts';

const folder = new URL('.', new URL(simd, self.location.href)).href;
serve(self, handlers(folder), failureOf);
