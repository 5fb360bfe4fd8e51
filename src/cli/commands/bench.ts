import { cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Command } from 'commander';
import { createRandom } from '../../math/random.ts';
import { configOf, type ModelConfig } from '../../model/config.ts';
import { createModel, disposeModel, initialWeights } from '../../model/parameters.ts';
import { ADAMW, AdamW } from '../../train/optimizer.ts';
import { batchLoss, byParameter } from '../../train/pretrain.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { directionOf, gistSpace } from '../../values/directions.ts';
import { sampleGists } from '../../values/sampled.ts';
import type { Batch } from '../../world/batches.ts';
import { plainStep } from '../bench/plain.ts';
import { time } from '../bench/timing.ts';
import { count, withModel } from '../flags.ts';
import { loadModel, type ModelFlags } from '../model.ts';
import { printJson, say } from '../output.ts';

/** The shape that published timings of the kernels have, and the one that pretraining really runs. */
const SHAPES = {
  compare: { vocabulary: 160, B: 32, T: 40 },
  real: { vocabulary: 327, B: 32, T: 54 },
} as const;

export function benchCommand(program: Command): void {
  withModel(
    program.command('bench').description('our training step beside plain TensorFlow.js, decoding, judging'),
  )
    .option('--repeats <n>', 'timed runs of each', count('repeats', 3, 1000), 20)
    .action(run);
}

async function run({
  repeats,
  seed,
  json,
  ...flags
}: ModelFlags & { repeats: number; seed: number; json?: boolean }) {
  const model = await loadModel(flags);
  const leaked = tf.memory().numTensors;
  const step: Record<string, object> = {};
  for (const [name, { vocabulary, B, T }] of Object.entries(SHAPES)) {
    const config = { ...configOf(vocabulary, 64), positions: 64 };
    const batch = batchOf(config, B, T);
    say(`training step, ${B} × ${T} tokens, vocabulary ${vocabulary}`);
    const plain = plainStep(config, batch);
    const theirs = await time(plain.step, repeats);
    plain.dispose();
    const ours = await timeOurs(config, batch, repeats);
    step[name] = {
      ms: ours.median,
      ours,
      plainMs: theirs.median,
      plain: theirs,
      ratio: ours.median / theirs.median,
    };
  }
  say('600 responses: decoding, judging, refitting a direction');
  let tokens = 0;
  const sampling = await time(
    async () => {
      const { responses } = await sampleGists(model, { name: 'bench', seed, count: 30, each: 20 });
      tokens = responses.reduce((sum, r) => sum + r.prompt.length + r.response.length, 0);
    },
    5,
    1,
  );
  const sample = await sampleGists(model, { name: 'bench', seed, count: 30, each: 20 });
  const constitution = readConstitution('honesty and mercy');
  const judging = await time(() => promptedScores(model, sample.gists, constitution), repeats);
  const scores = await promptedScores(model, sample.gists, constitution);
  const space = gistSpace(sample.gists, sample.situations);
  const refit = await time(() => directionOf(space, scores), repeats);
  const result = {
    step,
    judge600Ms: judging.median,
    refitMs: refit.median,
    sample600Ms: sampling.median,
    tokensPerSecond: (1000 * tokens) / sampling.median,
    tensorsLeaked: tf.memory().numTensors - leaked,
    machine: { cpu: cpus()[0].model, node: process.version, backend: tf.getBackend() },
  };
  if (json) printJson(result);
  else process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

async function timeOurs(config: ModelConfig, batch: Batch, repeats: number) {
  const model = createModel(config, initialWeights(config, createRandom(1)));
  const optimizer = new AdamW(model, ADAMW);
  const timing = await time(async () => {
    const { value, grads } = tf.tidy(() =>
      tf.variableGrads(() => batchLoss(model, batch), Object.values(model.parameters)),
    );
    await value.data();
    await optimizer.update(byParameter(model, grads), 1e-3);
    tf.dispose([value, grads]);
  }, repeats);
  optimizer.dispose();
  disposeModel(model);
  return timing;
}

/** Texts of random words with `<gist>` in their second half. */
function batchOf({ vocabulary }: ModelConfig, B: number, T: number): Batch {
  const random = createRandom('bench');
  return {
    tokens: Int32Array.from({ length: B * T }, () => random.integer(vocabulary)),
    weights: Float32Array.from({ length: B * T }, (_, i) => (i % T === T - 1 ? 0 : 1)),
    gists: Int32Array.from({ length: B }, () => T / 2 + random.integer(T / 4)),
    B,
    T,
  };
}
