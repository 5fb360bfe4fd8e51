import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { decode } from '../../src/model/decode.ts';
import { createModel, disposeModel, type Model } from '../../src/model/parameters.ts';
import { AdamW } from '../../src/train/optimizer.ts';
import { batchLoss, byParameter } from '../../src/train/pretrain.ts';
import { livelyWeights, TINY } from '../model/tiny.ts';

// What a step costs in calls, allocations and bytes: exact, so that nothing creeps in.

interface Heap {
  HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
}

/** Calls of our kernels by name since the last look; those that only tell sizes do not count. */
let calls: Record<string, number> = {};
const allocated = { times: 0, bytes: 0 };
let heap: Heap;
let model: Model;
let optimizer: AdamW;

/** Wraps the functions of modules that are instantiated from now on. */
function countCalls() {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly) as (
    bytes: BufferSource,
    imports: WebAssembly.Imports,
  ) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
  const counting = async (bytes: BufferSource, imports: WebAssembly.Imports) => {
    const { instance, module } = await instantiate(bytes, imports);
    if (!('blockForward' in instance.exports)) return { instance, module };
    const exports: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(instance.exports))
      exports[name] =
        typeof value === 'function' && !/Scratch$|Floats$/.test(name)
          ? (...parameters: number[]) => {
              calls[name] = (calls[name] ?? 0) + 1;
              return (value as (...numbers: number[]) => unknown)(...parameters);
            }
          : value;
    return { instance: { exports }, module };
  };
  vi.spyOn(WebAssembly, 'instantiate').mockImplementation(counting as never);
}

beforeAll(async () => {
  countCalls();
  await chooseBackend('wasm');
  vi.restoreAllMocks();
  tf.scalar(0).dispose(); // Emscripten replaces its allocator at the first call
  heap = (tf.backend() as unknown as { wasm: Heap }).wasm;
  const malloc = heap._malloc;
  heap._malloc = (bytes) => {
    allocated.times += 1;
    allocated.bytes += bytes;
    return malloc(bytes);
  };
  model = createModel(TINY, livelyWeights(TINY, 'counts', 0.5));
  optimizer = new AdamW(model);
});
afterAll(() => {
  optimizer.dispose();
  disposeModel(model);
});

const [B, T] = [3, 7];
const batch = {
  tokens: Int32Array.from({ length: B * T }, (_, i) => 1 + (i % (TINY.vocabulary - 1))),
  weights: new Float32Array(B * T).fill(1),
  gists: Int32Array.from([3, 4, T]),
  B,
  T,
};

async function step() {
  calls = {};
  allocated.times = allocated.bytes = 0;
  const { value, grads } = tf.tidy(() =>
    tf.variableGrads(() => batchLoss(model, batch), Object.values(model.parameters)),
  );
  await value.data();
  await optimizer.update(byParameter(model, grads), 1e-4);
  tf.dispose([value, grads]);
  return { calls, allocated: { ...allocated } };
}

test('a training step is one kernel a block and direction, and one for all of AdamW', async () => {
  await step();
  expect((await step()).calls).toEqual({
    embeddingForward: 1,
    blockForward: TINY.layers,
    layerNormForward: 1,
    unembedForward: 1,
    crossEntropyForward: 1,
    crossEntropyBackward: 1,
    unembedBackward: 1,
    layerNormBackward: 1,
    blockBackward: TINY.layers,
    embeddingBackward: 1,
    adamwAllStep: 1,
  });
});

test('a token is one kernel a block', async () => {
  const prompt = [1, 5, 7];
  const options = { end: -1, temperature: 1 };
  calls = {};
  await decode(model, [prompt, prompt], [createRandom(1), createRandom(2)], { ...options, longest: 2 });
  const two = calls;
  calls = {};
  await decode(model, [prompt, prompt], [createRandom(1), createRandom(2)], { ...options, longest: 3 });
  const names = [
    'embeddingForward',
    'blockCachedForward',
    'layerNormForward',
    'unembedForward',
    'sampleRows',
  ];
  const more = Object.fromEntries(names.map((name) => [name, calls[name] - two[name]]));
  expect(more).toEqual({
    embeddingForward: 1,
    blockCachedForward: TINY.layers,
    layerNormForward: 1,
    unembedForward: 1,
    sampleRows: 1,
  });
  expect(Object.keys(calls).sort()).toEqual([...names, 'cacheSelect'].sort());
});

test('a step allocates as much as every other, and a thousand of them leave nothing behind', async () => {
  const first = await step();
  expect(first.allocated).toEqual({ times: 51, bytes: 248_304 });
  const tensors = tf.memory().numTensors;
  const bytes = tf.memory().numBytes;
  const size = heap.HEAPU8.length;
  for (let i = 0; i < 1000; i++) expect((await step()).allocated).toEqual(first.allocated);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(tf.memory().numBytes).toBe(bytes);
  expect(heap.HEAPU8.length).toBe(size);
}, 240_000);
