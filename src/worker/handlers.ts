import * as tf from '@tensorflow/tfjs-core';
import { projectSample } from '../analysis/project.ts';
import { createRandom } from '../math/random.ts';
import { correlationInterval } from '../math/statistics.ts';
import type { ModelId } from '../model/id.ts';
import { createModel, disposeModel, readTensors, replaceWeights, type Model } from '../model/parameters.ts';
import { gradientOf, hear } from '../rlaif/crew.ts';
import { sampleBatch, trueValues, valuedSample } from '../values/sampled.ts';
import { parseResponse } from '../world/parser.ts';
import type { TrueWeights } from '../world/values.ts';
import { constitutionOf, judgeCloud } from './judging.ts';
import { predicted, prepare } from './predicting.ts';
import type { Cloud, CloudResponse, Progress } from './protocol.ts';
import type { HeldModel, HeldSample } from './registry.ts';
import type { Context, Handlers } from './serve.ts';
import { Session, type Host } from './session.ts';
import { survive } from './survive.ts';
import { train } from './training.ts';

/** The engine: every call of the protocol on the models and samples that it holds. */
export function handlers(host?: Host): Handlers {
  let session: Session | null = null;
  /** What is trained elsewhere, with this engine's help. */
  const policies = new Map<string, Model>();
  const open = (): Session => {
    if (!session) throw new Error('the engine was asked before it was started');
    return session;
  };
  const policyOf = (name: string): Model => {
    const policy = policies.get(name);
    if (!policy) throw new Error('the engine was asked to help before it had a policy');
    return policy;
  };
  const release = (name: string) => {
    const policy = policies.get(name);
    if (policy) disposeModel(policy);
    policies.delete(name);
  };
  const withModel = <R>(id: ModelId, work: (held: HeldModel, s: Session) => Promise<R>): Promise<R> => {
    const s = open();
    return s.registry.withModel(id, (held) => survive(s.registry, () => work(held, s)));
  };
  /** Work that somebody waits for. */
  const asked = <R>(id: ModelId, work: (held: HeldModel, s: Session) => Promise<R>): Promise<R> =>
    open().idle.during(() => withModel(id, work));

  return {
    async start(args, context) {
      context.progress({ stage: 'downloading', done: 0 });
      const opened = await Session.open(args, host, downloading(context));
      session?.dispose();
      for (const name of policies.keys()) release(name);
      session = opened;
      return opened.started;
    },

    async load({ source, id }, context) {
      return open().registry.load(source, { ...(id ? { id } : {}), progress: downloading(context) });
    },

    cloud: ({ model, seed, situations, responses, trueWeights }, context) =>
      asked(model, async (held, { registry }) => {
        const count = Math.min(situations, registry.effort.cloud);
        const draw = { name: 'cloud', seed, count, each: responses };
        return cloudOf(await registry.draw(held, draw, telling(context, 'sampling')), trueWeights);
      }),

    judge: (args, context) =>
      asked(args.model, async (held, { registry }) =>
        judgeCloud(
          registry,
          held,
          await registry.sample(held, args.sample),
          args,
          telling(context, 'fitting'),
        ),
      ),

    project: (args, { gate }) =>
      asked(args.model, async (held, { registry }) => {
        const { id, draw, sample } = await registry.sample(held, args.sample);
        const lens = await registry.lens(held, draw.seed);
        const valued = valuedSample(sample, args.trueWeights);
        const constitution = constitutionOf(args.constitution);
        const projection = await projectSample(lens, valued, constitution, args, () => gate.breathe());
        return { model: held.id, sample: id, ...projection };
      }),

    async prepare(args, { gate }) {
      return withModel(args.model, async (held, s) => {
        const { id } = await prepare(s, held, args, s.idle, () => gate.breathe());
        return { model: held.id, sample: id };
      });
    },

    predict: (args, context) =>
      asked(args.model, (held, s) =>
        predicted(s, held, args, telling(context, 'predicting'), () => context.gate.breathe()),
      ),

    async train(args, context) {
      const s = open();
      return s.idle.during(() =>
        s.registry.withModel(args.model, async (held) =>
          train(
            s,
            held,
            await survive(s.registry, () => s.registry.sample(held, args.sample)),
            args,
            context,
          ),
        ),
      );
    },

    sample: ({ model, draw, batch }, { gate }) =>
      withModel(model, (held) => sampleBatch(held.model, draw, batch, () => gate.breathe())),

    follow: ({ model, policy, weights }) =>
      withModel(model, async ({ config }) => {
        const known = policies.get(policy);
        if (known) replaceWeights(known, weights);
        else policies.set(policy, createModel(config, weights));
        return {};
      }),

    hear: ({ model, policy, ...asked }) =>
      withModel(model, (held) => hear(held.model, policyOf(policy), asked)),

    async learn({ policy, responses, slopes }) {
      const gradient = gradientOf(policyOf(policy), { responses, slopes });
      return readTensors(gradient).finally(() => tf.dispose(gradient));
    },

    async release({ policy }) {
      release(policy);
      return {};
    },
  };
}

/** Bytes that have come, told to the page; stops when cancelled. */
function downloading({ progress, gate }: Context<'start' | 'load'>) {
  return async (bytes: number, total?: number): Promise<void> => {
    const done = total === undefined ? 0 : Math.min(1, bytes / total);
    progress({ stage: 'downloading', done, bytes, ...(total === undefined ? {} : { total }) });
    await gate.breathe();
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

function cloudOf({ id, model, draw, sample }: HeldSample, trueWeights: TrueWeights): Cloud {
  const cloud = valuedSample(sample, trueWeights);
  const random = createRandom(draw.seed).fork('bootstrap');
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
    model,
    sample: id,
    seed: draw.seed,
    situations: draw.count,
    responses,
    generation: correlationInterval(cloud.logProbs, truth, cloud.situations, random),
  };
}
