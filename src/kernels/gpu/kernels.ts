/** All kernels for WebGPU in one module, loaded where WebGPU runs. */
import type { Program } from './program.ts';
import { ADAMW_PROGRAMS } from '../adamw/webgpu.ts';
import { attentionPrograms } from '../attention/webgpu.ts';
import { blockCachedPrograms } from '../blockCached/webgpu.ts';
import { CROSS_ENTROPY_PROGRAMS } from '../crossEntropy/webgpu.ts';
import { EMBEDDING_PROGRAMS } from '../embedding/webgpu.ts';
import { LAYER_NORM_PROGRAMS } from '../layerNorm/webgpu.ts';
import { LINEAR_PROGRAMS } from '../linear/webgpu.ts';
import { SAMPLE_PROGRAMS } from '../sample/webgpu.ts';
import { TOKEN_LOG_PROB_PROGRAMS } from '../tokenLogProb/webgpu.ts';
import { UNEMBED_PROGRAMS } from '../unembed/webgpu.ts';

export { adamwAll } from '../adamw/webgpu.ts';
export { attendCached } from '../attendCached/webgpu.ts';
export { attention } from '../attention/webgpu.ts';
export { block } from '../block/webgpu.ts';
export { blockCached, fitsBlockCached } from '../blockCached/webgpu.ts';
export { crossEntropy } from '../crossEntropy/webgpu.ts';
export { embedding } from '../embedding/webgpu.ts';
export { layerNorm } from '../layerNorm/webgpu.ts';
export { linear } from '../linear/webgpu.ts';
export { sample } from '../sample/webgpu.ts';
export { tokenLogProb } from '../tokenLogProb/webgpu.ts';
export { unembed } from '../unembed/webgpu.ts';

/** Size of a head in the project's models; for another size programs are compiled at their first use. */
const USUAL_HEAD = 8;

/** What is compiled before a page says that it is live. */
export const PROGRAMS: readonly Program[] = [
  ...ADAMW_PROGRAMS,
  ...Object.values(attentionPrograms(USUAL_HEAD)),
  ...blockCachedPrograms(USUAL_HEAD),
  ...CROSS_ENTROPY_PROGRAMS,
  ...EMBEDDING_PROGRAMS,
  ...LAYER_NORM_PROGRAMS,
  ...LINEAR_PROGRAMS,
  ...SAMPLE_PROGRAMS,
  ...TOKEN_LOG_PROB_PROGRAMS,
  ...UNEMBED_PROGRAMS,
];
