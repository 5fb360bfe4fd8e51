import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../math/random.ts';
import type { Model } from '../model/parameters.ts';
import { responseLogProb, spokenRows, type Spoken } from '../model/score.ts';
import { byParameter } from '../train/pretrain.ts';
import { readGists } from '../values/gists.ts';
import { say, type Said } from '../values/respond.ts';
import type { Reading } from '../values/sampled.ts';

/** What the policy is asked: prompts, and for each the name of the random stream that its response is drawn from. */
export interface Asked {
  prompts: readonly string[];
  streams: readonly string[];
}

/** What the policy said, as the frozen reference reads it. */
export type Heard = Reading<Said>;

/** What the policy learns from: responses, and how much the loss grows with the log π of each. */
export interface Lesson {
  responses: readonly Spoken[];
  slopes: Float32Array;
}

/**
 * Who does the parts of a step that cost time: one engine, or several of them. Parts are the same for any number, and so
 * is what comes of them.
 */
export interface Crew {
  /** How many work at once. */
  size: number;
  /** To be awaited before the first call, and whenever the policy has changed. */
  follow(policy: Model): Promise<void>;
  hear(policy: Model, parts: readonly Asked[]): Promise<Heard[]>;
  /** The gradient by parameter name that each part adds. The caller disposes of them. */
  learn(policy: Model, parts: readonly Lesson[]): Promise<tf.NamedTensorMap[]>;
}

/** The crew of this engine alone. */
export function alone(reference: Model): Crew {
  return {
    size: 1,
    follow: () => Promise.resolve(),
    async hear(policy, parts) {
      const heard: Heard[] = [];
      for (const part of parts) heard.push(await hear(reference, policy, part));
      return heard;
    },
    learn: (policy, parts) => Promise.resolve(parts.map((part) => gradientOf(policy, part))),
  };
}

export async function hear(reference: Model, policy: Model, { prompts, streams }: Asked): Promise<Heard> {
  const responses = await say(policy, prompts, streams.map(createRandom));
  return { responses, ...(await readGists(reference, responses)) };
}

/** Σ slope·∇log π over some responses, by parameter name. The caller disposes of it. */
export function gradientOf(policy: Model, { responses, slopes }: Lesson): tf.NamedTensorMap {
  const rows = spokenRows(responses);
  const { value, grads } = tf.tidy(() =>
    tf.variableGrads(
      () => tf.sum(tf.mul(responseLogProb(policy, rows, responses), tf.tensor1d(slopes))),
      Object.values(policy.parameters),
    ),
  );
  value.dispose();
  return byParameter(policy, grads);
}

/** The sum of gradients, one after the other, so that it has the same bits every time. Disposes of the parts. */
export function sumOf(parts: readonly tf.NamedTensorMap[]): tf.NamedTensorMap {
  return parts.reduce((sum, part) => {
    const next: tf.NamedTensorMap = {};
    for (const name of Object.keys(sum)) next[name] = tf.add(sum[name], part[name]);
    tf.dispose([sum, part]);
    return next;
  });
}
