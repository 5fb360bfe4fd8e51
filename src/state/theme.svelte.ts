/** Light, dark, or as the system has it. */
import * as v from 'valibot';
import { keep, recall } from './storage.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];

const STORE = 'theme';

export class Theme {
  choice = $state<ThemeChoice>('auto');

  constructor() {
    this.#apply(stored());
  }

  next(): void {
    this.#apply(THEMES[(THEMES.indexOf(this.choice) + 1) % THEMES.length]);
    keep('localStorage', STORE, this.choice); // where nothing is kept, the choice holds for this visit
  }

  #apply(choice: ThemeChoice): void {
    this.choice = choice;
    if (choice === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
  }
}

function stored(): ThemeChoice {
  return recall('localStorage', STORE, v.picklist(THEMES), (text) => text) ?? 'auto';
}
