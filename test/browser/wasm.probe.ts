/** The engine's WASM backend from the site's own files, the way the worker starts it. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from '../../src/kernels/device.ts';
import { layerNorm } from '../../src/kernels/index.ts';

export default async function wasm() {
  const folder = new URL('.', new URL(simd, self.location.href)).href;
  const { name } = await chooseBackend('wasm', { wasmPath: folder });
  const product = tf.matMul(tf.tensor2d([1, 2, 3, 5], [2, 2]), tf.tensor2d([7, 11, 13, 17], [2, 2])); // theirs
  const normed = layerNorm(product, tf.tensor1d([2, 3]), tf.tensor1d([5, 7])); // ours
  return { name, product: [...(await product.data())], normed: [...(await normed.data())] };
}
