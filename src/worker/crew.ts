/** The engine and its helpers as a crew that trains together. */
import * as tf from '@tensorflow/tfjs-core';
import { readWeights, type Model, type Weights } from '../model/parameters.ts';
import { alone, type Crew } from '../rlaif/crew.ts';
import type { Pool } from './pool.ts';
import type { HeldModel } from './registry.ts';

/**
 * Shares out the parts of a step. The first part of a list is this engine's own: what is asked of a helper leaves at once,
 * and its answer is read when the engine is done with its own. `policy` names what is trained: several runs may go on at once.
 */
export function crewOf(pool: Pool, held: HeldModel, policy: string): Crew & { release: () => void } {
  const here = alone(held.model);
  const about = { model: held.id, policy };
  return {
    get size() {
      return pool.size;
    },
    async follow(model) {
      if (pool.size === 1) return;
      const weights = await readWeights(model);
      pool.tell((client) => pool.ask(client, held, () => client.call('follow', { ...about, weights })));
    },
    /** The run is over: nobody needs its policy any more. */
    release: () => pool.tellStarted((client) => client.call('release', { policy })),
    hear: (policy, parts) =>
      pool.share({
        tasks: parts,
        here: async (part) => (await here.hear(policy, [part]))[0],
        there: (client, part) => pool.ask(client, held, () => client.call('hear', { ...about, ...part })),
        ahead: parts.length > 1 ? 1 : 0,
      }),
    learn: (policy, parts) =>
      pool.share({
        tasks: parts,
        here: async (part) => (await here.learn(policy, [part]))[0],
        there: async (client, { responses, slopes }) => {
          const spoken = responses.map(({ prompt, response }) => ({ prompt, response }));
          return tensorsOf(policy, await client.call('learn', { ...about, responses: spoken, slopes }));
        },
        ahead: parts.length > 1 ? 1 : 0,
      }),
  };
}

function tensorsOf(model: Model, weights: Weights): tf.NamedTensorMap {
  const shape = (name: string) => model.parameters[name].shape;
  return Object.fromEntries(
    Object.entries(weights).map(([name, data]) => [name, tf.tensor(data, shape(name))]),
  );
}
