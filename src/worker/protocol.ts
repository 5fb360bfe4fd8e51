/**
 * What the page may ask of the engine, and what comes back. Types only: both ends of the thread compile
 * against this file. Every message carries the id of its call; a call can report progress, be controlled
 * and be cancelled by that id.
 */
import type { Judgement } from '../analysis/judge.ts';
import type { Ask, Keep, Projection as Projected } from '../analysis/project.ts';
import type { Estimate } from '../math/statistics.ts';
import type { ModelConfig } from '../model/config.ts';
import type { ModelId } from '../model/id.ts';
import type { Weights } from '../model/parameters.ts';
import type { Asked, Heard, Lesson } from '../rlaif/crew.ts';
import type { Row as TrainRow } from '../rlaif/rows.ts';
import type { SampleId } from '../values/id.ts';
import type { Draw, SampledGists } from '../values/sampled.ts';
import type { Constitution } from '../world/constitution/constitution.ts';
import type { TrueWeights, ValueName, Values } from '../world/values.ts';

export type { Ask, Constitution, Estimate, Keep, ModelId, SampleId, TrainRow, TrueWeights, Values };

export type Projection = About & Projected;

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

/** What an answer is about. An answer about another model or sample than was asked about is none. */
export interface About {
  model: ModelId;
  sample: SampleId;
}

/**
 * Where a model comes from: the address of a checkpoint folder; the name or id of one of the site's models, with the address
 * of all of them; the files of a folder by name; or numbers.
 */
export type ModelSource =
  | string
  | { shipped: string; root: string }
  | { files: Record<string, Uint8Array> }
  | { config: ModelConfig; weights: Weights };

export interface ModelInfo {
  id: ModelId;
  parameters: number;
  layers: number;
  width: number;
  gistSize: number;
}

export interface Progress {
  stage: 'downloading' | 'sampling' | 'fitting' | 'predicting' | 'training';
  /** 0 … 1. */
  done: number;
  /** Bytes that have been downloaded, and those that will be in all where that is known. */
  bytes?: number;
  total?: number;
  /** Seconds left, where it can be told. */
  left?: number;
}

/** ms that both backends took for the same work, and the browser in which they did. */
export interface Race {
  wasm: number;
  webgpu: number;
  browser: string;
}

export interface Started {
  backend: { name: BackendName; reason: string };
  /** What decided it, where it was a race: to be remembered for the next start. */
  race?: Race;
  model: ModelInfo;
  /** Principles that the world names, for completion and suggestions. `values` are signs. */
  principles: { phrase: string; values: Partial<Values>; anti: boolean }[];
  /** Of the people in the model's world. */
  names: string[];
}

/** One sampled response; its place in `Cloud.responses` is its identity everywhere. */
export interface CloudResponse {
  prompt: string;
  response: string;
  values: Values;
  trueValue: number;
  wellFormed: boolean;
  /** Index of the situation it answers; correlations are taken within it. */
  situation: number;
  /** log π₀(response | prompt), nats, summed over the response's tokens. */
  logProb: number;
  /** What it does, clause by clause: the words that carry value, as token ranges [from, to) of `response`. */
  deeds: { from: number; to: number; value: ValueName | 'neutral'; strength: number }[];
}

/** Responses that a model gives. Its true values, and what they go with, are by the weights that were asked for. */
export interface Cloud extends About {
  seed: number;
  situations: number;
  responses: CloudResponse[];
  /** Correlation of log π₀ with true value, within the situation. */
  generation: Estimate;
}

/** Verdicts on the cloud, one a response, and what they agree with, on responses that no direction was fitted on. */
export interface Judged extends About, Judgement {
  /** What the judge was asked: "by honesty and mercy , that is", one line a principle when weighted, "that is" without any. */
  asked: string[];
  /** True when the score is a weighted sum of single verdicts and not one prompted text. */
  weighted: boolean;
  milliseconds: number;
}

/** Gain in true value against KL (nats), before any training, said of a sample of its own. Estimates are over situations. */
export interface Prediction extends About {
  /** Mean true value from which a run of the same seed starts, as its first row measures it: gains are added to it. */
  start: number;
  kl: Float32Array;
  tilt: { mean: Float32Array; low: Float32Array; high: Float32Array };
  linear: Float32Array;
  /** Gain of the exact tilt by the best readout of V* from the gist. */
  ceiling: Float32Array;
  /** Gain of the exact tilt by V* itself. */
  truth: Float32Array;
  situations: number;
  responses: number;
}

export interface Pair {
  prompt: string;
  a: string;
  b: string;
  scoreA: number;
  scoreB: number;
  /** σ(Δs/τ), the soft label given to a. */
  preferA: number;
  trueA: number;
  trueB: number;
}

export interface TrainReport {
  row: TrainRow;
  /** log π now of every cloud response, on the steps on which it was measured. */
  logProbs: Float32Array | null;
  /** One of the pairs that this step was learned from, shown on the balance; null on row 0. */
  pair: Pair | null;
  pairs: number;
  /** The same situations and random stream, before and now. */
  samples: { prompt: string; before: string; now: string; beforeTrue: number; nowTrue: number }[];
  /** Seconds left to the step limit at this pace. */
  left: number;
}

export type StopReason = 'kl' | 'steps' | 'cancelled' | 'not-finite';

export interface TrainArgs extends About, ByTrueWeights {
  constitution: Constitution;
  seed: number;
  steps: number;
  /** KL budget, nats. */
  kl: number;
  /** Start paused and wait for a 'step' or 'resume'. */
  paused?: boolean;
}

/** By what true values are told. */
interface ByTrueWeights {
  trueWeights: TrueWeights;
}

/** name → arguments, progress, result. What the page asks. A call about a model or a sample that was dropped gets it back. */
export interface PageCalls {
  start: {
    /** `id`, where it is given, is what the first model must be. */
    args: { backend?: BackendName; race?: Race; model: ModelSource; id?: ModelId };
    progress: Progress;
    result: Started;
  };
  /** One model more. Those that were not used for longest are dropped, when together they take too much. */
  load: { args: { source: ModelSource; id?: ModelId }; progress: Progress; result: ModelInfo };
  cloud: {
    args: ByTrueWeights & { model: ModelId; seed: number; situations: number; responses: number };
    progress: Progress;
    result: Cloud;
  };
  judge: { args: About & ByTrueWeights & { constitution: Constitution }; progress: Progress; result: Judged };
  project: {
    args: About &
      ByTrueWeights & { constitution: Constitution; keep: Keep; ask: Ask; responses: number; seed: number };
    progress: Progress;
    result: Projection;
  };
  /** Draws the sample of a prediction and what else no constitution changes, while nobody waits for anything. */
  prepare: { args: ByTrueWeights & { model: ModelId; seed: number }; progress: Progress; result: About };
  predict: {
    args: ByTrueWeights & { model: ModelId; seed: number; constitution: Constitution };
    progress: Progress;
    result: Prediction;
  };
  /** Starts from the reference policy. Streams a report a row; control: pause, resume, step, cancel. */
  train: { args: TrainArgs; progress: TrainReport; result: About & { reason: StopReason; rows: number } };
}

/** A run of training that is helped with: the reference, and the name of what it is trained to. */
interface Trained {
  model: ModelId;
  policy: string;
}

/** What an engine asks of its helpers. */
interface HelperCalls {
  /** One batch of a sample. */
  sample: {
    args: { model: ModelId; draw: Draw & { each: number }; batch: number };
    progress: Progress;
    result: SampledGists;
  };
  /** Training, in parts: the engine's policy, what that says, the gradient of what it learns. */
  follow: { args: Trained & { weights: Weights }; progress: Progress; result: Record<string, never> };
  hear: { args: Trained & Asked; progress: Progress; result: Heard };
  learn: { args: Trained & Lesson; progress: Progress; result: Weights };
  /** The end of the run. */
  release: { args: { policy: string }; progress: Progress; result: Record<string, never> };
}

/** A handler that is missing does not compile. */
export interface Calls extends PageCalls, HelperCalls {}

export type CallName = keyof Calls;
export type Control = 'pause' | 'resume' | 'step' | 'cancel';

export type ToWorker =
  | { [N in CallName]: { id: number; call: N; args: Calls[N]['args'] } }[CallName]
  | { id: number; control: Control };

export type FromWorker =
  | { id: number; progress: Calls[CallName]['progress'] }
  | { id: number; result: Calls[CallName]['result'] }
  /** Of a call; under id 0 of the worker itself, which will answer none. */
  | { id: number; failed: Failure }
  /** Once, when the worker holds a lock of its own name, which it keeps for as long as it lives. */
  | { id: 0; alive: true };

/** Why a call failed, in a sentence for the visitor. */
export interface Failure {
  kind:
    | 'bad-input'
    | 'cancelled'
    | 'no-model'
    | 'no-files'
    | 'other-model'
    | 'no-sample'
    | 'no-backend'
    | 'device-lost'
    | 'not-finite'
    | 'worker-died'
    | 'internal';
  message: string;
}
