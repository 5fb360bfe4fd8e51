import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Progress } from '../../math/progress.ts';
import type { Model } from '../../model/parameters.ts';
import { RLAIF } from '../../rlaif/loop.ts';
import { PRETRAINING } from '../../train/schedule.ts';
import { commitOf, ROOT } from '../model.ts';
import { weighSite } from './bundle.ts';
import type { Effort } from './effort.ts';
import * as engine from './engine.ts';
import { assemble, CONTENDERS, dismiss } from './race.ts';
import type { Bench } from './result.ts';
import type { Shape } from './shapes.ts';
import { compared, grown, raceSeconds } from './steps.ts';
import { timingOf } from './timing.ts';

/** One part of a bench. */
interface Part<Result> {
  says: string;
  /** How long it takes, about, for the time left. */
  seconds: number;
  run(progress: Progress): Promise<Result>;
}

/** Measures everything, on the model and the backend that are active. */
export async function measure(
  model: Model,
  seed: number,
  effort: Effort,
  progress: (done: number, says: string) => void,
): Promise<Bench> {
  const began = performance.now();
  const load = loadavg()[0];
  const tensors = tf.memory().numTensors;
  const { repeats, compare, texts, decoded } = effort;
  const field = assemble();
  const against = (says: string, shape: Shape) => ({
    says,
    seconds: raceSeconds(CONTENDERS, [shape], repeats),
    run: (p: Progress) => compared(field, shape, repeats, p),
  });
  const growth = (says: string, sizes: readonly number[], at: (size: number) => Shape) => ({
    says,
    seconds: raceSeconds(['ours', 'plain'], sizes.map(at), repeats),
    run: (p: Progress) => grown(field, sizes, at, repeats, p),
  });
  const found = await runAll(
    {
      step: against('training step', compare),
      stepReal: against('training step of pretraining', effort.real),
      width: growth('growth with width', effort.widths, (width) => ({ ...compare, width })),
      batch: growth('growth with batch', effort.batches, (B) => ({ ...compare, B })),
      judged: {
        says: 'judging and refitting',
        seconds: 5,
        run: () => engine.judging(model, { seed, texts, repeats }),
      },
      decode: {
        says: 'decoding',
        seconds: 10,
        run: () => engine.decoding(model, { seed, texts: decoded, repeats }),
      },
      rlaif: {
        says: 'training on judgement',
        seconds: 20 * effort.runs,
        run: () => engine.trainingOnJudgement(model, { ...RLAIF, seed, ...effort.rlaif }, effort.runs),
      },
      pretrainMinutes: {
        says: 'pretraining',
        seconds: 5,
        run: () => engine.pretrainingMinutes(PRETRAINING, repeats),
      },
      bundle: {
        says: 'building the page',
        seconds: 15,
        run: async () => (effort.weigh ? weighSite() : null),
      },
    },
    progress,
  ).finally(() => dismiss(field));
  const { step, stepReal, width, batch, judged, decode, rlaif, pretrainMinutes, bundle } = found;
  const { judging, refit } = judged;
  const { ours } = step.runs;
  return {
    step,
    stepReal,
    dispatches: dispatches(),
    judge600Ms: judging.find(({ constitution }) => constitution === engine.CONSTITUTION)!.median,
    decodeTokensPerSecond: (1000 * decode.tokens) / decode.median,
    refitMs: refit.median,
    tensorsLeaked: tf.memory().numTensors - tensors + (ours.tensorsLeaked ?? 0),
    stepGflops: (1000 * step.gflop) / step.ms,
    matmulPeakGflops: timingOf(ours.productGflops).median,
    shareOfPeak: timingOf(ours.productGflops.map((peak, turn) => (1000 * step.gflop) / ours.ms[turn] / peak))
      .median,
    growth: { width, batch },
    rlaif: { steps: rlaif.steps, seconds: rlaif.run.median / 1000, stepMs: rlaif.step.median },
    pretrainMinutes,
    bundle,
    memory: { tensors: tf.memory().numBytes, process: ours.peakBytes },
    timings: { judging, refit, decode, rlaif },
    machine: machine(load),
    seed,
    repeats,
    seconds: (performance.now() - began) / 1000,
    commit: commitOf(),
  };
}

/** Runs the parts one after the other, with the progress of the whole. */
async function runAll<Found>(
  parts: { [Name in keyof Found]: Part<Found[Name]> },
  progress: (done: number, says: string) => void,
): Promise<Found> {
  const list = Object.entries<Part<unknown>>(parts);
  const total = list.reduce((sum, [, { seconds }]) => sum + seconds, 0);
  const found: Record<string, unknown> = {};
  let before = 0;
  for (const [name, { says, seconds, run }] of list) {
    const report = (done: number) => progress((before + done * seconds) / total, says);
    report(0);
    found[name] = await run(report);
    before += seconds;
  }
  return found as Found;
}

/** The counts that the browser's test holds the kernels to. */
function dispatches(): Bench['dispatches'] {
  const file = join(ROOT, 'src/kernels/gpu/dispatches.json');
  const { step, forward, token } = JSON.parse(readFileSync(file, 'utf8')) as Bench['dispatches'];
  return { step, forward, token };
}

function machine(load: number): Bench['machine'] {
  const [{ model }] = cpus();
  const os = `${process.platform} ${process.arch}`;
  return { cpu: model.trim(), cores: cpus().length, os, node: process.version, load };
}
