/** How fast a run is shown, and where in a slow step we are. Pure. */
export const SPEEDS = ['slow', '1×', '4×'] as const;
export type Speed = (typeof SPEEDS)[number];

/** The parts of a training step, in their order. */
export const PARTS = ['sample', 'judge', 'pair', 'update'] as const;
export type Part = (typeof PARTS)[number];

export const PART_MS = 800;
/** When the update of a slow step is played, from the step's report on. */
export const UPDATE_MS = PART_MS * PARTS.indexOf('update');
/** Least time from one step to the next, ms; the engine may need longer. */
const GAP_MS: Record<Exclude<Speed, 'slow'>, number> = { '1×': 400, '4×': 100 };

/** The part that is lit when `elapsed` ms of a slow step have been played. */
export function partAt(elapsed: number): Part {
  return PARTS[Math.min(PARTS.length - 1, Math.max(0, Math.floor(elapsed / PART_MS)))];
}

/** Seconds until `steps` more are shown: the engine's own estimate, or the page's pace where that is slower. */
export function secondsLeft(speed: Speed, steps: number, engine: number): number {
  const least = speed === 'slow' ? PART_MS * PARTS.length : GAP_MS[speed];
  return Math.max(engine, (steps * least) / 1000);
}

/** How long to wait before the next step is asked for, when the last one was asked for at `asked`. */
export function waitFor(speed: Speed, asked: number, now: number, atOnce = false): number {
  if (atOnce) return 0;
  if (speed === 'slow') return PART_MS; // so long the update stays lit
  return Math.max(0, GAP_MS[speed] - (now - asked));
}
