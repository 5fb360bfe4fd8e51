/**
 * A sample drawn by the engine's own workers: by one, by two, and by two of which one is ended in the middle; and some steps
 * of training before that.
 */
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { chooseBackend } from '../../src/kernels/index.ts';
import { readCheckpoint } from '../../src/model/folder.ts';
import type { Progress } from '../../src/math/progress.ts';
import { modelId } from '../../src/model/id.ts';
import { createModel } from '../../src/model/parameters.ts';
import type { Crew } from '../../src/rlaif/crew.ts';
import type { Judge } from '../../src/rlaif/judge.ts';
import { rlaif, RLAIF } from '../../src/rlaif/loop.ts';
import { promptedScores, readConstitution } from '../../src/values/constitution.ts';
import { joined, sampleGists, type SampledGists } from '../../src/values/sampled.ts';
import { connect } from '../../src/worker/client.ts';
import { crewOf } from '../../src/worker/crew.ts';
import { Pool } from '../../src/worker/pool.ts';

const CONSTITUTION = readConstitution('honesty and mercy');
/** As the page trains, for a few steps. */
const TRAINING = {
  ...RLAIF,
  steps: 4,
  kl: Infinity,
  measure: { situations: 64, each: 6, always: true },
};
const DRAW = { name: 'pool', seed: 3, count: 64, each: 60 }; // six batches

export default async function pool() {
  const folder = new URL('../../models/base/', self.location.href).href;
  const wasmPath = new URL('.', new URL(simd, self.location.href)).href;
  await chooseBackend('wasm', { wasmPath, relaxed: true });
  const read = async (name: string) => new Uint8Array(await (await fetch(folder + name)).arrayBuffer());
  const { config, weights } = await readCheckpoint(read);
  const model = createModel(config, weights);
  const workers: Worker[] = [];
  const help = {
    size: 1,
    connect: () =>
      connect((name) => {
        const worker = new Worker(new URL('../../src/worker/engine.ts', import.meta.url), {
          type: 'module',
          name,
        });
        workers.push(worker);
        return worker;
      }),
  };
  const id = await modelId(config, weights);
  const two = new Pool({ backend: 'wasm', model: folder, id }, help);
  const held = { id, config, weights, model };
  const drawn = async (progress: Progress) => {
    const batches: SampledGists[] = [];
    await two.batches(held, DRAW, batches, progress);
    return joined(batches);
  };
  const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));
  const timed = async (draw: () => Promise<SampledGists>) => {
    const began = performance.now();
    const { responses, gists, logProbs } = await draw();
    const ms = performance.now() - began;
    return { ms, sample: JSON.stringify([responses, [...gists.data], [...logProbs]]) };
  };

  const alone = await timed(() => sampleGists(model, DRAW, breathe));
  const starting = await timed(() => drawn(breathe));
  const together = await timed(() => drawn(breathe));
  const again = await timed(() => sampleGists(model, DRAW, breathe));
  const judge: Judge = ({ gists }) => promptedScores(model, gists, CONSTITUTION);
  const steps = async (crew?: Crew) => {
    const rows: string[] = [];
    const at: number[] = [];
    for await (const { row } of rlaif(model, judge, TRAINING, undefined, crew)) {
      rows.push(JSON.stringify(row));
      at.push(performance.now());
    }
    return { rows: rows.join(), stepMs: (at[at.length - 1] - at[0]) / (at.length - 1) };
  };
  const trained = { alone: await steps(), shared: await steps(crewOf(two, held, 'a policy')) };
  let parts = 0;
  const bereft = await timed(() =>
    drawn(async () => {
      parts += 1;
      if (parts === 2) workers[0].terminate();
      await breathe();
    }),
  );
  return {
    workers: workers.length,
    same: [starting, together, again, bereft].map(({ sample }) => sample === alone.sample),
    trainedSame: trained.alone.rows === trained.shared.rows,
    stepMs: [trained.alone.stepMs, trained.shared.stepMs].map(Math.round),
    ms: [alone, starting, together, again, bereft].map(({ ms }) => Math.round(ms)),
  };
}
