import type { ModelConfig } from '../model/config.ts';
import type { TokenRows } from '../model/encode.ts';
import type { Spoken } from '../model/score.ts';
import type { Batch } from '../world/batches.ts';
import { referenceBackward, type Gradients } from './backward.ts';
import { atStart, referenceForward, type ReferenceWeights } from './forward.ts';
import { crossEntropy, crossEntropyBackward, tokenLogProb, tokenLogProbBackward } from './losses.ts';
import type { Numbers, Readable } from './numbers.ts';

// B texts, T positions, V tokens

/** Pretraining's loss, nats a token (the mean of the batch's next tokens by weight), and its gradients. */
export function referenceLoss(
  config: ModelConfig,
  weights: ReferenceWeights,
  batch: Batch,
  offsets: Readable = atStart(batch),
): { loss: number; gradients: Gradients } {
  const forward = referenceForward(config, weights, batch, offsets);
  const targets = nextTokens(batch);
  const dlogits = crossEntropyBackward(forward.logits, targets, batch.weights);
  return {
    loss: crossEntropy(forward.logits, targets, batch.weights),
    gradients: referenceBackward(config, weights, batch, forward, dlogits, offsets),
  };
}

/**
 * log π(response | prompt) of each text, nats (B), and the gradients of Σ coefficients · log π. A loss of log π, such
 * as DPO's, has these gradients with the loss's own derivatives by each log π as coefficients.
 */
export function referenceLogProbs(
  config: ModelConfig,
  weights: ReferenceWeights,
  rows: TokenRows,
  spoken: readonly Spoken[],
  coefficients: Readable,
): { logProbs: Numbers; gradients: Gradients } {
  const forward = referenceForward(config, weights, rows);
  const targets = nextTokens(rows);
  const each = tokenLogProb(forward.logits, targets);
  const logProbs = new Float64Array(rows.B);
  const deach = new Float64Array(each.length);
  spoken.forEach(({ prompt, response }, b) => {
    for (let i = 0; i < response.length; i++) {
      const before = b * rows.T + prompt.length + i - 1; // the position that predicts the response's token i
      logProbs[b] += each[before];
      deach[before] = coefficients[b];
    }
  });
  const dlogits = tokenLogProbBackward(forward.logits, targets, deach);
  return { logProbs, gradients: referenceBackward(config, weights, rows, forward, dlogits) };
}

/** The token after each position of its text, (B·T); at a text's last position token 0, which must not count. */
function nextTokens({ tokens, B, T }: TokenRows): Int32Array {
  const targets = new Int32Array(B * T);
  for (let b = 0; b < B; b++) for (let t = 0; t + 1 < T; t++) targets[b * T + t] = tokens[b * T + t + 1];
  return targets;
}
