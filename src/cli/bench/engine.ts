/** What the engine takes for the page's work, in this process: decoding, judging, refitting, training on judgements. */
import { createRandom } from '../../math/random.ts';
import { decode } from '../../model/decode.ts';
import type { Model } from '../../model/parameters.ts';
import { MODEL_KNOBS } from '../../model/config.ts';
import type { Judge } from '../../rlaif/judge.ts';
import { rlaif, type RlaifOptions } from '../../rlaif/loop.ts';
import { pretrain } from '../../train/pretrain.ts';
import type { Schedule } from '../../train/schedule.ts';
import { promptedScores, readConstitution } from '../../values/constitution.ts';
import { directionOf, gistSpace } from '../../values/directions.ts';
import { sampleGists } from '../../values/sampled.ts';
import { situationAt } from '../../world/documents.ts';
import { RESPONSE_WEIGHT } from '../../world/batches.ts';
import { DEFAULT_WORLD } from '../../world/knobs.ts';
import { BOS, encode } from '../../world/tokenizer.ts';
import { time, timingOf, type Timing } from './timing.ts';

/** The constitution that is timed, between a shorter and a longer one. */
export const CONSTITUTION = 'honesty and mercy';
const CONSTITUTIONS = ['honesty', CONSTITUTION, 'honesty, care, fairness, freedom and loyalty'];

export interface Judging extends Timing {
  constitution: string;
  /** Tokens of its question. */
  tokens: number;
}

/** What is judged and decoded: so many texts of a seed, timed so often. */
interface Task {
  seed: number;
  texts: number;
  repeats: number;
}

/** Verdicts on stored responses by constitutions of three lengths, and a direction fitted anew on verdicts. */
export async function judging(
  model: Model,
  { seed, texts, repeats }: Task,
): Promise<{ judging: Judging[]; refit: Timing }> {
  const many = { name: 'bench', seed, count: texts / EACH, each: EACH };
  const { gists, situations } = await sampleGists(model, many);
  const judging: Judging[] = [];
  for (const text of CONSTITUTIONS) {
    const constitution = readConstitution(text);
    const tokens = constitution.questions.reduce((sum, question) => sum + encode(question).length, 0);
    const timing = await time(() => promptedScores(model, gists, constitution), repeats);
    judging.push({ constitution: text, tokens, ...timing });
  }
  const scores = await promptedScores(model, gists, readConstitution(CONSTITUTION));
  const space = gistSpace(gists, situations);
  return { judging, refit: await time(() => directionOf(space, scores), repeats) };
}

/** Responses to a situation. */
const EACH = 20;

export interface Decoding extends Timing {
  texts: number;
  /** Tokens that were sampled; those of prompts do not count. */
  tokens: number;
}

/** Sampling of whole responses, all at once. */
export async function decoding(model: Model, { seed, texts, repeats }: Task): Promise<Decoding> {
  const prompts = Array.from({ length: texts }, (_, i) => {
    const situation = situationAt(`bench/${seed}`, Math.floor(i / EACH));
    return [BOS, ...encode(situation)];
  });
  const options = { longest: 26, end: encode('.')[0] };
  let tokens = 0;
  const timing = await time(async () => {
    const streams = prompts.map((_, i) => createRandom(seed).fork(i));
    const said = await decode(model, prompts, streams, options);
    tokens = said.reduce((sum, text) => sum + text.tokens.length, 0);
  }, repeats);
  return { ...timing, texts, tokens };
}

/** How long RLAIF takes. */
export interface Training {
  steps: number;
  /** Milliseconds of a step, of all runs. */
  step: Timing;
  /** Milliseconds of a run, measuring before and after included. */
  run: Timing;
}

/** Times runs of RLAIF to the last step, whatever that costs in KL. */
export async function trainingOnJudgement(
  model: Model,
  options: RlaifOptions,
  runs: number,
): Promise<Training> {
  const constitution = readConstitution(CONSTITUTION);
  const judge: Judge = ({ gists }) => promptedScores(model, gists, constitution);
  const { steps } = options;
  const ofSteps: number[] = [];
  const ofRuns: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    let last = 0;
    for await (const { row } of rlaif(model, judge, { ...options, kl: Infinity })) {
      const now = performance.now();
      if (row.step > 0 && row.step < steps) ofSteps.push(now - last); // the last row is measured at length
      last = now;
    }
    ofRuns.push(performance.now() - began);
  }
  return { steps, step: timingOf(ofSteps), run: timingOf(ofRuns) };
}

/** Minutes that pretraining takes by the times of some steps of each phase, documents and all. */
export async function pretrainingMinutes(schedule: Schedule, repeats: number): Promise<number> {
  const { width, layers } = MODEL_KNOBS;
  let ms = 0;
  for (const { batch, steps } of schedule.phases) {
    const few = { ...schedule, phases: [{ batch, steps: repeats + 3 }] };
    const shape = { width: width.default, layers: layers.default };
    const run = pretrain({
      ...shape,
      seed: 1,
      documents: 1,
      schedule: few,
      world: DEFAULT_WORLD,
      responseWeight: RESPONSE_WEIGHT,
    });
    const { median } = await time(() => run.next(), repeats);
    await run.return(undefined);
    ms += steps * median;
  }
  return ms / 60_000;
}
