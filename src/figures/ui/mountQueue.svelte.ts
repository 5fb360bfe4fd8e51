/** Parts that are made one after the other, each in a turn of its own, so that none keeps the page from drawing. */
import { getContext, onMount, setContext } from 'svelte';
import { yieldToBrowser } from './yieldToBrowser.ts';

const AROUND = Symbol('the turns that a component is made in');

interface Waits {
  /** What a part waits for besides those before it. */
  before?: (part: number) => Promise<void> | undefined;
  /** Called at the end. */
  after?: () => void;
  /** What stands around these parts is whole without them once this has settled. */
  until?: Promise<void>;
}

export class MountQueue {
  /** How many parts are made. */
  made = $state(0);
  /** Settle when the parts that are made in turns of their own are whole. */
  #inner: Promise<void>[] = [];

  /**
   * To be called while a component is made. A part begins when those before it are whole, and with them what they make
   * in turns of their own.
   */
  constructor(parts: number, { before, after, until }: Waits = {}) {
    const around = getContext<MountQueue | undefined>(AROUND);
    setContext(AROUND, this);
    onMount(() => {
      let gone = false;
      const make = async () => {
        while (this.made < parts) {
          await before?.(this.made);
          await this.#whole();
          if (gone) return;
          this.made++;
        }
        await this.#whole();
        if (!gone) after?.();
      };
      const made = make();
      if (around) around.#inner.push(until ? Promise.race([made, until]) : made);
      return () => (gone = true);
    });
  }

  async #whole(): Promise<void> {
    await yieldToBrowser();
    await Promise.all(this.#inner.splice(0));
  }
}
