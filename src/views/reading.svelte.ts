/** What several figures say about the same response and the same pair, derived once. */
import { createContext } from 'svelte';
import type { Lab } from '../state/lab.svelte.ts';
import { firstToRead } from './cloud/reading.ts';
import { namesIn } from '../figures/ui/text.ts';
import type { FoundPair } from './weighing.ts';
import { weighingOf } from './weighing.ts';

export class Reading {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  readonly responses = $derived.by(() => this.#lab.cloud.result?.responses ?? []);
  /** Those that the engine knows, and, before there is one, those that a recorded cloud shows. */
  readonly names: ReadonlySet<string> = $derived.by(
    () => new Set([...namesIn(this.responses), ...(this.#lab.start.result?.names ?? [])]),
  );
  /** Scores that belong to the cloud as it stands; null before the first verdict. */
  readonly scores: Float32Array | null = $derived.by(() => {
    const { judged, scores } = this.#lab;
    return judged && scores.target.length === this.responses.length ? scores.target : null;
  });
  /**
   * Scores and changes of log π as they are drawn, one a response: where they are now, and where they rest.
   * Each on its own, so that what only depends on scores stands still while training moves the rest.
   */
  readonly scoresNow: Float32Array = $derived.by(() => this.#fit(this.#lab.scores.now));
  readonly scoresRest: Float32Array = $derived.by(() => this.#fit(this.#lab.scores.target));
  readonly changeNow: Float32Array = $derived.by(() => this.#fit(this.#lab.run.change.now));
  readonly changeRest: Float32Array = $derived.by(() => this.#fit(this.#lab.run.change.target));
  /** The response in the slot: under the pointer, chosen, or one worth reading. */
  readonly id: number | null = $derived.by(() => {
    const { current } = this.#lab.selection;
    if (current !== null && current < this.responses.length) return current;
    return this.responses.length === 0
      ? null
      : firstToRead(this.responses, this.scores ?? new Float32Array(this.responses.length));
  });
  readonly weighing: FoundPair | null = $derived.by(() => {
    const { run, empty } = this.#lab;
    if (empty && run.report === null) return null;
    return weighingOf(this.pairReport, this.id, this.responses, this.scores);
  });
  /** The report whose pair lies on the balance: of the step that is looked at, or of the slow one under way. */
  readonly pairReport = $derived.by(() => this.#lab.run.parts.coming ?? this.#lab.run.report);

  /** The list, or nothing but zeros where it belongs to other responses. */
  #fit(list: Float32Array): Float32Array {
    return list.length === this.responses.length ? list : new Float32Array(this.responses.length);
  }

  letterOf(id: number): 'A' | 'B' | null {
    const { weighing } = this;
    return weighing?.a.id === id ? 'A' : weighing?.b.id === id ? 'B' : null;
  }
}

export const [getReading, setReading] = createContext<Reading>();
