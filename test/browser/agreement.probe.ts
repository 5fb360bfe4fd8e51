/** One small model on one backend: logits, a decoded text, a verdict and a training step's gradients. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend, deviceErrors, type BackendName } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { configOf } from '../../src/model/config.ts';
import { createModel, disposeModel, initialWeights } from '../../src/model/parameters.ts';
import { logits } from '../../src/model/score.ts';
import { batchLoss, byParameter } from '../../src/train/pretrain.ts';
import { readGists } from '../../src/values/gists.ts';
import { respond } from '../../src/values/respond.ts';
import { verdicts } from '../../src/values/verdicts.ts';
import { batchAt } from '../../src/world/batches.ts';
import { situationAt } from '../../src/world/documents.ts';
import { BOS, encode, VOCABULARY } from '../../src/world/tokenizer.ts';

export default async function agreement(args: { backend: BackendName; relaxed?: boolean }) {
  const wasmPath = new URL('.', new URL(simd, self.location.href)).href;
  const { name, reason, relaxed } = await chooseBackend(args.backend, { wasmPath, relaxed: args.relaxed });
  const before = tf.memory().numTensors;
  const config = configOf(VOCABULARY.length, 16, 2);
  // Spread out, so that what is compared is far from uniform.
  const weights = initialWeights(config, createRandom(3));
  for (const w of Object.values(weights)) for (let i = 0; i < w.length; i++) w[i] *= 4;
  const model = createModel(config, weights);

  const text = [
    BOS,
    ...encode('omar finds the wallet of ben in the park . omar returns it to ben <gist> that is'),
  ];
  const rows = await logits(model, text);
  // Of two lengths, so that texts stand at different positions when they are decoded together.
  const prompts = Array.from({ length: 6 }, (_, i) => situationAt(5, i));
  const said = await respond(model, prompts, createRandom(7));
  const { gists, logProbs } = await readGists(model, said);
  const scores = await verdicts(model, gists, 'by honesty , that is');

  const batch = batchAt(1, 0, { batch: 2 });
  const { value, grads } = tf.tidy(() =>
    tf.variableGrads(() => batchLoss(model, batch), Object.values(model.parameters)),
  );
  const gradients: Record<string, number[]> = {};
  for (const [parameter, gradient] of Object.entries(byParameter(model, grads)))
    gradients[parameter] = Array.from((await gradient.data()).subarray(0, 64));
  const loss = (await value.data())[0];
  tf.dispose([value, grads]);
  disposeModel(model);
  return {
    name,
    reason,
    relaxed,
    logits: rows.flat(),
    said: said.map((r) => r.responseText),
    logProbs: [...logProbs],
    drawn: said.map((r) => r.logProb),
    scores: [...scores],
    loss,
    gradients,
    errors: [...deviceErrors()],
    leaked: tf.memory().numTensors - before,
  };
}
