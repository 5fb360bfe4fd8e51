/** The race between the backends, of which WebGPU is a program that imitates a graphics card here. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/math/random.ts';
import { configOf } from '../../src/model/config.ts';
import { initialWeights } from '../../src/model/parameters.ts';
import { runRace, startFastest } from '../../src/worker/race.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';

export default async function race() {
  const host = { wasmPath: new URL('.', new URL(simd, self.location.href)).href };
  const config = configOf(VOCABULARY.length, 16, 2);
  const model = { config, weights: initialWeights(config, createRandom(1)) };
  const none = () => Promise.resolve(null);
  const ran = await runRace(model, host);
  const left = tf.memory().numTensors;
  const remembered = await startFastest(Promise.resolve(model), undefined, ran ?? undefined, host, none);
  const active = tf.getBackend();
  const forced = await startFastest(Promise.resolve(model), 'webgpu', ran ?? undefined, host, none);
  return { ran, left, remembered, active, forced };
}
