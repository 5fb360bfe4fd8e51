/** Plays the parts of a slow step, one after the other; the step counts when its update is played. */
import type { TrainReport } from '../worker/protocol.ts';
import type { Part } from './pace.ts';
import { PART_MS, PARTS, partAt, UPDATE_MS } from './pace.ts';

export class Parts {
  /** The part that is lit; null when no slow step is under way. */
  lit = $state<Part | null>(null);
  /** The report of the step whose parts are being played. */
  coming = $state.raw<TrainReport | null>(null);
  #timer: ReturnType<typeof setInterval> | undefined;
  #done: (report: TrainReport) => void = () => {};

  /** A step was asked for and samples now. */
  begin(): void {
    this.lit = PARTS[0];
  }

  play(report: TrainReport, done: (report: TrainReport) => void): void {
    clearInterval(this.#timer);
    this.coming = report;
    this.#done = done;
    const from = performance.now();
    this.#timer = setInterval(() => {
      const elapsed = performance.now() - from;
      this.lit = partAt(elapsed);
      if (elapsed >= UPDATE_MS) this.#finish();
    }, PART_MS / 8);
  }

  /** Takes the step whose parts are being played as done. */
  hurry(): void {
    this.lit = null;
    this.#finish();
  }

  /** Forgets the step whose parts are being played. */
  drop(): void {
    this.coming = null;
    this.hurry();
  }

  #finish(): void {
    clearInterval(this.#timer);
    const { coming } = this;
    this.coming = null;
    if (coming) this.#done(coming);
  }
}
