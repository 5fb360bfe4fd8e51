/** The constitution as the visitor writes it, and all that was done to it. */
import type { History } from './history.ts';
import { begin, edit, redo, seal, undo } from './history.ts';
import type { Principles } from './principles.ts';
import { constitutionOf, keyOf, weighed, without, withPhrases } from './principles.ts';

export class Law {
  #history = $state.raw<History<Principles>>(begin<Principles>([]));
  readonly #changed: () => void;

  readonly principles: Principles = $derived.by(() => this.#history.now);
  readonly canUndo: boolean = $derived.by(() => this.#history.past.length > 0);
  readonly canRedo: boolean = $derived.by(() => this.#history.future.length > 0);
  /** What the engine is asked by. */
  readonly constitution = $derived(constitutionOf(this.principles));
  readonly key: string = $derived(keyOf(this.constitution));

  /** `changed` is called whenever the engine would be asked by something else. */
  constructor(principles: Principles, changed: () => void) {
    this.#history = begin(principles);
    this.#changed = changed;
  }

  add(text: string): void {
    this.replace(withPhrases(this.principles, text));
  }

  /** Another constitution, in one step. */
  become(text: string): void {
    this.replace(withPhrases([], text));
  }

  remove(place: number): void {
    this.replace(without(this.principles, place));
  }

  weigh(place: number, weight: number): void {
    this.replace(weighed(this.principles, place, weight), `weight ${place}`);
  }

  /** The slider was let go: the next pull is undone on its own. */
  letGo(): void {
    this.#history = seal(this.#history);
  }

  undo(): void {
    this.#travel(undo(this.#history));
  }

  redo(): void {
    this.#travel(redo(this.#history));
  }

  /** Other principles as a step of its own, or as part of the same gesture. */
  replace(principles: Principles, gesture: string | null = null): void {
    if (principles === this.principles) return;
    this.#travel(edit(this.#history, principles, gesture));
  }

  #travel(history: History<Principles>): void {
    if (history === this.#history) return;
    const before = this.key;
    this.#history = history;
    if (this.key !== before) this.#changed();
  }
}
