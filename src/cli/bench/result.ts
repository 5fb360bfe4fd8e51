import type { Weight } from './bundle.ts';
import type { Decoding, Judging, Training } from './engine.ts';
import type { ContenderName, Outcome, Ran } from './race.ts';
import type { Shape } from './shapes.ts';
import type { Timing } from './timing.ts';

/** A training step of one shape by all contenders. Milliseconds are medians; a ratio is ours / theirs, the median over turns. */
export interface Comparison {
  shape: Shape;
  /** Floating-point operations in the products of the step, 10⁹. */
  gflop: number;
  ms: number;
  plainMs: number | null;
  ratio: number | null;
  transposedMs: number | null;
  transposedRatio: number | null;
  jaxMs: number | null;
  jaxRatio: number | null;
  torchMs: number | null;
  torchRatio: number | null;
  /** Ours with relaxed SIMD; its ratio is to PyTorch. */
  relaxedMs: number | null;
  relaxedTorchRatio: number | null;
  /** All there is to know of each, or why it did not run. */
  runs: Record<ContenderName, Outcome> & { ours: Ran };
}

/** Step times over one size, the others held; `exponent` of the power law that fits best. */
export interface Growth {
  sizes: readonly number[];
  /** The step's arithmetic, 10⁹ operations, and how it grows. */
  work: { gflop: number[]; exponent: number };
  ours: { ms: number[]; exponent: number };
  plain: { ms: number[]; exponent: number } | null;
}

export interface Bench {
  step: Comparison;
  stepReal: Comparison;
  /** Counted at the device by a test in the browser. */
  dispatches: { step: number; forward: number; token: number };
  judge600Ms: number;
  decodeTokensPerSecond: number;
  refitMs: number;
  /** Left behind by all that was timed here, the steps of our contender included. */
  tensorsLeaked: number;
  stepGflops: number;
  matmulPeakGflops: number;
  /** The median over turns. */
  shareOfPeak: number;
  growth: { width: Growth; batch: Growth };
  rlaif: { steps: number; seconds: number; stepMs: number };
  /** Reckoned from the times of some steps of each phase. */
  pretrainMinutes: number;
  bundle: Weight | null;
  /** Bytes: tensors of the model and of what is kept, and the most that the process of our steps held. */
  memory: { tensors: number; process: number };
  timings: { judging: Judging[]; refit: Timing; decode: Decoding; rlaif: Training };
  machine: { cpu: string; cores: number; os: string; node: string; load: number };
  seed: number;
  repeats: number;
  seconds: number;
  commit: string | null;
}
