/** Parts that are made one after the other, each in a turn of its own, so that none keeps the page from drawing. */
import { onMount } from 'svelte';
import { turn } from '../state/turn.ts';

export class Turns {
  /** How many parts are made. */
  made = $state(0);

  /** To be called while a component is made; `before` says what a part waits for besides, `after` is called at the end. */
  constructor(parts: number, before?: (part: number) => Promise<void> | undefined, after?: () => void) {
    onMount(() => {
      let gone = false;
      const make = async () => {
        while (this.made < parts) {
          await before?.(this.made);
          await turn();
          if (gone) return;
          this.made++;
        }
        after?.();
      };
      void make();
      return () => (gone = true);
    });
  }
}
