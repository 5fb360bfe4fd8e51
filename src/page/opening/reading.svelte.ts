/** What several figures say about the same response and the same pair, derived once. */
import { createContext } from 'svelte';
import type { Moving } from '../../figures/cloud/layout.ts';
import type { Morph } from '../../state/glide.svelte.ts';
import type { Lab } from '../../state/lab.svelte.ts';
import { firstToRead } from './first.ts';
import { namesIn } from '../../figures/ui/text.ts';
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
  /** Scores, and changes of log π, one a response. */
  readonly scoring: Moving = this.#moving(() => this.#lab.scores);
  readonly change: Moving = this.#moving(() => this.#lab.run.change);
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

  /**
   * Numbers as they are drawn, now and at rest, each on its own: what only depends on scores stands still while training
   * moves the rest.
   */
  #moving(of: () => Morph): Moving {
    const now = $derived(this.#fit(of().now));
    const rest = $derived(this.#fit(of().target));
    return {
      get now() {
        return now;
      },
      get rest() {
        return rest;
      },
    };
  }

  /** The list, or nothing but zeros where it belongs to other responses. */
  #fit(list: Float32Array): Float32Array {
    return list.length === this.responses.length ? list : new Float32Array(this.responses.length);
  }
}

export const [getReading, setReading] = createContext<Reading>();
