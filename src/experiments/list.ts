import { E1 } from './E1/claim.ts';
import { E2 } from './E2/claim.ts';
import { E3 } from './E3/claim.ts';
import { E4 } from './E4/claim.ts';
import { E5 } from './E5/claim.ts';
import { E7 } from './E7/claim.ts';
import { E8 } from './E8/claim.ts';
import { E14 } from './E14/claim.ts';
import { E15 } from './E15/claim.ts';
import type { AnyExperiment } from './framework/experiment.ts';

/** Every experiment that can be run, in order. */
export const EXPERIMENTS: readonly AnyExperiment[] = [E1, E2, E3, E4, E5, E7, E8, E14, E15];
