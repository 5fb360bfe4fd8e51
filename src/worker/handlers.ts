import * as tf from '@tensorflow/tfjs-core';
import { predict } from '../analysis/predict.ts';
import { projectSample } from '../analysis/project.ts';
import { createRandom } from '../math/random.ts';
import { correlationInterval } from '../math/statistics.ts';
import { readTensors } from '../model/parameters.ts';
import { gradientOf, hear } from '../rlaif/crew.ts';
import type { Judge } from '../rlaif/judge.ts';
import { promptedScores } from '../values/constitution.ts';
import { sampleBatch, sampleGists, trueValues, type SampledGists } from '../values/sampled.ts';
import { parseResponse } from '../world/parser.ts';
import { constitutionOf, judgeCloud } from './judging.ts';
import type { Cloud, CloudResponse, Progress } from './protocol.ts';
import type { Context, Handlers } from './serve.ts';
import { Session, type Host } from './session.ts';
import { survive } from './survive.ts';
import { train } from './training.ts';

/** KL budgets of the prediction's curves, nats. */
const BUDGETS = Array.from({ length: 26 }, (_, i) => Number((0.02 + (i / 25) ** 2 * 1.58).toFixed(4)));

/** The engine: every call of the protocol on one session. */
export function handlers(host?: Host): Handlers {
  let session: Session | null = null;
  const open = (): Session => {
    if (!session) throw new Error('the engine was asked before it was started');
    return session;
  };
  const cloudOf = (s: Session): SampledGists => {
    if (!s.cloud) throw new Error('the engine was asked to judge before it had sampled');
    return s.cloud;
  };
  return {
    async start(args, context) {
      context.progress({ stage: 'downloading', done: 0 });
      const opened = await Session.open(args, host);
      session?.dispose();
      session = opened;
      return opened.started;
    },

    async cloud({ seed, situations, responses }, context) {
      const s = open();
      const count = Math.min(situations, s.effort.cloud);
      s.cloud = await survive(s, () =>
        sampleGists(s.model, { name: 'cloud', seed, count, each: responses }, telling(context, 'sampling')),
      );
      return cloudResult(s.cloud, seed, count);
    },

    async judge({ constitution }, context) {
      const s = open();
      return survive(s, () => judgeCloud(s, cloudOf(s), constitution, telling(context, 'fitting')));
    },

    async project(args, context) {
      const s = open();
      return survive(s, async () =>
        projectSample(await s.lens(), cloudOf(s), constitutionOf(args.constitution), args, () =>
          context.gate.breathe(),
        ),
      );
    },

    async predict({ constitution, seed }, context) {
      const s = open();
      const read = constitutionOf(constitution);
      const random = createRandom(seed).fork('prediction');
      const { sample, start, result } = await survive(s, async () => {
        const { sample, readout, start } = await s.prediction(telling(context, 'predicting'));
        const judge: Judge = ({ gists }) => promptedScores(s.model, gists, read);
        return { sample, start, result: await predict(sample, judge, { any: readout }, BUDGETS, random) };
      });
      const { tilt, linear, ceilings } = result;
      const { any: ceiling, truth } = ceilings;
      // Each curve ends where the sample no longer carries it; the page draws them over one axis.
      const carried = Math.min(...[tilt, ceiling, truth].map((curve) => curve.kl.length));
      const float = (x: Float64Array) => Float32Array.from(x.subarray(0, carried));
      return {
        start,
        kl: float(tilt.kl),
        tilt: { mean: float(tilt.gain), low: float(tilt.low), high: float(tilt.high) },
        linear: float(linear),
        ceiling: float(ceiling.gain),
        truth: float(truth.gain),
        situations: new Set(sample.situations).size,
        responses: sample.responses.length,
      };
    },

    async sample({ draw, batch }, { gate }) {
      return sampleBatch(open().model, draw, batch, () => gate.breathe());
    },

    async follow({ weights }) {
      open().follow(weights);
      return {};
    },

    async hear(asked) {
      return hear(open().model, open().followed, asked);
    },

    async learn(lesson) {
      const gradient = gradientOf(open().followed, lesson);
      return readTensors(gradient).finally(() => tf.dispose(gradient));
    },

    async train(args, context) {
      return train(open(), cloudOf(open()), args, context);
    },
  };
}

/** Progress of a stage with time left, told to the page; lets other calls in and stops when cancelled. */
function telling(
  { progress, gate }: Context<'cloud' | 'judge' | 'predict'>,
  stage: Progress['stage'],
): (done: number) => Promise<void> {
  const began = performance.now();
  return async (done) => {
    const seconds = (performance.now() - began) / 1000;
    progress({ stage, done, ...(done > 0.05 ? { left: (seconds * (1 - done)) / done } : {}) });
    await gate.breathe();
  };
}

function cloudResult(cloud: SampledGists, seed: number, situations: number): Cloud {
  const random = createRandom(seed).fork('bootstrap');
  const responses = cloud.responses.map((r, i): CloudResponse => {
    const { clauses } = parseResponse(r.promptText, r.responseText);
    return {
      prompt: r.promptText,
      response: r.responseText,
      values: r.values,
      trueValue: r.trueValue,
      wellFormed: r.wellFormed,
      situation: cloud.situations[i],
      logProb: cloud.logProbs[i],
      deeds: clauses.map((clause) => ({
        from: Math.min(...clause.verbAt, clause.never ? (clause.adverbAt ?? Infinity) : Infinity),
        to: Math.max(...clause.verbAt) + 1,
        value: clause.value ?? 'neutral',
        strength: clause.strength,
      })),
    };
  });
  const truth = trueValues(cloud.responses);
  return {
    seed,
    situations,
    responses,
    generation: correlationInterval(cloud.logProbs, truth, cloud.situations, random),
  };
}
