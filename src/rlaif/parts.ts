/** What a step asks of its crew, in parts. */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../math/random.ts';
import { byLength } from '../model/score.ts';
import { BATCH, situationsOf, streamOf, type Response } from '../values/respond.ts';
import { situationAt } from '../world/documents.ts';
import type { Asked, Lesson } from './crew.ts';

/** Responses to be drawn, and the situation of each. */
export interface Draw {
  asked: Asked;
  situations: Int32Array;
}

/** Situations × responses. */
interface Sizes {
  situations: number;
  each: number;
}

/** `each` responses to each of `groups` fresh situations; response k of group g stands at k·groups + g. */
export function groupsAt(step: number, groups: number, each: number, random: Random): Draw {
  const own = random.fork('groups').fork(step);
  const first = own.integer(2 ** 31);
  const prompts = Array.from({ length: groups * each }, (_, i) =>
    situationAt('training', first + (i % groups)),
  );
  const streams = prompts.map((_, i) => streamOf(own.fork('responses'), i).name);
  return { asked: { prompts, streams }, situations: Int32Array.from(prompts, (_, i) => i % groups) };
}

/** The measuring sample: the same situations and random stream whenever it is drawn. */
export function measuring(seed: number, measure: Sizes, random: Random): Draw {
  const situations = situationsOf(measure.situations, measure.each);
  const prompts = Array.from(situations, (x) => situationAt(`measure/${seed}`, x));
  const streams = prompts.map((_, i) => streamOf(random.fork('measure'), i).name);
  return { asked: { prompts, streams }, situations };
}

/** An equal part for every one of a crew. */
export function partsOf({ prompts, streams }: Asked, size: number): Asked[] {
  const each = Math.min(BATCH, Math.ceil(prompts.length / size));
  return Array.from({ length: Math.ceil(prompts.length / each) }, (_, part) => {
    const [from, to] = [part * each, (part + 1) * each];
    return { prompts: prompts.slice(from, to), streams: streams.slice(from, to) };
  });
}

/** Responses that a gradient is computed of together; the same for every crew. A graphics card takes all at once. */
const lessonSize = () => (tf.getBackend() === 'webgpu' ? Infinity : 32);

export function lessonsOf(responses: readonly Response[], slopes: Float32Array): Lesson[] {
  return byLength(responses, Math.min(responses.length, lessonSize())).map((ids) => ({
    responses: ids.map((id) => responses[id]),
    slopes: Float32Array.from(ids, (id) => slopes[id]),
  }));
}
