import { createRandom } from '../math/random.ts';
import { createModel, disposeModel, type Model } from '../model/parameters.ts';
import { logProbs } from '../model/score.ts';
import type { LoadedModel } from './loading.ts';
import type { BackendName } from './protocol.ts';

/** How much the page samples: what a fast backend does in seconds would take a slow one minutes. */
export interface Effort {
  /** Situations on the page at the most. */
  cloud: number;
  /** Situations × responses that directions are fitted on; others are shown and measured. */
  fitting: { count: number; each: number };
  /** Responses a step, and those that every row of a run is measured on. */
  training: { responses: number; measure: { situations: number; each: number; always: boolean } };
  /** Situations × responses behind a prediction. */
  prediction: { count: number; each: number };
}

const FULL: Effort = {
  cloud: 64,
  fitting: { count: 60, each: 16 },
  training: { responses: 128, measure: { situations: 64, each: 6, always: true } },
  prediction: { count: 64, each: 256 },
};

export const SMALL: Effort = {
  cloud: 8,
  fitting: { count: 16, each: 16 },
  training: { responses: 32, measure: { situations: 16, each: 4, always: true } },
  prediction: { count: 16, each: 64 },
};

/** Longer than this for the trial, and the page makes do with less. */
const SLOW_MS = 150;

/**
 * On WASM always in full, so that a link shows the same on every machine. Other backends, which may be a graphics
 * card or a program that imitates one, are timed.
 */
export async function effortOf(numbers: LoadedModel, backend: BackendName): Promise<Effort> {
  if (backend === 'wasm') return FULL;
  const model = createModel(numbers.config, numbers.weights);
  try {
    return (await trialMs(model)) > SLOW_MS ? SMALL : FULL;
  } finally {
    disposeModel(model);
  }
}

/** ms that a forward pass of 32 texts takes, the read-back included: the least of three after one that warms up. */
export async function trialMs(model: Model): Promise<number> {
  const random = createRandom('trial');
  const ids = (length: number) => Array.from({ length }, () => random.integer(model.config.vocabulary));
  const trial = Array.from({ length: 32 }, () => ({ prompt: ids(11), response: ids(12) }));
  await logProbs(model, trial);
  let least = Infinity;
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    await logProbs(model, trial);
    least = Math.min(least, performance.now() - began);
  }
  return least;
}
