import { E1 } from './E1.ts';
import { E2 } from './E2.ts';
import { E3 } from './E3.ts';
import { E4 } from './E4.ts';
import { E5 } from './E5.ts';
import { E14 } from './E14.ts';
import type { Experiment } from './experiment.ts';

/** Every experiment that can be run, in order. */
export const EXPERIMENTS: readonly Experiment[] = [E1, E2, E3, E4, E5, E14];
