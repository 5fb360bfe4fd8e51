/** A graphics device that refuses a program, and one that goes away in the middle of a run. */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { program, run } from '../../src/kernels/gpu/program.ts';
import { chooseBackend, deviceErrors } from '../../src/kernels/index.ts';
import { createRandom } from '../../src/math/random.ts';
import { configOf } from '../../src/model/config.ts';
import { checkpointFiles } from '../../src/model/folder.ts';
import { initialWeights } from '../../src/model/parameters.ts';
import { SMALL } from '../../src/worker/effort.ts';
import { Gate } from '../../src/worker/gate.ts';
import { handlers } from '../../src/worker/handlers.ts';
import type { TrainReport } from '../../src/worker/protocol.ts';
import { TRUE_WEIGHTS } from '../../src/world/values.ts';
import { VOCABULARY } from '../../src/world/tokenizer.ts';

const device = () => (tf.backend() as unknown as { device: GPUDevice }).device;

/** Reads after a program that does not compile. */
export async function refused() {
  await chooseBackend('webgpu');
  const code = 'fn run(group: u32, thread: u32) { y[0] = nothing; }';
  const broken = program('broken', { y: 'write' }, { n: 'u32' }, code);
  const y = tf.zeros([3]);
  const sound = [...(await tf.add(y, 1).data())];
  run(broken, { y }, { n: 1 }, 1);
  const failure = await tf
    .add(y, 1)
    .data()
    .then(
      () => 'none',
      (error: Error) => error.name,
    );
  return { sound, failure, errors: deviceErrors().length };
}

/** A tiny model that soon says ".", as a checkpoint's files. */
function files(): Record<string, BodyInit> {
  const config = configOf(VOCABULARY.length, 8, 2);
  const weights = initialWeights(config, createRandom(1));
  const stop = VOCABULARY.indexOf('.') * config.width;
  weights['transformer.ln_f.bias'].fill(1);
  weights['transformer.wte.weight'].fill(1, stop, stop + config.width); // its logit: 8
  return checkpointFiles(config, weights);
}

/** The page's own calls; the device goes after the report of step `lose`, and again before the last call. */
async function trained(lose?: number) {
  const served = files();
  const get = async (url: URL) => new Response(served[url.pathname.split('/').at(-1) ?? '']);
  const wasmPath = new URL('.', new URL(simd, self.location.href)).href; // WebGPU is held against it
  const engine = handlers({ get, wasmPath, effort: SMALL }); // timed, it could differ between two runs on a busy machine
  const gate = new Gate();
  const silent = { gate, progress: () => {} };
  const { backend, model } = await engine.start({ backend: 'webgpu', model: 'https://model.test/' }, silent);
  const asked = { model: model.id, trueWeights: TRUE_WEIGHTS };
  const { sample } = await engine.cloud({ ...asked, seed: 3, situations: 2, responses: 4 }, silent);
  const reports: TrainReport[] = [];
  const devices = new Set([device()]);
  const progress = (report: TrainReport) => {
    devices.add(device());
    reports.push(report);
    if (report.row.step === lose) device().destroy();
  };
  const constitution = { principles: [{ phrase: 'honesty', weight: 1 }] };
  const { reason } = await engine.train(
    { ...asked, sample, constitution, seed: 5, steps: 2, kl: 9 },
    { gate, progress },
  );
  if (lose !== undefined) device().destroy();
  const { responses } = await engine.cloud({ ...asked, seed: 4, situations: 2, responses: 4 }, silent);
  devices.add(device());
  return {
    devices: devices.size,
    run: {
      backend: backend.name,
      reason,
      rows: reports.map(({ row }) => [row.step, row.trueValue.value, row.judge, row.kl]),
      cloud: responses.map(({ response, logProb }) => ({ response, logProb })),
    },
  };
}

export default async function faults(kind: 'refused' | 'lost') {
  if (kind === 'refused') return { refused: await refused() };
  return { whole: await trained(), broken: await trained(1) };
}
