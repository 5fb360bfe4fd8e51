/** What the processes of a race say to each other: one line of JSON each way. */
import { createInterface } from 'node:readline';
import type { ModelConfig } from '../../../model/config.ts';

/** Learning rate of every step. */
export const RATE = 1e-3;

/** A training step to be done; plain lists, so that other languages can read it. */
export interface StepTask {
  config: ModelConfig;
  /** As `Batch`, (B·T) and (B). */
  batch: { tokens: number[]; weights: number[]; gists: number[]; B: number; T: number };
  /** Initial weights by GPT-2 name, row by row. */
  weights: Record<string, number[]>;
}

export type Ask = { task: StepTask } | { steps: number };

/** Answer to a task: what was computed from the initial weights, by which all can be held equal. */
export interface Start {
  /** Weighted mean cross-entropy, nats, and the norm of its whole gradient. */
  loss: number;
  norm: number;
  /** What runs: library, version and what else matters for its speed. */
  about: string;
}

/** Answer to a number of steps. */
export interface Steps {
  /** Milliseconds of each, until its loss is read. */
  ms: number[];
  /** Tensors that are held, where the library counts them. */
  tensors?: number;
  /** The most memory that the process has held so far, bytes. */
  peakBytes: number;
  /** What its matrix product reached right after them, GFLOP/s, where it tells. */
  productGflops?: number;
}

/** One training step, ready to be repeated. */
export interface Stepper extends Start {
  step(): Promise<void>;
  tensors?(): number;
  /** What its matrix product reaches at this moment, GFLOP/s. */
  productGflops?(): number;
  dispose(): void;
}

/** Answers on standard output what is asked on standard input, until that ends. */
export async function serve(prepare: (task: StepTask) => Promise<Stepper>): Promise<void> {
  let stepper: Stepper | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const ask = JSON.parse(line) as Ask;
    if ('task' in ask) {
      stepper?.dispose();
      stepper = await prepare(ask.task);
      const { loss, norm, about } = stepper;
      answer({ loss, norm, about });
    } else {
      if (!stepper) throw new Error('steps were asked for before a task');
      answer(await steps(stepper, ask.steps));
    }
  }
}

async function steps(stepper: Stepper, n: number): Promise<Steps> {
  const ms: number[] = [];
  for (let i = 0; i < n; i++) {
    const began = performance.now();
    await stepper.step();
    ms.push(performance.now() - began);
  }
  return {
    ms,
    productGflops: stepper.productGflops?.(),
    tensors: stepper.tensors?.(),
    peakBytes: 1024 * process.resourceUsage().maxRSS,
  };
}

function answer(value: Start | Steps): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
