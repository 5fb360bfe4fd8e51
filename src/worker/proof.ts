/**
 * What WebGPU has to show before it runs the model. Graphics cards and their drivers are many, and a wrong one says nothing:
 * so a few logits, one training step and a sampled text are held against numbers that were computed without it.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { chooseBackend, type BackendHost } from '../kernels/index.ts';
import { contentId } from '../math/hash.ts';
import { createRandom } from '../math/random.ts';
import type { ModelConfig } from '../model/config.ts';
import { forward, logitsOf } from '../model/forward.ts';
import { modelId } from '../model/id.ts';
import { createModel, disposeModel, readTensors, type Model, type Weights } from '../model/parameters.ts';
import { logProbs, textsOf } from '../model/score.ts';
import { ADAMW, AdamW } from '../train/optimizer.ts';
import { batchLoss, byParameter } from '../train/pretrain.ts';
import { respond } from '../values/respond.ts';
import { batchAt } from '../world/batches.ts';
import { situationAt } from '../world/documents.ts';

/** A model's numbers on a few texts, before and after one step on them. */
const reproduced = v.object({
  /** Logits of the rows that `ROWS` names, one after the other. */
  before: v.array(v.number()),
  /** Nats a token. */
  loss: v.number(),
  /** Norm of the gradient, by the parameters' names. */
  gradients: v.record(v.string(), v.number()),
  /** The same logits after the step. */
  after: v.array(v.number()),
});
export type Reproduced = v.InferOutput<typeof reproduced>;

/** What lies beside a model's weights as proof.json: its numbers, and which model's they are. */
export const proof = v.object({ ...reproduced.entries, model: contentId });
export type Proof = v.InferOutput<typeof proof>;

/** Two documents of the corpus, and the learning rate of the step on them. */
export const BATCH = batchAt('proof', 0, { batch: 2 });
export const STEP = { ...ADAMW, rate: 1e-3 };
/** Positions of both texts whose logits count, counted through. */
export const ROWS: readonly number[] = Array.from({ length: BATCH.B * BATCH.T }, (_, i) => i).filter(
  (i) => i % 17 === 8 && BATCH.weights[i] > 0,
);
/**
 * How far numbers may be off, relative to the largest of their kind. Float32 in another order of sums is off by a hundredth
 * of it; a kernel with a fault is off by far more.
 */
export const TOLERANCE = 2e-3;

interface Numbers {
  config: ModelConfig;
  weights: Weights;
}

/** Computes the proof's numbers on the active backend, and frees what it took. */
export async function reproduce({ config, weights }: Numbers): Promise<Reproduced> {
  const model = createModel(config, weights);
  const optimizer = new AdamW(model, STEP);
  try {
    const before = await someLogits(model);
    const { value, grads } = tf.tidy(() =>
      tf.variableGrads(() => batchLoss(model, BATCH), Object.values(model.parameters)),
    );
    try {
      const [loss] = await value.data();
      const gradients = normsOf(await readTensors(byParameter(model, grads)));
      await optimizer.update(byParameter(model, grads), STEP.rate);
      return { before, loss, gradients, after: await someLogits(model) };
    } finally {
      tf.dispose([value, grads]);
    }
  } finally {
    optimizer.dispose();
    disposeModel(model);
  }
}

/** Norm of each list. */
export const normsOf = (lists: Record<string, ArrayLike<number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [
      name,
      Math.sqrt(Array.from(list).reduce((sum, x) => sum + x * x, 0)),
    ]),
  );

async function someLogits(model: Model): Promise<number[]> {
  const all = tf.tidy(() => logitsOf(model, forward(model, textsOf(BATCH))));
  const values = await all.data();
  all.dispose();
  const V = model.config.vocabulary;
  return ROWS.flatMap((row) => Array.from(values.subarray(row * V, (row + 1) * V)));
}

/** What is off, as the end of a sentence; null where nothing is. Numbers that are none are off. */
export function differenceOf(expected: Reproduced, found: Reproduced): string | null {
  const lists = (r: Reproduced) => ({
    'its logits are': r.before,
    'its loss is': [r.loss],
    'its gradients are': Object.keys(expected.gradients).map((name) => r.gradients[name]),
    'its training step is': r.after,
  });
  const [right, seen] = [lists(expected), lists(found)];
  for (const what of Object.keys(right) as (keyof typeof right)[]) {
    const off = distance(right[what], seen[what]);
    if (!(off <= TOLERANCE)) return `${what} ${share(off)}`;
  }
  return null;
}

const share = (off: number) =>
  Number.isFinite(off) ? `off by ${Number((100 * off).toPrecision(2))}%` : 'not numbers';

/** The largest difference, relative to the largest number. */
export function distance(expected: readonly number[], found: readonly number[]): number {
  if (expected.length !== found.length) return Infinity;
  const largest = Math.max(...expected.map(Math.abs), 1e-6);
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(x - found[i])), 0) / largest;
}

/** A text that the model said token by token has the probability that it has when it is read at once. */
async function samplingFault({ config, weights }: Numbers): Promise<string | null> {
  const model = createModel(config, weights);
  try {
    const said = await respond(
      model,
      [situationAt('proof', 0), situationAt('proof', 1)],
      createRandom('proof'),
    );
    const drawn = said.map(({ logProb }) => logProb);
    const off = distance([...(await logProbs(model, said))], drawn);
    return off <= TOLERANCE ? null : `the texts that it says are ${share(off)}`;
  } finally {
    disposeModel(model);
  }
}

/**
 * What speaks against the active backend, which must be WebGPU and is again when this returns; null where it proved itself.
 * @param recorded reads the model's proof.json; where it is not this model's, WASM computes the numbers here
 */
export async function webgpuFault(
  numbers: Numbers,
  recorded: () => Promise<unknown>,
  host: BackendHost,
): Promise<string | null> {
  try {
    const expected = await expectedOf(numbers, recorded, host);
    if (expected) {
      const difference = differenceOf(expected, await reproduce(numbers));
      if (difference) return difference;
    }
    return await samplingFault(numbers);
  } catch (error) {
    return `it failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function expectedOf(
  numbers: Numbers,
  recorded: () => Promise<unknown>,
  host: BackendHost,
): Promise<Reproduced | null> {
  const read = v.safeParse(proof, await recorded().catch(() => null));
  if (read.success && read.output.model === (await modelId(numbers.config, numbers.weights)))
    return read.output;
  const { name } = await chooseBackend('wasm', host);
  const expected = name === 'wasm' ? await reproduce(numbers) : null;
  await chooseBackend('webgpu', host);
  return expected;
}
