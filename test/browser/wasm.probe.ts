/** TensorFlow.js on WASM from the site's own files, the way the engine starts it. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import * as tf from '@tensorflow/tfjs-core';

export default async function wasm() {
  // The threaded build wants headers that static hosts do not send, and breaks when minified.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd,
  });
  await tf.setBackend('wasm');
  const product = tf.matMul(tf.tensor2d([[1, 2], [3, 5]]), tf.tensor2d([[7, 11], [13, 17]])); // prettier-ignore
  return { backend: tf.getBackend(), product: Array.from(await product.data()) };
}
