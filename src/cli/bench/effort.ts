import { RLAIF } from '../../rlaif/loop.ts';
import { DOCUMENT_LENGTH } from '../../world/documents.ts';
import { VOCABULARY } from '../../world/tokenizer.ts';
import type { Shape } from './shapes.ts';

/** How much is measured. */
export interface Effort {
  repeats: number;
  /** The shape that other libraries were compared at before, and the one of pretraining. */
  compare: Shape;
  real: Shape;
  widths: number[];
  batches: number[];
  texts: number;
  /** Texts decoded at once. */
  decoded: number;
  rlaif: Pick<typeof RLAIF, 'steps' | 'measure'>;
  /** Runs of RLAIF, each of which is long. */
  runs: number;
  weigh: boolean;
}

const compare: Shape = { vocabulary: 160, width: 64, layers: 3, B: 32, T: 40 };
export const FULL: Effort = {
  repeats: 20,
  compare,
  real: { ...compare, vocabulary: VOCABULARY.length, T: DOCUMENT_LENGTH },
  widths: [16, 32, 48, 64, 96, 128],
  batches: [8, 16, 32, 64],
  texts: 600,
  decoded: 640,
  rlaif: { steps: 40, measure: RLAIF.measure },
  runs: 3,
  weigh: true,
};
const small: Shape = { vocabulary: 20, width: 16, layers: 1, B: 2, T: 8 };
/** For a look whether everything runs; its numbers mean nothing. */
export const QUICK: Effort = {
  repeats: 2,
  compare: small,
  real: { ...small, T: 12 },
  widths: [8, 16],
  batches: [1, 2],
  texts: 20,
  decoded: 16,
  rlaif: { steps: 2, measure: { situations: 2, each: 2 } },
  runs: 1,
  weigh: false,
};
