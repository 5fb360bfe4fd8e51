export interface Phase {
  batch: number;
  steps: number;
  /** Weight decay; the optimizer's own when left out. */
  decay?: number;
}

export interface Schedule {
  phases: readonly Phase[];
  /** Highest learning rate. */
  rate: number;
  /** Steps of linear warm-up. */
  warmup: number;
  /** Where the cosine ends, as a share of the highest rate. */
  floor: number;
}

/**
 * Small batches while the values come apart (changes need steps), then larger ones to settle, with weaker decay.
 * A constant decay of 0.05 or 0.015 measured much the same.
 */
export const PRETRAINING: Schedule = {
  phases: [
    { batch: 16, steps: 9000, decay: 0.05 },
    { batch: 32, steps: 10_500, decay: 0.01 },
  ],
  rate: 3e-3,
  warmup: 200,
  floor: 0.01,
};

export function totalSteps({ phases }: Schedule): number {
  return phases.reduce((sum, { steps }) => sum + steps, 0);
}

/** The same schedule in fewer or more steps, phases in proportion. */
export function scaleSteps(schedule: Schedule, steps: number): Schedule {
  const ratio = steps / totalSteps(schedule);
  let end = 0;
  // The ends of the phases are rounded, not their lengths: those might add up to one step too many.
  const phases = schedule.phases.map((phase) => {
    const start = Math.round(end * ratio);
    end += phase.steps;
    return { ...phase, steps: Math.round(end * ratio) - start };
  });
  return { ...schedule, phases, warmup: Math.min(schedule.warmup, Math.ceil(steps / 10)) };
}

/** Learning rate of a step (0-based): linear warm-up, then a cosine down to the floor. */
export function rateAt(schedule: Schedule, step: number): number {
  const { rate, warmup, floor } = schedule;
  if (step < warmup) return (rate * (step + 1)) / warmup;
  const share = Math.min(1, (step - warmup) / Math.max(1, totalSteps(schedule) - warmup));
  return rate * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * share)));
}

/** Batch size and decay of a step, and the index of its first document: no document is seen twice. */
export function batchAtStep(
  { phases }: Schedule,
  step: number,
): { batch: number; firstDocument: number; decay?: number } {
  let documents = 0;
  let before = 0;
  for (const { batch, steps, decay } of phases) {
    if (step < before + steps) return { batch, firstDocument: documents + (step - before) * batch, decay };
    documents += batch * steps;
    before += steps;
  }
  throw new RangeError(`step ${step} is past the schedule's ${before}`);
}
