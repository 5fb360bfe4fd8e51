/** The constitution as the visitor writes it, and all that was done to it. */
import type { Reading } from '../world/constitution/constitution.ts';
import type { History } from './history.ts';
import { begin, edit, redo, seal, undo } from './history.ts';
import type { Principles } from './principles.ts';
import { constitutionOf, instead, keyOf, weighed, without, withText } from './principles.ts';

export class Law {
  #history = $state.raw<History<Principles>>(begin<Principles>([]));
  readonly #changed: () => void;

  readonly principles: Principles = $derived.by(() => this.#history.now);
  readonly canUndo: boolean = $derived.by(() => this.#history.past.length > 0);
  readonly canRedo: boolean = $derived.by(() => this.#history.future.length > 0);
  /** Whether something is written, with a weight, and nothing of it is understood: that is not to ask without a principle. */
  readonly unread: boolean = $derived.by(
    () => this.constitution.principles.length === 0 && this.principles.some(({ weight }) => weight > 0),
  );
  /** What the engine is asked by. */
  readonly constitution = $derived(constitutionOf(this.principles));
  readonly key: string = $derived(keyOf(this.constitution));

  /** `changed` is called whenever the engine would be asked by something else. */
  constructor(principles: Principles, changed: () => void) {
    this.#history = begin(principles);
    this.#changed = changed;
  }

  /** Adds what a text asks for; returns the parts of it that are asked back. */
  add(text: string): readonly Reading[] {
    const { principles, back } = withText(this.principles, text);
    this.replace(principles);
    return back;
  }

  /** Another constitution, in one step. */
  become(text: string): void {
    this.replace(withText([], text).principles);
  }

  remove(place: number): void {
    this.replace(without(this.principles, place));
  }

  /** Another phrase in the place of one that was not understood. */
  instead(place: number, phrase: string): void {
    this.replace(instead(this.principles, place, phrase));
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
    const [key, unread] = [this.key, this.unread];
    this.#history = history;
    if (this.key !== key || this.unread !== unread) this.#changed();
  }
}
