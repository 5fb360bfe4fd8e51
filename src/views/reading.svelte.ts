/** What several figures say about the same response and the same pair, derived once. */
import { createContext } from 'svelte';
import type { Lab } from '../state/lab.svelte.ts';
import type { Weighing } from './balance/pair.ts';
import { weighingOf } from './balance/pair.ts';
import { firstToRead } from './cloud/reading.ts';
import { namesIn } from './text.ts';

export class Reading {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  readonly responses = $derived.by(() => this.#lab.cloud.result?.responses ?? []);
  readonly names: ReadonlySet<string> = $derived.by(() => namesIn(this.responses));
  /** Scores that belong to the cloud as it stands; null before the first verdict. */
  readonly scores: Float32Array | null = $derived.by(() => {
    const { judged, scores } = this.#lab;
    return judged && scores.target.length === this.responses.length ? scores.target : null;
  });
  /** The response in the slot: under the pointer, chosen, or one worth reading. */
  readonly id: number | null = $derived.by(() => {
    const { current } = this.#lab.selection;
    if (current !== null && current < this.responses.length) return current;
    return this.responses.length === 0 ? null : firstToRead(this.responses, this.scores ?? new Float32Array(this.responses.length));
  });
  readonly weighing: Weighing | null = $derived.by(() => {
    const { run, empty } = this.#lab;
    if (empty && run.report === null) return null;
    return weighingOf(run.coming ?? run.report, this.id, this.responses, this.scores);
  });

  letterOf(id: number): 'A' | 'B' | null {
    const { weighing } = this;
    return weighing?.a.id === id ? 'A' : weighing?.b.id === id ? 'B' : null;
  }
}

export const [getReading, setReading] = createContext<Reading>();
