/** The model once more, in plain float64 loops, forward and backward: written to be believed, for tests. */
export { firstAdamwStep } from './adamw.ts';
export { attention, attentionBackward, sees } from './attention.ts';
export { referenceBackward, type Gradients } from './backward.ts';
export { embedding, embeddingBackward } from './embedding.ts';
export { referenceForward, type ReferenceForward, type ReferenceWeights } from './forward.ts';
export { gelu, geluBackward } from './gelu.ts';
export { layerNorm, layerNormBackward } from './layerNorm.ts';
export { linear, linearBackward, unembed, unembedBackward } from './linear.ts';
export { crossEntropy, crossEntropyBackward, tokenLogProb, tokenLogProbBackward } from './losses.ts';
export type { Numbers, Readable } from './numbers.ts';
export { referenceLogProbs, referenceLoss } from './objectives.ts';
