/** The fused operations of the model and the choice of the backend they run on. */
export { adamw, composedAdamw, type AdamW } from './adamw/op.ts';
export { KeyValueCache } from './attendCached/cache.ts';
export { attendCached, composedAttendCached } from './attendCached/op.ts';
export { attentionPattern, attentionValues, splitHeads, visible } from './attention/composed.ts';
export { attention, composedAttention } from './attention/op.ts';
export { composedCrossEntropy, crossEntropy } from './crossEntropy/op.ts';
export { chooseBackend, type BackendName, type ChosenBackend } from './device.ts';
export { composedEmbedding, embedding } from './embedding/op.ts';
export { DeviceError, deviceErrors, DeviceLostError } from './gpu/watch.ts';
export { composedLayerNorm, layerNorm } from './layerNorm/op.ts';
export { composedGelu } from './linear/gelu.ts';
export { composedLinear, linear, type Activation } from './linear/op.ts';
export { composedSample, sample } from './sample/op.ts';
export { composedSquaredNorm, squaredNorm } from './squaredNorm/op.ts';
export { composedTokenLogProb, tokenLogProb } from './tokenLogProb/op.ts';
export { composedUnembed, unembed } from './unembed/op.ts';
