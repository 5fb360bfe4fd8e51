import { E1 } from './E1.ts';
import type { Experiment } from './experiment.ts';

/** Every experiment that can be run, in order. */
export const EXPERIMENTS: readonly Experiment[] = [E1];
