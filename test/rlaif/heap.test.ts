/** Memory over a long run: nothing that a step makes outlives it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { createModel, disposeModel } from '../../src/model/parameters.ts';
import type { Judge } from '../../src/rlaif/judge.ts';
import { rlaif, RLAIF } from '../../src/rlaif/loop.ts';
import { Snapshots } from '../../src/rlaif/snapshots.ts';
import { terseWeights, TINY } from '../cli/lab.ts';

vi.setConfig({ testTimeout: 240_000 }); // a machine that may be busy with others

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is held: bytes of TensorFlow.js's WASM heap, its tensors and their bytes, bytes of JavaScript objects. */
function held() {
  const { wasm } = tf.backend() as unknown as {
    wasm: { asm?: { memory: WebAssembly.Memory }; wasmMemory?: WebAssembly.Memory };
  };
  const memory = (wasm.asm?.memory ?? wasm.wasmMemory)!;
  collectGarbage();
  const { numTensors, numBytes } = tf.memory();
  return { heap: memory.buffer.byteLength, numTensors, numBytes, objects: process.memoryUsage().heapUsed };
}

test('500 steps of RLAIF hold no more than the first 100', async () => {
  await chooseBackend('wasm');
  const model = createModel(TINY, terseWeights());
  const judge: Judge = async ({ responses }) => responses.map(({ response }) => -response.length);
  const snapshots = new Snapshots(4);
  const at: Record<number, ReturnType<typeof held>> = {};
  const before = tf.memory();
  const options = {
    ...RLAIF,
    steps: 500,
    kl: 1e6,
    rate: 1e-6, // so that responses stay as short as they are
    responses: 8,
    measure: { situations: 4, each: 2 },
  };
  for await (const report of rlaif(model, judge, options)) {
    await snapshots.keep(report);
    if ([100, 300, 499].includes(report.row.step)) at[report.row.step] = held();
  }
  for (const step of [300, 499]) {
    expect(at[step].numTensors).toBe(at[100].numTensors);
    expect(at[step].numBytes).toBe(at[100].numBytes);
    expect(at[step].heap).toBe(at[100].heap);
    // What the engine compiles and caches comes and goes by half a megabyte; one step's texts kept would be two.
    expect(at[step].objects - at[100].objects).toBeLessThan(1e6);
  }
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  disposeModel(model);
});
