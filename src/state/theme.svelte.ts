/** Light, dark, or as the system has it. */
import { keep, recall } from './storage.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];

const STORE = 'theme';

export class Theme {
  choice = $state<ThemeChoice>('auto');
  /** Counts changes of what is in force, the system's too: canvases read it to know when to mix colours anew. */
  version = $state(0);

  constructor() {
    this.#apply(stored());
    for (const query of [
      '(prefers-color-scheme: dark)',
      '(forced-colors: active)',
      '(prefers-contrast: more)',
    ]) {
      matchMedia(query).addEventListener('change', () => this.version++);
    }
  }

  next(): void {
    this.#apply(THEMES[(THEMES.indexOf(this.choice) + 1) % THEMES.length]);
    keep('localStorage', STORE, this.choice); // where nothing is kept, the choice holds for this visit
  }

  #apply(choice: ThemeChoice): void {
    this.choice = choice;
    if (choice === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    this.version++;
  }
}

function stored(): ThemeChoice {
  return recall('localStorage', STORE, (text) => THEMES.find((one) => one === text)) ?? 'auto';
}
