/** What WebGPU is held against: the model's numbers in float64, from the reference. */
import type { ModelConfig } from '../model/config.ts';
import { modelId } from '../model/id.ts';
import { parameterTable, type Weights } from '../model/parameters.ts';
import {
  firstAdamwStep,
  referenceForward,
  referenceLoss,
  type ReferenceWeights,
} from '../reference/index.ts';
import { BATCH, normsOf, ROWS, STEP, type Proof, type Reproduced } from '../worker/proof.ts';

/** As `reproduce` computes it on a backend. */
export function referenceProof(config: ModelConfig, weights: Weights): Reproduced {
  const V = config.vocabulary;
  const logitsAt = (at: ReferenceWeights) => {
    const { logits } = referenceForward(config, at, BATCH);
    return ROWS.flatMap((row) => Array.from(logits.subarray(row * V, (row + 1) * V)));
  };
  const { loss, gradients } = referenceLoss(config, weights, BATCH);
  const decaying = new Set(parameterTable(config).flatMap(({ name, decays }) => (decays ? [name] : [])));
  const stepped = firstAdamwStep(weights, gradients, (name) => decaying.has(name), STEP);
  return { before: logitsAt(weights), loss, gradients: normsOf(gradients), after: logitsAt(stepped) };
}

/** Five digits: far finer than the tolerance. */
const kept = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;

/** The text of a model's proof.json. */
export async function proofFile(config: ModelConfig, weights: Weights): Promise<string> {
  const whole: Proof = { model: await modelId(config, weights), ...referenceProof(config, weights) };
  return `${JSON.stringify(whole, kept)}\n`;
}
